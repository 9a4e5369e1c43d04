"""pytest's configuration in a file, whatever its form; pure.

pytest.ini [pytest]   tox.ini [pytest]   setup.cfg [tool:pytest]        ──>  {"addopts": "-q", …}
pyproject.toml [tool.pytest.ini_options], [tool.pytest]   pytest.toml [pytest]
"""

import configparser
import posixpath
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reports.source.snapshots import CONFTEST, SETTINGS_FILES, Snapshot

UNREADABLE = "(cannot be read)"


@dataclass(frozen=True, slots=True)
class SettingsChange:
    """A file of pytest's configuration that changed; ``keys`` are its settings, or the definitions of a
    conftest.py."""

    path: str
    keys: tuple[str, ...]


def changed_settings(before: Snapshot, after: Snapshot) -> list[SettingsChange]:
    """What of pytest's configuration differs between two commits, by path, as far as both were read."""
    paths = {path for each in (before, after) for path in each.texts if _configures(path)}
    found = [_change(before, after, path) for path in sorted(paths)]
    return [change for change in found if change.keys]


def pytest_settings(path: str, text: str) -> Mapping[str, Any]:
    """The settings of pytest that a file holds, by key; of a file that cannot be parsed that it is so."""
    name = posixpath.basename(path)
    try:
        return _of_toml(name, text) if name.endswith(".toml") else _of_ini(name, text)
    except (configparser.Error, ValueError, AttributeError, RecursionError):
        # ValueError: also TOML's integers of too many digits. AttributeError: configparser's own fault, where
        # a line goes on what has no value.
        return {UNREADABLE: text}


def _of_toml(name: str, text: str) -> Mapping[str, Any]:
    document = tomllib.loads(text)
    tool = document.get("tool", {}) if name == "pyproject.toml" else document
    table = tool.get("pytest", {}) if isinstance(tool, dict) else {}
    options = table.pop("ini_options", {}) if isinstance(table, dict) else {}
    if not (isinstance(table, dict) and isinstance(options, dict)):
        return {UNREADABLE: text}
    return {**table, **options}


def _of_ini(name: str, text: str) -> Mapping[str, Any]:
    parser = configparser.RawConfigParser(strict=False, allow_no_value=True)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # their case counts
    parser.read_string(text)
    section = "tool:pytest" if name == "setup.cfg" else "pytest"
    return dict(parser[section]) if parser.has_section(section) else {}


def _configures(path: str) -> bool:
    return posixpath.basename(path) in SETTINGS_FILES | {CONFTEST}


def _change(before: Snapshot, after: Snapshot, path: str) -> SettingsChange:
    one, other = _settings(before, path), _settings(after, path)
    keys = (key for key in sorted(one | other) if one.get(key) != other.get(key))
    return SettingsChange(path, tuple(keys))


def _settings(snapshot: Snapshot, path: str) -> dict[str, Any]:
    if posixpath.basename(path) in SETTINGS_FILES and path in snapshot.texts:
        return dict(pytest_settings(path, snapshot.texts[path]))
    return _functions(snapshot, path) if posixpath.basename(path) == CONFTEST else {}


def _functions(snapshot: Snapshot, path: str) -> dict[str, Any]:
    """The definitions of a conftest.py, each with what tells it from another; its other code as one."""
    module = snapshot.module(path)
    if module is None:
        return {"(whole)": snapshot.texts.get(path)} if snapshot.has(path) else {}
    named = {name: each.fingerprint for name, each in module.definitions.items()}
    other = {"(other code)": (module.rest_fingerprint, module.imports)}
    return named | other if module.rest or module.imports else named

"""Which commands make a project's environment when its settings give none; pure.

uv.lock                      uv sync --frozen
requirements*.txt            uv pip install -r …
[build-system], setup.py     uv pip install -e .[test,…] --group dev …
"""

import re
import tomllib
from collections.abc import Collection
from typing import Any

TEST_NAMES = frozenset({"test", "tests", "testing", "dev"})
REQUIREMENTS = re.compile(r"requirements[\w.-]*\.txt")


def detected(files: Collection[str], pyproject: str) -> list[tuple[str, ...]]:
    """``files`` are the names in the project's folder, ``pyproject`` the text of pyproject.toml."""
    table = _parsed(pyproject)
    extras = _wanted(table.get("project", {}).get("optional-dependencies", {}))
    groups = _wanted(table.get("dependency-groups", {}))
    if "uv.lock" in files:
        options = [word for name in extras for word in ("--extra", name)]
        options += [word for name in groups for word in ("--group", name)]
        return [("uv", "sync", "--frozen", "--active", "--inexact", *options)]
    requirements = sorted(name for name in files if REQUIREMENTS.fullmatch(name))
    commands: list[tuple[str, ...]] = []
    if requirements:
        named = [word for name in requirements for word in ("-r", f"./{name}")]
        commands.append(("uv", "pip", "install", *named))
    # A flat application often has a [project] table without being a package that can be built.
    package = "build-system" in table or "setup.py" in files
    if package or (not requirements and ("project" in table or "setup.cfg" in files)):
        project = f".[{','.join(extras)}]" if extras else "."
        options = [word for name in groups for word in ("--group", name)]
        commands.append(("uv", "pip", "install", "--editable", project, *options))
    elif groups:
        commands.append(("uv", "pip", "install", *(word for name in groups for word in ("--group", name))))
    return commands


def _parsed(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return {}  # uv will say what is wrong with it


def _wanted(names: object) -> list[str]:
    return sorted(TEST_NAMES & set(names)) if isinstance(names, dict) else []

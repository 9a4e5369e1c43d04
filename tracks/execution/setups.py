"""Which commands make a project's environment when its settings give none; pure.

uv.lock                      uv sync --frozen
poetry.lock, pdm.lock        uv pip install --require-hashes …   at the lock's versions: see lockfiles.py
requirements*.txt            uv pip install -r … [-c constraints.txt]
[build-system], setup.py     uv pip install -e .[test,…] --group dev …
[tool.poetry], [tool.pdm]    uv pip install -r …                what they note for development, without a lock
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from tracks.execution import lockfiles
from tracks.execution.lockfiles import TEST_NAMES
from tracks.execution.tables import parsed, table

REQUIREMENTS = re.compile(r"requirements[\w.-]*\.txt")
LOCKS = {"poetry.lock": lockfiles.poetry, "pdm.lock": lockfiles.pdm}

Command = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Setup:
    commands: list[Command]
    files: dict[str, str] = field(default_factory=dict)
    """Name -> text, to be written into the folder that the commands name."""


def detected(names: Collection[str], texts: Mapping[str, str], *, python: str, folder: str) -> Setup:
    """``names`` are those of the files in the project's folder, ``texts`` what is in pyproject.toml and the
    lock files; ``folder`` is where the commands find the files that the set-up brings."""
    pyproject = parsed(texts.get("pyproject.toml", ""))
    if "uv.lock" in names:
        return Setup([_sync(pyproject)])
    for lock, read in LOCKS.items():
        if lock in names:
            return _locked(pyproject, read(pyproject, texts.get(lock, ""), python), folder)
    wanted = lockfiles.unlocked(pyproject, python)
    named: list[Command] = (
        [("uv", "pip", "install", "--requirements", f"{folder}/wanted.txt")] if wanted else []
    )
    return Setup([*_unlocked(names, pyproject), *named], {"wanted.txt": wanted})


def _sync(pyproject: dict[str, Any]) -> Command:
    options = _options("--extra", table(pyproject, "project", "optional-dependencies"))
    options += _options("--group", table(pyproject, "dependency-groups"))
    return ("uv", "sync", "--frozen", "--active", "--inexact", *options)


def _locked(pyproject: dict[str, Any], pins: lockfiles.Pins, folder: str) -> Setup:
    named = ("--requirements", f"{folder}/wanted.txt", "--constraints", f"{folder}/locked.txt")
    # The lock has chosen the versions, early ones too.
    strict = ("--require-hashes",) if pins.hashed else ()
    commands: list[Command] = []
    if pins.wanted:
        commands.append(("uv", "pip", "install", "--prerelease", "allow", *strict, *named))
    if _is_package(pyproject):
        commands.append(("uv", "pip", "install", "--no-deps", "--editable", "."))
    return Setup(commands, {"wanted.txt": pins.wanted, "locked.txt": pins.constraints})


def _is_package(pyproject: dict[str, Any]) -> bool:
    left_out = (
        table(pyproject, "tool", "poetry").get("package-mode") is False
        or table(pyproject, "tool", "pdm").get("distribution") is False
    )
    return "build-system" in pyproject and not left_out


def _unlocked(names: Collection[str], pyproject: dict[str, Any]) -> list[Command]:
    extras = sorted(TEST_NAMES & table(pyproject, "project", "optional-dependencies").keys())
    groups = _options("--group", table(pyproject, "dependency-groups"))
    requirements = sorted(name for name in names if REQUIREMENTS.fullmatch(name))
    commands: list[Command] = []
    if requirements:
        named = [word for name in requirements for word in ("-r", f"./{name}")]
        constraints = ["-c", "./constraints.txt"] if "constraints.txt" in names else []
        commands.append(("uv", "pip", "install", *named, *constraints))
    # A flat application often has a [project] table without being a package that can be built.
    package = "build-system" in pyproject or "setup.py" in names
    if package or (not requirements and ("project" in pyproject or "setup.cfg" in names)):
        project = f".[{','.join(extras)}]" if extras else "."
        commands.append(("uv", "pip", "install", "--editable", project, *groups))
    elif groups:
        commands.append(("uv", "pip", "install", *groups))
    return commands


def _options(option: str, names: dict[str, Any]) -> list[str]:
    return [word for name in sorted(TEST_NAMES & names.keys()) for word in (option, name)]

"""Which Python a project asks for, and which of those installed suits it; pure.

    .python-version   3.11 | 3.11.7 | cpython-3.11     of the project's folder, else of the repository
    pyproject.toml    [project] requires-python, [tool.poetry.dependencies] python = "^3.9"
    setup.cfg         [options] python_requires

The first that says something counts. A patch version in .python-version is a wish: another patch of
the same minor version will do.
"""

import configparser
import re
from collections.abc import Sequence
from dataclasses import dataclass

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import Version

from tracks.errors import SubjectError
from tracks.execution.tables import table

NAMED = re.compile(r"(?:cpython[-@]?|python-?)?(3\.\d+)(\.\d+)?")


@dataclass(frozen=True, slots=True)
class Asked:
    """``where`` says it, in words of its own: ``text``."""

    where: str
    text: str
    specifiers: SpecifierSet
    wish: str = ""
    """The exact version, where one is named."""

    def __str__(self) -> str:
        return f"{self.text} ({self.where})"


def asked(python_version: str, pyproject: dict[str, object], setup_cfg: str) -> Asked | None:
    """From the texts of .python-version and setup.cfg ("" = there is none) and the parsed pyproject.toml."""
    if found := _of_version_file(python_version):
        return found
    said = {
        "requires-python": table(pyproject, "project").get("requires-python"),
        "[tool.poetry.dependencies] python": table(pyproject, "tool", "poetry", "dependencies").get("python"),
        "python_requires": _of_setup_cfg(setup_cfg),
    }
    for where, text in said.items():
        if isinstance(text, str) and text.strip():
            return Asked(where, text.strip(), _parsed(where, text))
    return None


def _of_version_file(text: str) -> Asked | None:
    lines = [line.partition("#")[0].strip() for line in text.splitlines()]
    named = next((line for line in lines if line and line != "system"), "")
    if not named:
        return None
    match = NAMED.fullmatch(named)
    if not match:
        raise SubjectError(
            f".python-version asks for {named[:80]!r}, which is no version of CPython 3.",
            remedy="Name one such as 3.11, or name the interpreter in the project's settings.",
        )
    minor, patch = match.groups()
    return Asked(".python-version", named, SpecifierSet(f"=={minor}.*"), f"{minor}{patch}" if patch else "")


def _of_setup_cfg(text: str) -> str:
    parser = configparser.RawConfigParser()
    try:
        parser.read_string(text)
    except configparser.Error:
        return ""  # the installer will say what is wrong with it
    return parser.get("options", "python_requires", fallback="")


def _parsed(where: str, text: str) -> SpecifierSet:
    try:
        return specifiers(text)
    except InvalidSpecifier:
        raise SubjectError(
            f"{where} is no version specifier: {text[:80]!r}.", remedy="Write it as in >=3.10,<4."
        ) from None


def specifiers(text: str) -> SpecifierSet:
    """PEP 440's, and Poetry's own ^3.9, ~3.9, 3.9 and 3.*; raises InvalidSpecifier."""
    parts = [part for part in re.split(r"\s*,\s*|\s+(?=[<>=!~^])", text.strip()) if part]
    return SpecifierSet(",".join(_pep_440(part.replace(" ", "")) for part in parts))


def _pep_440(part: str) -> str:
    if part == "*":
        return ""
    match = re.fullmatch(r"(\^|~|)(\d+(?:\.\d+)*)", part)
    if not match:
        return part if re.match(r"[<>=!~]", part) else f"=={part}"
    sign, version = match.groups()
    numbers = [int(number) for number in version.split(".")]
    if not sign:
        return f"=={version}" if len(numbers) > 2 else f"=={version}.*"
    # ^ holds the first number that is not 0, ~ the first two.
    first = next((place for place, number in enumerate(numbers) if number), len(numbers) - 1)
    kept = first + 1 if sign == "^" else min(len(numbers), 2)
    above = [*numbers[: kept - 1], numbers[kept - 1] + 1]
    return f">={version},<{'.'.join(map(str, above))}"


def chosen(wanted: Asked | None, own: str, installed: Sequence[str]) -> str:
    """One of the ``installed`` versions: the wished one, the worker's ``own`` if it fits, else the newest."""
    if wanted is None:
        return own
    fitting = [version for version in installed if wanted.specifiers.contains(version, prereleases=True)]
    if not fitting:
        there = ", ".join(sorted(installed, key=Version))
        raise SubjectError(
            f"No Python on this worker suits the project, which asks for {wanted}. Installed: {there}.",
            remedy="Install one on the worker (3.9 or newer), or correct what the project asks for.",
        )
    if wanted.wish in fitting:
        return wanted.wish
    return own if own in fitting else max(fitting, key=Version)

"""What a check looks at, and what it expects there; pure.

    EXIT_CODE  OUTPUT_MATCHES  OUTPUT_LACKS  NUMBER    what a shell line prints and ends with, after the tests
    EXISTS  NOT_EMPTY  CONTAINS  LINES  NO_LINE  NO_SECRETS  FILES
                                                       files as they were committed, before the tests

``FIELDS`` says which fields a kind uses; the others keep their defaults.
"""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from tracks import globs, patterns
from tracks.errors import InvalidInput

COMMAND_CHARACTERS = 2000
PATH_CHARACTERS = 500
SECONDS = (1, 600)


class CheckKind(StrEnum):
    EXIT_CODE = "exit code"
    OUTPUT_MATCHES = "output matches"
    OUTPUT_LACKS = "output does not match"
    NUMBER = "number in the output"
    EXISTS = "file exists"
    NOT_EMPTY = "not empty"
    CONTAINS = "contains a pattern"
    LINES = "count of lines"
    NO_LINE = "no line matches"
    NO_SECRETS = "no secrets"
    FILES = "folder holds files"


class Bound(StrEnum):
    AT_LEAST = "≥"
    AT_MOST = "≤"
    EQUAL = "="

    def holds(self, value: float, bound: float) -> bool:
        match self:
            case Bound.AT_LEAST:
                return value >= bound
            case Bound.AT_MOST:
                return value <= bound
            case Bound.EQUAL:
                return value == bound


_COMMAND = ("command", "seconds")
FIELDS: dict[CheckKind, tuple[str, ...]] = {
    CheckKind.EXIT_CODE: (*_COMMAND, "exit_code"),
    CheckKind.OUTPUT_MATCHES: (*_COMMAND, "pattern"),
    CheckKind.OUTPUT_LACKS: (*_COMMAND, "pattern"),
    CheckKind.NUMBER: (*_COMMAND, "pattern", "operator", "bound"),
    CheckKind.EXISTS: ("path",),
    CheckKind.NOT_EMPTY: ("path",),
    CheckKind.CONTAINS: ("path", "pattern"),
    CheckKind.LINES: ("path", "pattern", "operator", "bound"),
    CheckKind.NO_LINE: ("path", "pattern"),
    CheckKind.NO_SECRETS: ("path",),
    CheckKind.FILES: ("path", "glob", "operator", "bound"),
}


@dataclass(frozen=True, slots=True)
class CheckDefinition:
    """Raises InvalidInput, naming the field, for a field that its kind needs and that is not usable."""

    kind: CheckKind
    command: str = ""
    """A shell line of a tester; it is run in the sandbox only."""
    path: str = ""
    """A file, a folder or a glob for files, from the folder in which the commands run."""
    pattern: str = ""
    glob: str = ""
    """A glob for the files in the folder ``path``."""
    operator: Bound = Bound.AT_LEAST
    bound: float = 1
    exit_code: int = 0
    seconds: int = 60

    def __post_init__(self) -> None:
        for field in FIELDS[self.kind]:
            if reason := _refusal(self, field):
                raise InvalidInput(reason, field=field)

    @property
    def uses_command(self) -> bool:
        return "command" in FIELDS[self.kind]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "CheckDefinition":
        known = dict(data)
        return cls(**known | {"kind": CheckKind(known["kind"]), "operator": Bound(known["operator"])})

    def in_words(self) -> str:
        where = self.command if self.uses_command else self.path
        compared = f"{self.operator} {self.bound:g}"
        asked = {
            CheckKind.EXIT_CODE: f"ends with exit code {self.exit_code}",
            CheckKind.OUTPUT_MATCHES: f"prints /{self.pattern}/",
            CheckKind.OUTPUT_LACKS: f"does not print /{self.pattern}/",
            CheckKind.NUMBER: f"prints /{self.pattern}/ {compared}",
            CheckKind.EXISTS: "exists",
            CheckKind.NOT_EMPTY: "is not empty",
            CheckKind.CONTAINS: f"contains /{self.pattern}/",
            CheckKind.LINES: f"lines with /{self.pattern}/ {compared}",
            CheckKind.NO_LINE: f"has no line with /{self.pattern}/",
            CheckKind.NO_SECRETS: "holds no keys, tokens or private keys",
            CheckKind.FILES: f"holds {self.glob} {compared}",
        }[self.kind]
        when = "after the tests" if self.uses_command else "before the tests"
        return f"{when}, {where}: {asked}"


@dataclass(frozen=True, slots=True)
class Check:
    """A check of a run; ``criterion`` is the key that its result is stored by."""

    criterion: int
    definition: CheckDefinition


def _refusal(check: CheckDefinition, field: str) -> str:
    """Why the field cannot be used; empty where it can."""
    value = getattr(check, field)
    match field:
        case "command":
            return _text_refusal(value, COMMAND_CHARACTERS)
        case "path" if check.kind is CheckKind.FILES and globs.is_glob(value):
            return "Name one folder: what the files in it are called is a field of its own."
        case "path" | "glob":
            inside = not value.startswith("/") and ".." not in value.split("/")
            return _text_refusal(value, PATH_CHARACTERS) or (
                "" if inside else "Name it from the folder in which the commands run, without '..'."
            )
        case "pattern":
            return _pattern_refusal(check)
        case "seconds":
            return "" if SECONDS[0] <= value <= SECONDS[1] else "A check may take from 1 to 600 seconds."
        case "bound":
            return "" if math.isfinite(value) and abs(value) <= 1e12 else "This is no number to compare with."
        case "exit_code":
            return "" if 0 <= value <= 255 else "An exit code is a number from 0 to 255."
    return ""


def _text_refusal(text: str, limit: int) -> str:
    if not text.strip():
        return "This is needed."
    if "\0" in text:
        return "It holds a character that no program takes."
    return f"{len(text)} characters are too long; at most {limit} are taken." if len(text) > limit else ""


def _pattern_refusal(check: CheckDefinition) -> str:
    if not check.pattern:
        return "This is needed."
    if "\n" in check.pattern or r"\n" in check.pattern:
        return "It is looked for line by line: it cannot hold the end of a line."
    if reason := patterns.refusal(check.pattern):
        return f"It cannot be used as a regular expression: {reason}"
    if check.kind is CheckKind.NUMBER and patterns.compiled(check.pattern).groups != 1:
        return r"Put one group around the number, as in: total +(\d+)%"
    return ""

"""Reads the text that pytest prints for a broken test, in each of its styles.

    lib.py:3: in low                       short: the frame, then its source
        raise KeyError("id")
    E   KeyError: 'id'                     the exception, in all styles but native

    The above exception was the direct cause of the following exception:

    def test_cause():                      long: the source, then the frame (or "line", with the
    >       mid()                          exception's name behind it)
    E       lib.Boom: no id
    lib.py:6: Boom

    + Exception Group Traceback …          native: as Python prints it; groups always are
    |   File "lib.py", line 8, in high

A text is a chain of sections, the last one is what the test ended with. Reading never fails and
looks at each line once; whatever is not understood is skipped.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tracks.terminal import without_codes

LINE_LIMIT = 2000
"""Characters of a line that are looked at."""

_FOREIGN = re.compile(r"(?:\.\.)?/|<|[A-Za-z]:|(?:.*/)?(?:site-packages|dist-packages|lib/python\d[\d.]*)/")
_JUNIT_PREFIX = re.compile(r'failed on (?:setup|teardown) with "')
_CAUSE = "The above exception was the direct cause of the following exception:"
_CONTEXT = "During handling of the above exception, another exception occurred:"

_LOCATION = re.compile(
    r"(?P<path>(?:[A-Za-z]:[\\/])?[^\s:][^:]*):\d+:(?: in (?P<function>.+)| ?(?P<exception>[\w.]*))"
)
_NATIVE = re.compile(r'\s*File "(?P<path>[^"]+)", line \d+(?:, in (?P<function>.+))?')
_DEFINITION = re.compile(r">?\s*(?:async )?def (?P<function>\w+)")
_EXCEPTION = re.compile(r"(?P<name>(?:\w+\.)+\w+|_*[A-Z]\w*)(?::\s*(?P<message>.*))?")
_STRICT_XPASS = re.compile(r"\[(?P<name>XPASS\(strict\))\]\s*(?P<message>.*)")

_BARE = re.compile(r"[\w.]*(?:Error|Exception|Warning|Exit)(?::|$)|\[XPASS\(strict\)\]")
"""A line that names an exception even where nothing around it looks like a traceback."""

_GROUP_MARGIN = re.compile(r"\s*\| ?")
_GROUP_MEMBER = re.compile(r"\s*\+[-+]+ (?P<number>\d+|\.\.\.) -+")
_GROUP_END = re.compile(r"\s*\+-+")


class Frame(NamedTuple):
    """Where a call stood; ``path`` is as printed, ``function`` may be empty."""

    path: str
    function: str


@dataclass(frozen=True, slots=True)
class Raised:
    """One exception of a chain: its name as printed, the first line of what it says, its frames
    from the outermost to the deepest. A name that is not printed is empty."""

    exception: str
    message: str
    frames: tuple[Frame, ...] = ()


def read_chain(text: str) -> tuple[Raised, ...]:
    """The exceptions that led to the last one as its explicit causes, root first; never empty.

    What was merely being handled when another exception came up is left out. Of an exception group
    the first member counts as the cause.
    """
    lines = [line[:LINE_LIMIT] for line in without_codes(text).splitlines()]
    start, end = _first_member(lines)
    sections = _causes(lines[start:end])
    if start:
        sections.append(lines[:start])
    return tuple(
        _read_section([_GROUP_MARGIN.sub("", line, count=1) for line in section] if start else section)
        for section in sections
    )


def read_message(message: str) -> Raised:
    """The exception that a crash message or the ``message`` of a JUnit file names."""
    plain = without_codes(message[: LINE_LIMIT * 4])
    prefix = _JUNIT_PREFIX.match(plain)
    if prefix:
        plain = plain[prefix.end() :].rstrip().removesuffix('"')
    exception, said = _read_head(plain.splitlines())
    return Raised(exception, said)


def _first_member(lines: Sequence[str]) -> tuple[int, int]:
    """The lines of the innermost first member of an exception group; all lines if there is none."""
    start, end = 0, len(lines)
    for index, line in enumerate(lines):
        member = _GROUP_MEMBER.fullmatch(line)
        if member and member["number"] == "1":
            start = index + 1
        elif start and (member or _GROUP_END.fullmatch(line)):
            return start, index
    return start, end


def _causes(lines: Sequence[str]) -> list[Sequence[str]]:
    """The sections that are tied to the last one by explicit causes, root first."""
    sections: list[Sequence[str]] = []
    begin = 0
    for index, line in enumerate(lines):
        words = line.strip(" |")
        if words == _CAUSE:
            sections.append(lines[begin:index])
            begin = index + 1
        elif words == _CONTEXT:
            sections.clear()
            begin = index + 1
    return [*sections, lines[begin:]]


def _read_section(lines: Sequence[str]) -> Raised:
    frames: list[Frame] = []
    function, located = "", ""
    for line in lines:
        native = _NATIVE.match(line.removeprefix("E"))
        location = None if line.startswith(("E ", ">", " ")) else _LOCATION.fullmatch(line)
        if native:
            frames.append(Frame(native["path"], native["function"] or ""))
        elif location:
            frames.append(Frame(location["path"], location["function"] or function))
            function, located = "", location["exception"] or located
        elif line.startswith("_ _"):
            function = ""
        elif not function and (definition := _DEFINITION.match(line.strip())):
            function = definition["function"]
    exception, message = _read_head(_exception_lines(lines))
    return Raised(exception or located, message, tuple(frames))


def _exception_lines(lines: Sequence[str]) -> Sequence[str]:
    """What follows pytest's mark "E", else what follows a native traceback's last frame."""
    marked = [line[1:] for line in lines if line.startswith("E ")]
    if marked:
        return marked
    last = max((index for index, line in enumerate(lines) if _NATIVE.match(line)), default=None)
    if last is None:
        return [line for line in lines if _BARE.match(line)]
    return [line for line in lines[last + 1 :] if not line.startswith(" ")]


def _read_head(lines: Sequence[str]) -> tuple[str, str]:
    """The exception's name and the first line of its message."""
    said = [stripped for line in lines if (stripped := line[:LINE_LIMIT].strip())]
    if not said:
        return "", ""
    if said[0].startswith('File "'):
        said = [line for line in said if _EXCEPTION.fullmatch(line)][-1:] or said
    if said[0].startswith("assert "):
        return "AssertionError", said[0]
    head = _EXCEPTION.fullmatch(said[0]) or _STRICT_XPASS.fullmatch(said[0])
    if not head:
        return "", said[0]
    return head["name"], head["message"] or (said[1] if len(said) > 1 else "")


def is_foreign(path: str) -> bool:
    """Whether a traceback's path leads out of the project: a library's, the standard library's, no file's."""
    return bool(_FOREIGN.match(path))

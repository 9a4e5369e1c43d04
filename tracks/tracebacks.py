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

A text is a chain of sections, the last one is what the test ended with. Reading never fails, and its
work grows with the text and no faster; whatever is not understood is skipped.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import dropwhile
from typing import NamedTuple

from tracks import exception_groups
from tracks.messages import LINE_LIMIT, read_example, read_head
from tracks.terminal import without_codes

_FOREIGN = re.compile(r"(?:\.\.)?/|<|[A-Za-z]:|(?:.*/)?(?:site-packages|dist-packages|lib/python\d[\d.]*)/")
_JUNIT_PREFIX = re.compile(r'failed on (?:setup|teardown) with "')

_LOCATION = re.compile(
    r"(?P<path>(?:[A-Za-z]:[\\/])?[^\s:][^:]*):\d+:(?: in (?P<function>.+)| ?(?P<exception>[\w.]*))"
)
_NATIVE = re.compile(r'\s*File "(?P<path>[^"]+)", line \d+(?:, in (?P<function>.+))?')
_DEFINITION = re.compile(r">?\s*(?:async )?def (?P<function>\w+)")

_BARE = re.compile(r"[\w.]*(?:Error|Exception|Warning|Exit)(?::|$)|\[XPASS\(strict\)\]")
"""A line that names an exception even where nothing around it looks like a traceback."""
_EXAMPLE_FAILED, _EXAMPLE_RAISED = "DocTestFailure", "UnexpectedException"
"""What pytest writes behind the place of a doctest's example; the second is no frame of what was raised."""


class Link(StrEnum):
    """How an exception led to the next one of its chain."""

    CAUSE = "cause"
    CONTEXT = "context"
    MEMBER = "member"
    END = ""


_LINKS = {
    "The above exception was the direct cause of the following exception:": Link.CAUSE,
    "During handling of the above exception, another exception occurred:": Link.CONTEXT,
}


class Frame(NamedTuple):
    """Where a call stood; ``path`` is as printed, ``function`` may be empty."""

    path: str
    function: str


@dataclass(frozen=True, slots=True)
class Raised:
    """One exception of a chain: its name as printed, what it says in one line, its frames from the
    outermost to the deepest. A name that is not printed is empty."""

    exception: str
    message: str
    frames: tuple[Frame, ...] = ()
    link: Link = Link.END


def read_chain(text: str) -> tuple[Raised, ...]:
    """The exceptions that led to the last one, root first; never empty. Of an exception group the member
    whose name comes first in the alphabet stands for all: tasks end in any order."""
    lines = [line[:LINE_LIMIT] for line in without_codes(text).splitlines()]
    return tuple(_read_lines(lines, exception_groups.DEPTH))


def read_message(message: str) -> Raised:
    """The exception that a crash message or the ``message`` of a JUnit file names."""
    plain = without_codes(message[: LINE_LIMIT * 4])
    prefix = _JUNIT_PREFIX.match(plain)
    if prefix:
        plain = plain[prefix.end() :].rstrip().removesuffix('"')
    exception, said = read_head(plain.splitlines())
    return Raised(exception, said)


def _read_lines(lines: Sequence[str], depth: int) -> list[Raised]:
    chain: list[Raised] = []
    for section, link in _linked(lines):
        read = _read_group(section, depth)
        chain += [*read[:-1], replace(read[-1], link=link)]
    return chain


def _linked(lines: Sequence[str]) -> Iterator[tuple[Sequence[str], Link]]:
    """The sections of a text, each with how it led to the next."""
    begin = 0
    for index, line in enumerate(lines):
        if link := _LINKS.get(line.strip()):
            yield lines[begin:index], link
            begin = index + 1
    yield lines[begin:], Link.END


def _read_group(lines: Sequence[str], depth: int) -> list[Raised]:
    """One exception; what a member of it says comes before, where it is a group."""
    own, members = exception_groups.split_group(lines)
    if not members or not depth:
        return [_read_section(own, in_group=depth < exception_groups.DEPTH)]
    chains = [_read_lines(member, depth - 1) for member in members]
    chosen = min(chains, key=lambda chain: (not chain[0].exception, chain[0].exception))
    return [*chosen[:-1], replace(chosen[-1], link=Link.MEMBER), _read_section(own, in_group=True)]


def _read_section(lines: Sequence[str], *, in_group: bool) -> Raised:
    frames: list[Frame] = []
    function, located = "", ""
    for line in lines:
        native = _NATIVE.match(line.removeprefix("E"))
        location = None if line.startswith(("E ", ">", " ")) else _LOCATION.fullmatch(line)
        if native:
            frames.append(Frame(native["path"], native["function"] or ""))
        elif location and location["exception"] != _EXAMPLE_RAISED:
            frames.append(Frame(location["path"], location["function"] or function))
            function, located = "", location["exception"] or located
        elif line.startswith("_ _"):
            function = ""
        elif not function and (definition := _DEFINITION.match(line.strip())):
            function = definition["function"]
    exception, message = read_head(_exception_lines(lines, in_group=in_group))
    if located == _EXAMPLE_FAILED:
        exception, message = located, read_example(lines)
    return Raised(exception or located, message, tuple(frames))


def _exception_lines(lines: Sequence[str], *, in_group: bool) -> Sequence[str]:
    """What follows pytest's mark "E", else what follows a native traceback's last frame and its source. Of
    a group nothing else is printed, and a member that was never raised has no frame."""
    marked = [line[1:] for line in lines if line.startswith("E ")]
    if marked:
        return marked
    last = max((index for index, line in enumerate(lines) if _NATIVE.match(line)), default=None)
    if last is None and in_group:
        return lines
    if last is None:
        return [line for line in lines if _BARE.match(line)]
    return list(dropwhile(lambda line: line.startswith(" "), lines[last + 1 :]))


def is_foreign(path: str) -> bool:
    """Whether a traceback's path leads out of the project: a library's, the standard library's, no file's."""
    return bool(_FOREIGN.match(path))

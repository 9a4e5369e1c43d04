"""A traceback as pytest prints it, line by line with what each line is, in frames of which foreign ones fold.

def test_price():          code     ┐
>   price("BTC")           at       │ a frame of the project
tests/test_it.py:4:        own      ┘
_ _ _ _ _ _ _ _ _         rule
…/site-packages/x.py:9:    foreign  ── folded with its neighbours: "2 frames in installed packages"
E   ValueError: BTC        error       the last frame is always shown
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from tracks.tracebacks import is_foreign
from tracks.web.logs import plain

LINE = 2000
"""Characters of a line that are shown."""

_LOCATION = re.compile(
    r"(?P<path>[^\s:>][^:]*):\d+:(?: in .+| ?[\w.]*)$|\s*File \"(?P<native>[^\"]+)\", line \d+"
)
_RULE = re.compile(r"(?:_ ){5,}_?$|[-_=]{10,}|-{3,} .+ -{3,}$")
_SEPARATOR = re.compile(r"(?:_ ){5,}_?$")


@dataclass(frozen=True, slots=True)
class Line:
    kind: str
    text: str


@dataclass(frozen=True)
class Part:
    """Some frames; ``folded`` says how many foreign ones there are, 0 for what is shown."""

    lines: list[Line]
    folded: int


def mark(text: str) -> list[Part]:
    """The text in parts. Nothing is left out: what folds can be unfolded."""
    frames = _frames([_line(line) for line in plain(text).splitlines()])
    if not frames:
        return []
    last = len(frames) - 1
    parts = []
    for foreign, group in groupby(enumerate(frames), lambda each: each[0] != last and _is_foreign(each[1])):
        members = [frame for _, frame in group]
        lines = [line for frame in members for line in frame]
        parts.append(Part(lines, len(members) if foreign else 0))
    return parts


def _line(text: str) -> Line:
    text = text if len(text) <= LINE else f"{text[:LINE]} …"
    if text.startswith("E ") or text == "E":
        return Line("error", text)
    if text.startswith(">"):
        return Line("at", text)
    if location := _LOCATION.match(text):
        path = location["path"] or location["native"]
        return Line("foreign" if is_foreign(path) else "own", text)
    return Line("rule" if _RULE.match(text) else "code", text)


def _frames(lines: Iterable[Line]) -> list[list[Line]]:
    """A frame ends with a rule (pytest's long style) or before the next location (its short style)."""
    frames: list[list[Line]] = [[]]
    for line in lines:
        begins = _is_short(line) and any(_is_short(each) for each in frames[-1])
        if begins or (frames[-1] and _SEPARATOR.match(frames[-1][-1].text)):
            frames.append([])
        frames[-1].append(line)
    return [frame for frame in frames if frame]


def _is_short(line: Line) -> bool:
    return line.kind in ("own", "foreign") and ": in " in line.text


def _is_foreign(frame: list[Line]) -> bool:
    """Whether the frame's file is not the project's own."""
    kinds = {line.kind for line in frame}
    return "foreign" in kinds and "own" not in kinds

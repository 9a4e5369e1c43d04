"""Two texts side by side, with what differs marked and what is alike folded; pure.

def price():         def price():          alike, folded where it is long
E  no price for BTC  E  no price for ETH   differs, marked on both sides
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

MOST_LINES = 1000
"""Of each text the last ones are compared. Of more than 200, difflib matches none that stands there often,
which bounds the time that a hostile text takes."""
MOST_CHARACTERS = 2000
"""Of a line."""
AROUND = 2
"""Lines around a difference that are not folded."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Lines of one text that belong together. ``folded``: they are alike and far from any difference."""

    lines: tuple[str, ...]
    differs: bool = False
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    before: tuple[Piece, ...]
    after: tuple[Piece, ...]
    left_out: int
    """Lines at the beginning of the longer text that were not compared."""

    @property
    def is_alike(self) -> bool:
        return not any(piece.differs for piece in (*self.before, *self.after))


def pair(before: str, after: str) -> Pair:
    """The texts in pieces, each side in its order."""
    all_lines = [text.splitlines() for text in (before, after)]
    one, other = ([line[:MOST_CHARACTERS] for line in lines[-MOST_LINES:]] for lines in all_lines)
    steps = SequenceMatcher(None, one, other).get_opcodes()
    return Pair(
        before=tuple(_pieces([(tag, one[start:end]) for tag, start, end, _, _ in steps])),
        after=tuple(_pieces([(tag, other[start:end]) for tag, _, _, start, end in steps])),
        left_out=max(0, *(len(lines) - MOST_LINES for lines in all_lines)),
    )


def _pieces(steps: Iterable[tuple[str, list[str]]]) -> Iterator[Piece]:
    listed = list(steps)
    for place, (tag, lines) in enumerate(listed):
        if tag == "equal":
            yield from _alike(lines, follows=place > 0, is_followed=place < len(listed) - 1)
        elif lines:
            yield Piece(tuple(lines), differs=True)


def _alike(lines: list[str], *, follows: bool, is_followed: bool) -> Iterator[Piece]:
    """Lines that both texts have: shown next to a difference, folded between."""
    head = AROUND if follows else 0
    tail = len(lines) - AROUND if is_followed else len(lines)
    if tail - head < 2:
        yield Piece(tuple(lines))
        return
    parts = ((lines[:head], False), (lines[head:tail], True), (lines[tail:], False))
    for part, folded in parts:
        if part:
            yield Piece(tuple(part), folded=folded)

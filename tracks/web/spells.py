"""A test's errors over time, branch by branch; pure.

Line(● ■KeyError ■KeyError ▲ValueError ▲ValueError)
    ──> Spell(ValueError, from retest 2, lasts)   Spell(KeyError, from initial to retest 1)    newest first
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from tracks.models import Failure
from tracks.web.history import Entry, Line


@dataclass(frozen=True, slots=True)
class Spell:
    """Runs of a branch, one after the other, in which the test broke by the same error."""

    line: Line
    failure: Failure
    first: Entry
    last: Entry
    runs: int

    @property
    def lasts(self) -> bool:
        """Whether the branch's latest run still shows it."""
        return self.last is self.line.entries[-1]


def spells(lines: Sequence[Line]) -> list[Spell]:
    """The spells of each branch in the order of the branches, newest first."""
    return [spell for line in lines for spell in reversed(_of_line(line))]


def _of_line(line: Line) -> list[Spell]:
    found = []
    for _, group in groupby(line.entries, key=_error):
        entries = list(group)
        failure = entries[0].failure
        if failure is not None:
            found.append(Spell(line, failure, entries[0], entries[-1], len(entries)))
    return found


def _error(entry: Entry) -> str:
    return entry.failure.signature.digest if entry.failure else ""

"""Between which commits each test broke, as far as the answers of a bisection tell; pure.

    commits   0 1 2 3 4 5 6 7 8     0 is the merge base, the last one the head
    test 12   .   .   ?   !   !     . not broken   ! broken with the expected error   ? says nothing
                  └───────┘         Interval(good=2, bad=6, skipped=(4,))

As with ``git bisect skip``, a commit says nothing of a test that breaks there with another error or
gives no result, and nothing at all when it cannot start. A skipped test is not a broken one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from math import log2

from reports.facts import NO_RESULT, Try

MERGE_BASE = 0
"""The index of the merge base."""


@dataclass(frozen=True, slots=True)
class Unstartable:
    """The answer of a commit at which no test could be run."""

    reason: str


Answer = Unstartable | Mapping[int, Try]
"""What a checkout showed; a test that is missing there gave no result."""


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for, and the answers so far.

    ``commits`` are SHAs, oldest first, from the merge base to the head. ``expected`` gives, by test
    number, the digest of the error at the head. ``budget`` is the highest number of checkouts.
    ``answers`` are by index of the commit, in any order. ValueError for fewer than two commits.
    """

    commits: tuple[str, ...]
    expected: Mapping[int, str]
    budget: int
    answers: Mapping[int, Answer]

    def __post_init__(self) -> None:
        if len(self.commits) < 2:
            raise ValueError("there is nothing to search between a commit and itself")

    @property
    def head(self) -> int:
        """The index of the head."""
        return len(self.commits) - 1


class Reading(Enum):
    """What a commit says of a test."""

    BROKEN = "it breaks with the expected error"
    NOT_BROKEN = "it does not break"
    OTHER_ERROR = "it breaks with another error"
    NO_RESULT = "it gives no result"
    UNSTARTABLE = "nothing could be run"


@dataclass(frozen=True, slots=True)
class Interval:
    """The test is not broken at ``good`` and broken at ``bad``; ``skipped`` in between say nothing."""

    good: int
    bad: int
    skipped: tuple[int, ...]

    @property
    def untried(self) -> tuple[int, ...]:
        return tuple(commit for commit in range(self.good + 1, self.bad) if commit not in self.skipped)

    def bits(self, commit: int) -> float:
        """What the answer of a commit strictly inside is worth, each being as likely the culprit."""
        share = (commit - self.good) / (self.bad - self.good)
        return -share * log2(share) - (1 - share) * log2(1 - share)


def read(search: Search, test: int, commit: int) -> Reading:
    """What an answered commit says of the test."""
    answer = search.answers[commit]
    if isinstance(answer, Unstartable):
        return Reading.UNSTARTABLE
    shown = answer.get(test, NO_RESULT)
    if not shown.told:
        return Reading.NO_RESULT
    if not shown.is_broken:
        return Reading.NOT_BROKEN
    return Reading.BROKEN if shown.signature == search.expected[test] else Reading.OTHER_ERROR


def holds(search: Search, test: int, end: int) -> bool:
    """Whether the test does at an answered end what the search rests on."""
    return read(search, test, end) is (Reading.NOT_BROKEN if end == MERGE_BASE else Reading.BROKEN)


def find_interval(search: Search, test: int) -> Interval:
    """Where the culprit of a test lies that holds at both ends: after ``good``, at ``bad`` at the latest."""
    readings = {commit: read(search, test, commit) for commit in sorted(search.answers)}
    bad = min(commit for commit, reading in readings.items() if reading is Reading.BROKEN)
    good = max(
        commit for commit, reading in readings.items() if reading is Reading.NOT_BROKEN and commit < bad
    )
    return Interval(good, bad, tuple(commit for commit in readings if good < commit < bad))

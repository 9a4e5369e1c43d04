"""What a bisection says of each test once it has ended; pure.

Interval(good=4, bad=5)                  ──>  COMMIT        it breaks since commit 5
Interval(good=4, bad=7, skipped=(5, 6))  ──>  RANGE         it breaks since one of 5, 6, 7, and why
passes at the head this time             ──>  NOT_AT_HEAD
breaks at the merge base                 ──>  AT_BASE
an end that could not be run             ──>  UNTOLD
"""

from dataclasses import dataclass
from enum import StrEnum

from reports.intervals import (
    MERGE_BASE,
    Interval,
    Reading,
    Search,
    Unstartable,
    find_interval,
    holds,
    read,
)


class CulpritKind(StrEnum):
    """How the search for one test ended."""

    COMMIT = "commit"
    RANGE = "range"
    NOT_AT_HEAD = "not_at_head"
    AT_BASE = "at_base"
    UNTOLD = "untold"


@dataclass(frozen=True, slots=True)
class Skipped:
    """A commit that said nothing of a test, and why."""

    sha: str
    reason: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Which commit broke a test: one, or those that it may be, oldest first; none if not searched.

    ``skipped`` are the commits among them that said nothing.
    """

    test: int
    kind: CulpritKind
    sentence: str
    commits: tuple[str, ...] = ()
    skipped: tuple[Skipped, ...] = ()


def conclude(search: Search, test: int) -> Verdict:
    """The verdict from the answers that there are."""
    for end, name in ((search.head, "head"), (MERGE_BASE, "merge base")):
        if end not in search.answers:
            why = f"The budget of {search.budget} checkouts was spent before the {name} was tried."
            return Verdict(test, CulpritKind.UNTOLD, why)
        if not holds(search, test, end):
            return _refuse(search, test, end)
    return _name_commits(search, test, find_interval(search, test))


def _refuse(search: Search, test: int, end: int) -> Verdict:
    """The verdict on a test that does not do at one end what the search rests on."""
    reading = read(search, test, end)
    if reading in (Reading.NO_RESULT, Reading.UNSTARTABLE):
        name = "merge base" if end == MERGE_BASE else "head"
        sentence = f"It could not be told: at the {name}, {_reason(search, test, end)}."
        return Verdict(test, CulpritKind.UNTOLD, sentence)
    other = " with another error" if reading is Reading.OTHER_ERROR else ""
    if end == MERGE_BASE:
        return Verdict(test, CulpritKind.AT_BASE, f"It breaks at the merge base too{other}.")
    sentence = f"At the head it breaks{other} this time." if other else "It does not break at the head again."
    return Verdict(test, CulpritKind.NOT_AT_HEAD, sentence)


def _name_commits(search: Search, test: int, interval: Interval) -> Verdict:
    suspects = search.commits[interval.good + 1 : interval.bad + 1]
    if len(suspects) == 1:
        sentence = f"It breaks since {_short(suspects[0])}."
        return Verdict(test, CulpritKind.COMMIT, sentence, suspects)
    skipped = tuple(
        Skipped(search.commits[commit], _reason(search, test, commit)) for commit in interval.skipped
    )
    why = (
        f"the budget of {search.budget} checkouts was spent"
        if interval.untried
        else f"{len(skipped)} of them could not answer"
    )
    sentence = (
        f"It breaks since one of {len(suspects)} commits, {_short(suspects[0])} to {_short(suspects[-1])}: "
        f"{why}."
    )
    return Verdict(test, CulpritKind.RANGE, sentence, suspects, skipped)


def _reason(search: Search, test: int, commit: int) -> str:
    answer = search.answers[commit]
    reading = read(search, test, commit)
    return f"{reading.value} ({answer.reason})" if isinstance(answer, Unstartable) else reading.value


def _short(sha: str) -> str:
    return sha[:7]

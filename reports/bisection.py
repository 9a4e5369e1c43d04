"""Which commit broke each of several tests, searched together; a pure step, replayed from its answers.

    Search(commits, expected, budget, answers={})      ──>  Checkout(8, (12, 31))    the head
    … answers={8: {12: !, 31: !}}                      ──>  Checkout(0, (12, 31))    the merge base
    … answers={8: …, 0: {12: ., 31: .}}                ──>  Checkout(4, (12, 31))    the middle
    …                                                  ──>  Done(verdicts, cost)

Both ends are verified first. Then each checkout is the commit that decides most: the sum, over the
tests still searched, of the bits that its answer is worth. For one test that is the middle, or where
that was skipped the nearest to it that was not tried. Only tests whose interval holds the commit are
run there.

As with any bisection, a test is taken to break once: of several commits that break it, mended in
between, one is found.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from reports.culprits import CulpritKind, Skipped, Verdict, conclude
from reports.facts import Try
from reports.intervals import MERGE_BASE, Interval, Search, Unstartable, find_interval, holds

__all__ = [
    "Checkout",
    "Cost",
    "CulpritKind",
    "Done",
    "Search",
    "Skipped",
    "Try",
    "Unstartable",
    "Verdict",
    "next_step",
]


@dataclass(frozen=True, slots=True)
class Checkout:
    """Run these ``tests`` at ``commits[commit]``, and ask again with the answer."""

    commit: int
    tests: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Cost:
    """What was spent: ``checkouts``, and ``results`` of tests at them.

    ``exhaustive`` is how many results it would have taken to run every test at every commit.
    """

    checkouts: int
    results: int
    exhaustive: int


@dataclass(frozen=True, slots=True)
class Done:
    """One verdict for each test, by number."""

    verdicts: tuple[Verdict, ...]
    cost: Cost


def next_step(search: Search) -> Checkout | Done:
    """The checkout to make next; the verdicts once there is none, or the budget is spent."""
    if len(search.answers) < search.budget and (checkout := _next_checkout(search)):
        return checkout
    verdicts = tuple(conclude(search, test) for test in sorted(search.expected))
    return Done(verdicts, _cost(search))


def _next_checkout(search: Search) -> Checkout | None:
    tests = sorted(search.expected)
    for end in (search.head, MERGE_BASE):
        if tests and end not in search.answers:
            return Checkout(end, tuple(tests))
        tests = [test for test in tests if holds(search, test, end)]
    return _most_deciding({test: find_interval(search, test) for test in tests})


def _most_deciding(intervals: Mapping[int, Interval]) -> Checkout | None:
    """The untried commit that is worth most bits to all tests together; the oldest of equals."""
    worth: dict[int, float] = {}
    for interval, tests in Counter(intervals.values()).items():
        for commit in interval.untried:
            worth[commit] = worth.get(commit, 0.0) + tests * interval.bits(commit)
    if not worth:
        return None
    # Rounded, so that equals are equal whatever the order of the sum.
    best = max(sorted(worth), key=lambda commit: round(worth[commit], 6))
    return Checkout(best, tuple(test for test, interval in intervals.items() if best in interval.untried))


def _cost(search: Search) -> Cost:
    outcomes = [answer for answer in search.answers.values() if not isinstance(answer, Unstartable)]
    return Cost(
        checkouts=len(search.answers),
        results=sum(shown.told for answer in outcomes for shown in answer.values()),
        exhaustive=len(search.commits) * len(search.expected),
    )

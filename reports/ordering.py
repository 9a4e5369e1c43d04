"""Which tests must run before a test for it to break, as few as can be; a pure step, replayed from answers.

    predecessors  1 2 3 4 5 6 7 8        the tests that ran before it, in order
    1 2 3 4 5 6 7 8   breaks it          the whole order is confirmed first
    1 2 3 4 5         breaks it   ┐
    1 2 3 4           does not    ┘      the shortest prefix, by bisection: 5 is needed
    5                 does not           not alone: the shortest prefix that breaks it together with 5
    1 2 + 5           breaks it   ┐
    1 + 5             does not    ┘      2 is needed
    2 5               breaks it          both together do; ddmin then makes sure that neither alone does

Each test that is needed takes one bisection, so k of n tests are found in about k·(log2 n + 1) runs.
That alone could keep a test too many where tests undo each other's work. So the last word on what is
left has ddmin of Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", IEEE
Transactions on Software Engineering 28(2), 2002: of its result no single test can be left out.

A test that passes alone is taken to pass after nothing; that is not asked again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise

Tests = tuple[int, ...]
"""Test numbers in the order in which they ran."""
_Breaks = Callable[[Tests], bool]


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for, and the answers so far.

    ``predecessors`` ran before the test, in this order. ``answers`` says by the tests that were run
    directly before it whether it broke. ``budget`` is the highest number of runs; ValueError if it
    does not even allow the first.
    """

    predecessors: Tests
    budget: int
    answers: Mapping[Tests, bool]

    def __post_init__(self) -> None:
        if self.budget < 1:
            raise ValueError("an order cannot be searched without a single run")


@dataclass(frozen=True, slots=True)
class Attempt:
    """Run these tests and then the searched one, in one process, and ask again with the answer."""

    tests: Tests


@dataclass(frozen=True, slots=True)
class Breakers:
    """How the search ended: ``tests`` are the fewest known that break it when run before it.

    Not ``confirmed``: the whole order did not break it again, and there are none. ``minimal``: each
    of them is needed, none can be left out alone. ``runs`` is what it took.
    """

    confirmed: bool
    tests: Tests
    minimal: bool
    runs: int


class _UnansweredError(Exception):
    """The search needs an answer that is not there yet."""

    def __init__(self, tests: Tests) -> None:
        super().__init__(tests)
        self.tests = tests


def next_step(search: Search) -> Attempt | Breakers:
    """The run to make next, or what is known once nothing is left to ask or the budget is spent."""

    def breaks(tests: Tests) -> bool:
        if not tests:
            return False
        if tests not in search.answers:
            raise _UnansweredError(tests)
        return search.answers[tests]

    runs = len(search.answers)
    try:
        if not breaks(search.predecessors):
            return Breakers(confirmed=False, tests=(), minimal=False, runs=runs)
        fewest = _minimise(_pick(search.predecessors, breaks), breaks)
    except _UnansweredError as unanswered:
        if runs < search.budget:
            return Attempt(unanswered.tests)
        return Breakers(confirmed=True, tests=_smallest(search.answers), minimal=False, runs=runs)
    return Breakers(confirmed=True, tests=fewest, minimal=True, runs=runs)


def _pick(candidates: Tests, breaks: _Breaks) -> Tests:
    """Tests that break it together, picked from the last one needed to the first.

    ``candidates + picked`` breaks it, before and after each round.
    """
    picked: Tests = ()
    while candidates and not breaks(picked):
        length = _shortest_prefix(candidates, picked, breaks)
        picked = (candidates[length - 1], *picked)
        candidates = candidates[: length - 1]
    return picked


def _shortest_prefix(candidates: Tests, picked: Tests, breaks: _Breaks) -> int:
    """A length at which the prefix breaks it together with ``picked``, and one test less does not."""
    passing, breaking = 0, len(candidates)
    while breaking - passing > 1:
        middle = (passing + breaking) // 2
        if breaks(candidates[:middle] + picked):
            breaking = middle
        else:
            passing = middle
    return breaking


def _minimise(tests: Tests, breaks: _Breaks) -> Tests:
    """ddmin: what is left when no single test can be left out. ``tests`` together break it."""
    parts = 2
    while len(tests) > 1:
        chunks = _split(tests, parts)
        smaller = next((chunk for chunk in chunks if breaks(chunk)), None)
        if smaller is not None:
            tests, parts = smaller, 2
            continue
        complements = (tuple(test for test in tests if test not in chunk) for chunk in chunks)
        smaller = next((rest for rest in complements if breaks(rest)), None)
        if smaller is not None:
            tests, parts = smaller, max(parts - 1, 2)
        elif parts == len(tests):
            break
        else:
            parts = min(len(tests), 2 * parts)
    return tests


def _split(tests: Tests, parts: int) -> list[Tests]:
    """The tests in ``parts`` runs of about the same length."""
    cuts = [len(tests) * part // parts for part in range(parts + 1)]
    return [tests[start:end] for start, end in pairwise(cuts)]


def _smallest(answers: Mapping[Tests, bool]) -> Tests:
    """The fewest tests that are known to break it; the confirmed whole is among them."""
    return min((tests for tests, broke in answers.items() if broke), key=lambda tests: (len(tests), tests))

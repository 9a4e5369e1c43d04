"""The fewest tests that break another one: the search run by run, and what it may conclude."""

from collections.abc import Callable
from itertools import pairwise
from math import ceil, log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.ordering import Attempt, Breakers, Search, Tests, next_step


def search_with(
    breaks: Callable[[Tests], bool], predecessors: Tests, *, budget: int = 1000
) -> tuple[Breakers, list[Tests]]:
    """The end of a search, and the orders that were run."""
    answers: dict[Tests, bool] = {}
    while isinstance(step := next_step(Search(predecessors, budget, answers)), Attempt):
        assert step.tests not in answers
        answers[step.tests] = breaks(step.tests)
    return step, list(answers)


def needing(*needed: int) -> Callable[[Tests], bool]:
    """A test that breaks when all of these ran before it."""
    return lambda tests: set(needed) <= set(tests)


def test_the_whole_order_is_confirmed_first_then_the_prefix_is_bisected() -> None:
    found, runs = search_with(needing(5), (1, 2, 3, 4, 5, 6, 7, 8))
    assert runs == [(1, 2, 3, 4, 5, 6, 7, 8), (1, 2, 3, 4), (1, 2, 3, 4, 5, 6), (1, 2, 3, 4, 5), (5,)]
    assert found == Breakers(confirmed=True, tests=(5,), minimal=True, runs=5)


def test_the_only_predecessor_needs_one_run() -> None:
    assert search_with(needing(7), (7,))[0] == Breakers(confirmed=True, tests=(7,), minimal=True, runs=1)


def test_an_order_that_does_not_break_it_again_is_not_confirmed() -> None:
    found, runs = search_with(lambda tests: False, (1, 2, 3))
    assert found == Breakers(confirmed=False, tests=(), minimal=False, runs=1)
    assert runs == [(1, 2, 3)]


def test_a_test_without_predecessors_is_not_confirmed() -> None:
    assert search_with(needing(), ())[0] == Breakers(confirmed=False, tests=(), minimal=False, runs=0)


def test_a_spent_budget_gives_the_fewest_known_and_says_that_fewer_may_do() -> None:
    found, _ = search_with(needing(5), (1, 2, 3, 4, 5, 6, 7, 8), budget=3)
    assert found == Breakers(confirmed=True, tests=(1, 2, 3, 4, 5, 6), minimal=False, runs=3)


def test_a_search_needs_a_run() -> None:
    with pytest.raises(ValueError, match="without a single run"):
        Search((1,), 0, {})


def test_a_test_that_undoes_what_another_did_is_not_kept() -> None:
    """2 breaks it, 3 mends it, 4 breaks it again."""

    def breaks(tests: Tests) -> bool:
        return 4 in tests or (2 in tests and 3 not in tests)

    found, _ = search_with(breaks, (1, 2, 3, 4, 5))
    assert found.minimal
    assert found.tests in ((2,), (4,))


@st.composite
def orders(draw: st.DrawFn, *, needed: int) -> tuple[Tests, Tests]:
    predecessors = tuple(draw(st.permutations(range(1, draw(st.integers(needed, 60)) + 1))))
    places = draw(st.sets(st.integers(0, len(predecessors) - 1), min_size=needed, max_size=needed))
    return predecessors, tuple(predecessors[place] for place in sorted(places))


@pytest.mark.parametrize("needed", [1, 2, 3])
def test_the_needed_tests_are_found_in_their_order(needed: int) -> None:
    @given(orders(needed=needed))
    def check(drawn: tuple[Tests, Tests]) -> None:
        predecessors, culprits = drawn
        found, runs = search_with(needing(*culprits), predecessors)
        assert (found.confirmed, found.tests, found.minimal) == (True, culprits, True)
        assert len(runs) <= 1 + needed * (ceil(log2(len(predecessors))) + 1) + 2 * (needed - 1) * needed

    check()


@given(orders(needed=2), st.integers(1, 12))
def test_what_a_spent_budget_leaves_breaks_it(drawn: tuple[Tests, Tests], budget: int) -> None:
    predecessors, culprits = drawn
    found, runs = search_with(needing(*culprits), predecessors, budget=budget)
    assert len(runs) == found.runs <= budget
    assert set(culprits) <= set(found.tests)


@given(st.sets(st.sets(st.integers(1, 6), min_size=1).map(lambda each: tuple(sorted(each))), min_size=1))
def test_of_any_repeatable_behaviour_the_result_breaks_it_and_no_test_can_be_left_out(
    breaking: set[Tests],
) -> None:
    """However odd: only these very subsets break it, whatever holds of those between them."""
    whole = (1, 2, 3, 4, 5, 6)
    found, _ = search_with(lambda tests: tests == whole or tests in breaking, whole)
    assert found.minimal
    assert found.tests == whole or found.tests in breaking
    for left_out in found.tests:
        rest = tuple(test for test in found.tests if test != left_out)
        assert rest not in breaking


@given(orders(needed=2))
def test_what_is_run_keeps_the_order(drawn: tuple[Tests, Tests]) -> None:
    predecessors, culprits = drawn
    for tests in search_with(needing(*culprits), predecessors)[1]:
        places = [predecessors.index(test) for test in tests]
        assert all(earlier < later for earlier, later in pairwise(places))

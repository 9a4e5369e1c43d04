"""Which commit broke each test: the search step by step, and what it may conclude."""

from collections.abc import Callable, Mapping
from math import ceil, log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.bisection import Checkout, Done, next_step
from reports.culprits import CulpritKind, Skipped, Verdict
from reports.facts import Try
from reports.intervals import Answer, Search, Unstartable
from tracks.statuses import Outcome

PASSED = Try(Outcome.PASSED)
BROKEN = Try(Outcome.FAILED, "expected")
OTHER = Try(Outcome.ERROR, "other")
NOTHING = Try(Outcome.ABSENT)
LETTERS = {".": PASSED, "!": BROKEN, "o": OTHER, "-": NOTHING, "s": Try(Outcome.SKIPPED)}

World = Mapping[int, str]
"""What each test would do at each commit, a letter a commit; ``#`` where nothing can be started."""


def sha(commit: int) -> str:
    return f"{commit:07x}" + "0" * 33


def answer_of(world: World, checkout: Checkout) -> Answer:
    letters = {test: world[test][checkout.commit] for test in checkout.tests}
    if "#" in letters.values():
        return Unstartable("conftest.py cannot be imported")
    return {test: LETTERS[letter] for test, letter in letters.items()}


def search_in(
    world: World, *, budget: int = 1000, watch: Callable[[Checkout], None] = lambda checkout: None
) -> tuple[Done, list[Checkout]]:
    """The end of a search, and the checkouts that led there."""
    commits = tuple(sha(commit) for commit in range(len(next(iter(world.values())))))
    answers: dict[int, Answer] = {}
    checkouts: list[Checkout] = []
    while isinstance(
        step := next_step(Search(commits, dict.fromkeys(world, "expected"), budget, answers)), Checkout
    ):
        answers[step.commit] = answer_of(world, step)
        checkouts.append(step)
    return step, checkouts


def verdict_in(letters: str, *, budget: int = 1000) -> Verdict:
    (verdict,) = search_in({1: letters}, budget=budget)[0].verdicts
    return verdict


def test_the_ends_are_verified_first_and_then_the_middle_is_asked() -> None:
    done, checkouts = search_in({1: "..!!!!!!!"})
    assert [checkout.commit for checkout in checkouts] == [8, 0, 4, 2, 1]
    assert done.verdicts == (Verdict(1, CulpritKind.COMMIT, "It breaks since 0000002.", (sha(2),)),)


def test_a_branch_of_one_commit_needs_its_ends_only() -> None:
    done, checkouts = search_in({1: ".!"})
    assert (done.verdicts[0].commits, len(checkouts)) == ((sha(1),), 2)


@pytest.mark.parametrize(
    ("letters", "kind", "sentence"),
    [
        ("....", CulpritKind.NOT_AT_HEAD, "It does not break at the head again."),
        ("...o", CulpritKind.NOT_AT_HEAD, "At the head it breaks with another error this time."),
        ("...-", CulpritKind.UNTOLD, "It could not be told: at the head, it gives no result."),
        (
            "...#",
            CulpritKind.UNTOLD,
            "It could not be told: at the head, nothing could be run (conftest.py cannot be imported).",
        ),
        ("!..!", CulpritKind.AT_BASE, "It breaks at the merge base too."),
        ("o..!", CulpritKind.AT_BASE, "It breaks at the merge base too with another error."),
        ("-..!", CulpritKind.UNTOLD, "It could not be told: at the merge base, it gives no result."),
        (
            "#..!",
            CulpritKind.UNTOLD,
            "It could not be told: at the merge base, nothing could be run (conftest.py cannot be imported).",
        ),
    ],
)
def test_a_test_that_does_not_hold_at_an_end_is_not_searched(
    letters: str, kind: CulpritKind, sentence: str
) -> None:
    assert verdict_in(letters) == Verdict(1, kind, sentence)


def test_a_test_that_was_skipped_at_a_commit_was_not_broken_there() -> None:
    assert verdict_in("sss!").commits == (sha(3),)


def test_only_skipped_commits_between_good_and_bad_leave_a_range_with_the_reasons() -> None:
    assert verdict_in("..#o-!!") == Verdict(
        1,
        CulpritKind.RANGE,
        "It breaks since one of 4 commits, 0000002 to 0000005: 3 of them could not answer.",
        (sha(2), sha(3), sha(4), sha(5)),
        (
            Skipped(sha(2), "nothing could be run (conftest.py cannot be imported)"),
            Skipped(sha(3), "it breaks with another error"),
            Skipped(sha(4), "it gives no result"),
        ),
    )


def test_after_a_skip_the_nearest_commits_are_tried() -> None:
    _, checkouts = search_in({1: "....#!!!!"})
    assert [checkout.commit for checkout in checkouts] == [8, 0, 4, 3, 5]


def test_a_spent_budget_leaves_a_range_that_says_so() -> None:
    verdict = verdict_in("..!!!!!!!", budget=3)
    assert verdict.kind is CulpritKind.RANGE
    assert verdict.commits == (sha(1), sha(2), sha(3), sha(4))
    assert verdict.sentence.endswith("the budget of 3 checkouts was spent.")


@pytest.mark.parametrize(("budget", "end"), [(0, "head"), (1, "merge base")])
def test_a_budget_that_does_not_reach_both_ends_tells_nothing(budget: int, end: str) -> None:
    verdict = verdict_in("..!!", budget=budget)
    assert verdict.kind is CulpritKind.UNTOLD
    assert verdict.sentence == f"The budget of {budget} checkouts was spent before the {end} was tried."


def test_one_checkout_answers_for_many_tests() -> None:
    done, checkouts = search_in(dict.fromkeys(range(1, 41), "...." + "!" * 13))
    assert {verdict.commits for verdict in done.verdicts} == {(sha(4),)}
    assert len(checkouts) == 6
    assert (done.cost.checkouts, done.cost.results, done.cost.exhaustive) == (6, 240, 680)


def test_the_commit_that_decides_for_most_tests_is_asked_first() -> None:
    """At first commit 8 is worth most; then one test is in the lower half and four in the upper."""
    world = {1: "..." + "!" * 14} | dict.fromkeys(range(2, 6), "." * 14 + "!!!")
    _, checkouts = search_in(world)
    assert checkouts[2:4] == [Checkout(8, (1, 2, 3, 4, 5)), Checkout(12, (2, 3, 4, 5))]


def test_a_test_that_fell_out_at_an_end_is_not_run_again() -> None:
    _, checkouts = search_in({1: "..!!!", 2: ".....", 3: "!!!!!"})
    assert [checkout.tests for checkout in checkouts] == [(1, 2, 3), (1, 3), (1,), (1,)]


def test_a_commit_and_itself_have_nothing_in_between() -> None:
    with pytest.raises(ValueError, match="nothing to search"):
        Search((sha(0),), {1: "expected"}, 10, {})


@st.composite
def worlds(draw: st.DrawFn, *, tests: int = 4, skips: bool = True) -> tuple[World, dict[int, int]]:
    """Tests with one true culprit each, at any commit, with any skips strictly between the ends."""
    head = draw(st.integers(1, 40))
    culprits = draw(st.dictionaries(st.integers(1, 9), st.integers(1, head), min_size=1, max_size=tests))
    unstartable = draw(st.sets(st.integers(1, 39))) if skips else set()
    world = {}
    for test, culprit in culprits.items():
        letters = ["!" if commit >= culprit else "." for commit in range(head + 1)]
        for commit in range(1, head):
            if commit in unstartable:
                letters[commit] = "#"
            elif skips and draw(st.booleans()) and draw(st.booleans()):
                letters[commit] = draw(st.sampled_from("o-"))
        world[test] = "".join(letters)
    return world, culprits


@given(worlds())
def test_the_verdict_is_the_culprit_or_a_range_that_holds_it(drawn: tuple[World, dict[int, int]]) -> None:
    world, culprits = drawn
    for verdict in search_in(world)[0].verdicts:
        assert sha(culprits[verdict.test]) in verdict.commits
        assert len(verdict.commits) == 1 or verdict.kind is CulpritKind.RANGE


@given(worlds(), st.integers(2, 8))
def test_a_range_of_a_spent_budget_holds_the_culprit_too(
    drawn: tuple[World, dict[int, int]], budget: int
) -> None:
    world, culprits = drawn
    done, checkouts = search_in(world, budget=budget)
    assert len(checkouts) <= budget
    assert all(sha(culprits[verdict.test]) in verdict.commits for verdict in done.verdicts)


@given(worlds())
def test_a_culprit_next_to_no_skips_is_found_exactly(drawn: tuple[World, dict[int, int]]) -> None:
    world, culprits = drawn
    for verdict in search_in(world)[0].verdicts:
        culprit = culprits[verdict.test]
        if set(world[verdict.test][culprit - 1 : culprit + 1]) == {".", "!"}:
            assert verdict.commits == (sha(culprit),)


@given(worlds())
def test_no_test_is_run_twice_at_a_commit_and_no_commit_is_checked_out_twice(
    drawn: tuple[World, dict[int, int]],
) -> None:
    _, checkouts = search_in(drawn[0])
    assert len({checkout.commit for checkout in checkouts}) == len(checkouts)


@given(worlds(tests=1, skips=False))
def test_one_test_takes_a_logarithm_of_checkouts(drawn: tuple[World, dict[int, int]]) -> None:
    world, _ = drawn
    head = len(next(iter(world.values()))) - 1
    assert len(search_in(world)[1]) <= 2 + ceil(log2(head))


@given(worlds())
def test_the_order_of_the_answers_changes_nothing(drawn: tuple[World, dict[int, int]]) -> None:
    world, _ = drawn
    _, checkouts = search_in(world)
    commits = tuple(sha(commit) for commit in range(len(next(iter(world.values())))))
    answers = {checkout.commit: answer_of(world, checkout) for checkout in checkouts}
    expected = dict.fromkeys(world, "expected")
    backwards = dict(reversed(answers.items()))
    assert next_step(Search(commits, expected, 1000, answers)) == next_step(
        Search(commits, expected, 1000, backwards)
    )

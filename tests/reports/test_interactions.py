"""Which tracks fail together: against truths that are known."""

from collections.abc import Callable, Collection
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.facts import NO_RESULT, Try
from reports.interactions import (
    Combination,
    Interaction,
    InteractionKind,
    Search,
    Subject,
    conclude,
    next_combinations,
)
from tracks.statuses import Outcome

PASSES, FAILS = Try(Outcome.PASSED), Try(Outcome.FAILED, "9f0c")
Answer = Callable[[Combination], Try | None]
"""What the test does with these tracks merged; None where they cannot be."""


def fails_with(*groups: str, fixed_by: str = "") -> Answer:
    """It fails where one of the groups is merged as a whole, and, if a track fixes it, without that track."""

    def answer(keys: Combination) -> Try:
        is_broken = (fixed_by and fixed_by not in keys) or any(set(group) <= set(keys) for group in groups)
        return FAILS if is_broken else PASSES

    return answer


def search_all(order: str, answer: Answer, *, core: str = "", budget: int = 20) -> tuple[Interaction, Search]:
    """The verdict after the whole search, and the search with all its answers."""
    answers: dict[Combination, dict[int, Try] | None] = {}
    search = Search(tuple(order), (Subject(7, tuple(core)),), answers, budget)
    while wanted := next_combinations(search):
        assert not set(wanted) & answers.keys(), "nothing is asked twice"
        for keys in wanted:
            found = answer(keys)
            answers[keys] = {7: found} if found else None
    return conclude(search)[0], search


CASES = [
    pytest.param("AB", fails_with("AB"), "", InteractionKind.PAIR, "AB", id="two tracks, a pair"),
    pytest.param("ABCDE", fails_with("BD"), "", InteractionKind.PAIR, "BD", id="a pair among five"),
    pytest.param(
        "ABCDE", fails_with("AC", "DE"), "", InteractionKind.PAIR, "AC", id="the first of two pairs"
    ),
    pytest.param("ABCD", fails_with("ABD"), "", InteractionKind.SEVERAL, "ABCD", id="no pair: the prefix"),
    pytest.param("ABC", fails_with("B"), "", InteractionKind.ALONE, "B", id="one of them alone"),
    pytest.param("ABC", fails_with("A"), "", InteractionKind.ALONE, "A", id="the first alone"),
    pytest.param("ABC", fails_with(""), "", InteractionKind.BASE, "", id="the base itself"),
    pytest.param("ABC", fails_with(), "", InteractionKind.UNSTABLE, "", id="not again"),
    pytest.param("AB", fails_with("A", fixed_by="B"), "B", InteractionKind.PAIR, "AB", id="a fix is lost"),
    pytest.param(
        "ABCD", fails_with("C", fixed_by="B"), "B", InteractionKind.PAIR, "BC", id="a later one takes it away"
    ),
    pytest.param("AB", fails_with(fixed_by="C"), "B", InteractionKind.ALONE, "B", id="the fix does not fix"),
    pytest.param(
        "ABCD",
        fails_with("AD", fixed_by="B"),
        "B",
        InteractionKind.SEVERAL,
        "ABD",
        id="two take it away together",
    ),
]


@pytest.mark.parametrize(("order", "answer", "core", "kind", "keys"), CASES)
def test_the_fewest_tracks_are_found(
    order: str, answer: Answer, core: str, kind: InteractionKind, keys: str
) -> None:
    found, _ = search_all(order, answer, core=core)
    assert (found.kind, found.keys) == (kind, tuple(keys))


def test_the_sentence_says_what_passes_beside_what_fails() -> None:
    found, _ = search_all("ABC", fails_with("AC"))
    assert found.sentence == "It fails with A and C merged; it passes with C alone, and with A alone."


def test_a_combination_that_cannot_be_merged_convicts_nobody() -> None:
    def answer(keys: Combination) -> Try | None:
        return None if keys == ("A", "C") else fails_with("AC")(keys)

    found, _ = search_all("ABC", answer)
    assert (found.kind, found.keys) == (InteractionKind.SEVERAL, ("A", "B", "C"))


def test_a_prefix_that_cannot_be_merged_leaves_it_untold() -> None:
    found, _ = search_all("ABC", lambda keys: None if keys == ("A",) else fails_with("AB")(keys))
    assert (found.kind, found.keys) == (InteractionKind.UNTOLD, ())
    assert found.sentence == "A cannot be merged into the base by itself."


def test_a_prefix_without_a_result_leaves_it_untold() -> None:
    found, _ = search_all("ABC", lambda keys: NO_RESULT if keys == ("A",) else fails_with("AB")(keys))
    assert found.sentence == "With A merged it gave no result."


def test_a_spent_budget_names_the_fewest_that_were_run() -> None:
    found, search = search_all("ABCDEFGH", fails_with("AB"), budget=3)
    assert len(search.answers) == 3
    assert (found.kind, found.keys) == (InteractionKind.SEVERAL, tuple("ABCD"))
    assert "has spent its 3 combinations" in found.sentence


def test_tests_share_their_answers() -> None:
    answers: dict[Combination, dict[int, Try] | None] = {}
    search = Search(tuple("ABC"), (Subject(7), Subject(8)), answers)
    truth = {7: fails_with("AB"), 8: fails_with("BC")}
    while wanted := next_combinations(search):
        answers.update({keys: {test: answer(keys) for test, answer in truth.items()} for keys in wanted})
    assert [each.keys for each in conclude(search)] == [("A", "B"), ("B", "C")]
    assert len(answers) <= 8


def test_a_search_needs_a_budget() -> None:
    with pytest.raises(ValueError, match="without a single run"):
        Search(("A", "B"), (Subject(7),), {}, 0)


@st.composite
def truths(draw: st.DrawFn) -> tuple[str, list[str]]:
    order = "ABCDEFGH"[: draw(st.integers(2, 8))]
    groups = st.sets(st.sampled_from(order), max_size=3).map(sorted).map("".join)
    return order, draw(st.lists(groups, min_size=0, max_size=3))


@given(truth=truths(), budget=st.integers(1, 30))
def test_only_what_was_run_and_failed_is_convicted(truth: tuple[str, Collection[str]], budget: int) -> None:
    order, groups = truth
    answer = fails_with(*groups)
    found, search = search_all(order, answer, budget=budget)
    assert len(search.answers) <= budget
    if found.keys:
        convicted = search.answers[found.keys]
        assert convicted is not None and convicted[7].is_broken
        smaller = [keys for size in range(len(found.keys)) for keys in combinations(found.keys, size)]
        known = [keys for keys in smaller if (tried := search.answers.get(keys)) and tried[7].is_broken]
        assert not known, "it is the smallest of what was run"
    if budget == 30:
        assert (found.kind is InteractionKind.UNSTABLE) == (not groups)
        assert (found.kind is InteractionKind.BASE) == ("" in groups)

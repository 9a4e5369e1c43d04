"""The search for what fails together, replayed against truths that are made up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.facts import NO_RESULT, Try
from reports.interactions import Combine, InteractionKind, Search, Suspect, next_step
from tracks.statuses import Outcome

ORDER = tuple("ABCDEF")
FAILED, PASSED = Try(Outcome.FAILED, "9f"), Try(Outcome.PASSED)


def searched(truth, suspects, *, budget=20, unmergeable=()):
    """The verdicts by test, and all answers. ``truth``: the sets of tracks that fail each test together."""
    answers: dict = {}
    asked = set()
    while isinstance(step := next_step(Search(ORDER, suspects, answers, budget)), Combine):
        for keys, tests in step.combinations.items():
            assert not asked & {(keys, test) for test in tests}, "nothing is asked twice"
            asked |= {(keys, test) for test in tests}
            told = {test: FAILED if fails(truth, suspects, test, keys) else PASSED for test in tests}
            answers.setdefault(keys, {}).update({} if keys in unmergeable else told)
        assert len(answers) <= budget
    return {verdict.test: verdict for verdict in step}, answers


def fails(truth, suspects, test, keys) -> bool:
    mends = next(set(each.fixers) for each in suspects if each.test == test)
    return not mends <= set(keys) or any(group <= set(keys) for group in truth.get(test, []))


@pytest.mark.parametrize(
    ("group", "kind", "keys"),
    [
        ("AC", InteractionKind.TOGETHER, "AC"),
        ("EF", InteractionKind.TOGETHER, "EF"),
        ("ABC", InteractionKind.TOGETHER, "ABC"),
        ("D", InteractionKind.ALONE, "D"),
        ("", InteractionKind.BASE, ""),
    ],
)
def test_the_smallest_set_that_fails_is_found(group, kind, keys):
    verdicts, _ = searched({1: [set(group)]}, (Suspect(1, "9f"),))
    assert (verdicts[1].kind, "".join(verdicts[1].keys)) == (kind, keys)


def test_what_passes_by_itself_is_flaky_or_depends_on_others():
    verdicts, answers = searched({}, (Suspect(1, "9f"),))
    assert verdicts[1].kind is InteractionKind.FLAKY
    assert list(answers) == [ORDER]
    assert verdicts[1].sentence.endswith("it is flaky, or depends on other tests.")


def test_who_mends_a_test_is_in_every_combination_that_convicts():
    verdicts, _ = searched({1: [set("BE")]}, (Suspect(1, "9f", ("B",)),))
    assert (verdicts[1].kind, verdicts[1].keys) == (InteractionKind.TOGETHER, ("B", "E"))


def test_a_combination_that_cannot_be_merged_is_told_and_convicts_nobody():
    verdicts, _ = searched({1: [set("AC")]}, (Suspect(1, "9f"),), unmergeable=[("A", "C")])
    assert verdicts[1].keys == ("A", "B", "C")
    assert "no answer came of A+C" in verdicts[1].sentence


def test_tests_of_one_error_are_asked_together():
    suspects = (Suspect(1, "9f"), Suspect(2, "9f"))
    _, answers = searched({1: [set("AC")], 2: [set("AC")]}, suspects)
    assert all(told.keys() == {1, 2} for told in answers.values())


def test_a_spent_budget_is_told():
    verdicts, _ = searched({1: [set("AC")]}, (Suspect(1, "9f"),), budget=2)
    assert verdicts[1].keys == ORDER
    assert "budget of 2 combinations is spent" in verdicts[1].sentence


groups = st.sets(st.sampled_from(ORDER), min_size=1, max_size=4)


@given(
    truth=st.dictionaries(st.integers(1, 4), st.lists(groups, min_size=1, max_size=3), min_size=1),
    fixers=st.sets(st.sampled_from(ORDER), max_size=2),
    budget=st.integers(1, 30),
)
def test_nobody_is_convicted_who_was_not_seen_to_fail(truth, fixers, budget):
    mends = tuple(key for key in ORDER if key in fixers)
    suspects = tuple(Suspect(test, str(test % 2), mends if test > 2 else ()) for test in sorted(truth))
    verdicts, answers = searched(truth, suspects, budget=budget)
    for suspect in suspects:
        verdict = verdicts[suspect.test]
        if verdict.kind not in (InteractionKind.TOGETHER, InteractionKind.ALONE):
            continue
        assert answers[verdict.keys][suspect.test].is_broken
        smaller = [
            keys for keys in answers if set(suspect.fixers) <= set(keys) and len(keys) < len(verdict.keys)
        ]
        assert not any(answers[keys].get(suspect.test, NO_RESULT).is_broken for keys in smaller)

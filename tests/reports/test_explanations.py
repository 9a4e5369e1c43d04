"""Explanations as a whole: which tests are looked at, moves with their outcomes, and what nobody knows."""

from dataclasses import replace

import pytest

from reports.deltas import compare
from reports.explanations import Explanation, Move, explain, named_numbers
from reports.source.edits import Touch
from reports.stored import EDITS, explanation_fields
from reports.vanished import VanishedReason
from reports.worsening import worsened
from tests.reports.source.given import sources
from tests.reports.test_deltas import facts
from tracks.statuses import Outcome, RunState

TEST = "def test_a(): assert 1\n"
MOVED = sources({"t.py": TEST}, {"u.py": TEST})


def explained(base: str, head: str, names: list[str], read) -> Explanation:
    before, after = facts(base), facts(head)
    return explain(compare(before, after), before, after, dict(enumerate(names)), read)


@pytest.mark.parametrize(
    ("base", "head", "worse"),
    [
        (". ", " .", {}),
        (". ", " F", {1: "renamed and newly failing"}),
        (". ", " s", {1: "renamed and muted"}),
        ("F ", " x", {1: "renamed and muted"}),
        ("F ", " E", {}),
        ("s ", " s", {}),
    ],
)
def test_a_moved_test_has_both_outcomes_and_is_as_much_worse_as_they_are(base, head, worse):
    found = explained(base, head, ["t.py::test_a", "u.py::test_a"], MOVED)
    (move,) = found.moves.values()
    letters = {".": Outcome.PASSED, "F": Outcome.FAILED, "s": Outcome.SKIPPED, "x": Outcome.XFAILED}
    letters["E"] = Outcome.ERROR
    assert move == Move(1, letters[base[0]], letters[head[1]])
    assert found.reasons == {0: VanishedReason.MOVED}
    delta = compare(facts(base), facts(head))
    assert worsened(delta.classes, facts(head).outcomes, found.reasons, found.moves) == worse


@pytest.mark.parametrize(
    ("base", "head", "reason", "worse"),
    [
        (".", " ", VanishedReason.DELETED, {0: "vanished"}),
        (".", " ", VanishedReason.LATER, {}),
        ("E", " ", VanishedReason.COLLECTED_NOW, {}),
        (".", "F", None, {0: "newly failing"}),
        (".", "s", None, {0: "muted"}),
        ("F", "E", None, {}),
        (" ", "E", None, {0: "added broken"}),
        (" ", "s", None, {}),
    ],
)
def test_what_changed_for_the_worse_is_said_of_each_test(base, head, reason, worse):
    delta = compare(facts(base), facts(head))
    assert worsened(delta.classes, facts(head).outcomes, {0: reason} if reason else {}, {}) == worse


@pytest.mark.parametrize("why", ["there is no copy", "git did not answer"])
def test_where_git_was_not_asked_only_what_needs_it_is_not_known(why):
    base, head = facts(".."), replace(facts("  "), deselected=frozenset({1}))
    names = {0: "t.py::test_a", 1: "t.py::test_b"}
    found = explain(compare(base, head), base, head, names, why)
    assert [found.reason_in_words(test) for test in (0, 1)] == [
        f"not known: {why}",
        "deselected by the configuration",
    ]
    assert (found.moves, found.touched, found.edits, found.unread) == ({}, {}, None, why)
    early = replace(head, state=RunState.INCOMPLETE)
    found = explain(compare(base, early), base, early, names, why)
    assert found.reason_in_words(0) == "the run ended early"


def test_with_git_unknown_is_the_whole_answer():
    found = explained(".", " ", ["t.py::test_a"], sources({"t.py": TEST}, {"t.py": TEST, "app.py": ""}))
    assert found.reason_in_words(0) == "unknown"


def test_only_changed_tests_are_traced():
    names = [f"t.py::test_{name}" for name in "abcdef"]
    read = sources({"t.py": TEST}, {"t.py": TEST, "app.py": ""})
    found = explained("..F..F", ".FF.s.", names, read)
    assert found.touched == {Touch.PRODUCT: [1, 4, 5]}
    assert named_numbers(compare(facts("..F..F "), facts(".FF.s.."))) == [1, 4, 5, 6]


def test_the_first_edits_are_kept_with_their_number():
    many = {"test_t.py": "".join(f"def test_{n}(): assert {n}\n" for n in range(EDITS + 5))}
    kept = explanation_fields(explained(".", ".", ["t.py::test_0"], sources(many, {"test_t.py": ""})))
    assert kept["edits"]["deleted"]["total"] == EDITS + 5
    assert len(kept["edits"]["deleted"]["first"]) == EDITS

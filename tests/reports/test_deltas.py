"""Comparing two runs: each class of the table, the books, and what may be concluded."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.deltas import Delta, Flow, compare, improvement
from reports.explanations import Explanation, explain
from reports.facts import RunFacts
from reports.transitions import DeltaClass, classify
from reports.vanished import VanishedReason
from reports.worsening import worsened
from tracks.statuses import Outcome, RunState
from tracks.vectors import CODES

LETTERS = {
    ".": Outcome.PASSED,
    "F": Outcome.FAILED,
    "E": Outcome.ERROR,
    "s": Outcome.SKIPPED,
    "x": Outcome.XFAILED,
    "X": Outcome.XPASSED,
    " ": Outcome.ABSENT,
}


def facts(
    results: str,
    *,
    state: RunState = RunState.FINISHED,
    signatures: dict[int, str] | None = None,
    uncollected: dict[int, str] | None = None,
    run: int = 1,
) -> RunFacts:
    """A run by one letter a test, as pytest prints them: ``.FEsxX`` and a blank for absent."""
    outcomes = np.array([CODES[LETTERS[letter]] for letter in results], dtype=np.uint8)
    return RunFacts(run, state, "a" * 40, outcomes, signatures or {}, uncollected or {})


def explained(base: RunFacts, head: RunFacts, names: dict[int, str] | None = None) -> Explanation:
    """Without git's word."""
    known = {number: f"tests/test_{number}.py::test" for number in range(100)} | (names or {})
    return explain(compare(base, head), base, head, known, "it was not asked")


def worse(base: RunFacts, head: RunFacts, names: dict[int, str] | None = None) -> bool:
    delta, found = compare(base, head), explained(base, head, names)
    return bool(worsened(delta.classes, head.outcomes, found.reasons, found.moves)) or not delta.head_finished


def classes_of(delta: Delta) -> dict[str, list[int]]:
    return {str(name): tests.tolist() for name, tests in delta.classes.items() if tests.size}


states = st.sampled_from(RunState)
runs = st.builds(
    lambda results, signatures, state: facts(results, signatures=signatures, state=state),
    st.text(alphabet=list(LETTERS), max_size=60),
    st.dictionaries(st.integers(0, 60), st.sampled_from(["a", "b"])),
    states,
)

CLASS_OF_PAIR = {
    # base: head as "absent passed failed error skipped xfailed xpassed"
    " ": "-         added     added         added          added     added     added",
    ".": "vanished  unchanged newly_failing newly_erroring muted     muted     unchanged",
    "F": "vanished  fixed     still_broken_same still_broken_same muted muted  fixed",
    "E": "vanished  fixed     still_broken_same still_broken_same muted muted  fixed",
    "s": "vanished  unchanged newly_failing newly_erroring unchanged unchanged unchanged",
    "x": "vanished  unchanged newly_failing newly_erroring unchanged unchanged unchanged",
    "X": "vanished  unchanged newly_failing newly_erroring unchanged unchanged unchanged",
}


@pytest.mark.parametrize(
    ("base", "head", "expected"),
    [
        (base, head, name)
        for base, row in CLASS_OF_PAIR.items()
        for head, name in zip(" .FEsxX", row.split(), strict=True)
    ],
)
def test_each_pair_of_outcomes_has_its_class(base: str, head: str, expected: str) -> None:
    delta = compare(facts(base), facts(head))
    assert classes_of(delta) == ({} if expected == "-" else {expected: [0]})


def test_no_pair_but_absent_and_absent_is_without_class() -> None:
    without = [pair for pair in product(Outcome, repeat=2) if classify(*pair) is None]
    assert without == [(Outcome.ABSENT, Outcome.ABSENT)]


def test_another_error_than_before_is_told_from_the_same_error() -> None:
    base = facts("FFEE", signatures={0: "a", 1: "a", 2: "c", 3: "d"})
    head = facts("FEFE", signatures={0: "a", 1: "b", 2: "c", 3: "e"})
    assert classes_of(compare(base, head)) == {
        "still_broken_same": [0, 2],
        "still_broken_different": [1, 3],
    }


def test_an_unknown_error_is_not_the_same_as_a_known_one() -> None:
    delta = compare(facts("FF", signatures={0: "a"}), facts("FF", signatures={}))
    assert classes_of(delta) == {"still_broken_same": [1], "still_broken_different": [0]}


def test_runs_of_different_lengths_are_joined_in_full() -> None:
    delta = compare(facts(".."), facts("...F"))
    assert classes_of(delta) == {"added": [2, 3], "unchanged": [0, 1]}
    assert classes_of(compare(facts("...F"), facts(".."))) == {"vanished": [2, 3], "unchanged": [0, 1]}


def test_cells_name_the_outcomes_and_leave_zeros_out() -> None:
    delta = compare(facts("..F  "), facts("F.. ."))
    assert delta.cells() == {
        "absent": {"passed": 1},
        "passed": {"passed": 1, "failed": 1},
        "failed": {"passed": 1},
    }


def test_flows_say_how_a_count_came_about() -> None:
    delta = compare(facts("....FE"), facts("EE..F. ."))
    assert delta.flows[Outcome.PASSED] == Flow(base=4, gone=2, come=2, head=4)
    assert delta.flow == Flow(base=6, gone=0, come=1, head=7)


@given(runs, runs)
def test_the_books_of_every_comparison_add_up(base: RunFacts, head: RunFacts) -> None:
    delta = compare(base, head)
    assert delta.adds_up
    assert delta.matrix[0, 0] == 0
    assert delta.matrix.sum() == np.count_nonzero(_either(base, head))


def _either(base: RunFacts, head: RunFacts) -> np.ndarray:
    present = np.zeros(max(base.outcomes.size, head.outcomes.size), dtype=bool)
    present[np.flatnonzero(base.outcomes)] = True
    present[np.flatnonzero(head.outcomes)] = True
    return present


@given(runs, runs)
def test_every_test_of_either_run_is_in_exactly_one_class(base: RunFacts, head: RunFacts) -> None:
    delta = compare(base, head)
    classified = np.concatenate(list(delta.classes.values()))
    assert sorted(classified.tolist()) == np.flatnonzero(_either(base, head)).tolist()


@given(runs)
def test_comparing_a_run_with_itself_changes_nothing(run: RunFacts) -> None:
    delta = compare(run, run)
    changed = set(classes_of(delta)) - {"unchanged", "still_broken_same"}
    assert not changed
    assert np.array_equal(delta.matrix, np.diag(delta.matrix.diagonal()))


@given(runs, runs)
def test_swapping_base_and_head_transposes_the_matrix(base: RunFacts, head: RunFacts) -> None:
    there, back = compare(base, head), compare(head, base)
    assert np.array_equal(there.matrix, back.matrix.T)
    for name, mirrored in ((DeltaClass.ADDED, DeltaClass.VANISHED), (DeltaClass.STILL_BROKEN_SAME,) * 2):
        assert np.array_equal(there.classes[name], back.classes[mirrored])


@given(runs, runs)
def test_every_vanished_test_has_a_reason(base: RunFacts, head: RunFacts) -> None:
    delta = compare(base, head)
    assert sorted(explained(base, head).reasons) == delta.classes[DeltaClass.VANISHED].tolist()


def test_why_a_test_vanished_is_unknown_when_the_head_ended_in_order() -> None:
    assert explained(facts(".."), facts(".")).reasons == {1: VanishedReason.UNKNOWN}


@pytest.mark.parametrize("state", sorted(set(RunState) - {RunState.FINISHED}))
def test_a_test_vanished_because_the_run_ended_early(state: RunState) -> None:
    reason = VanishedReason.WORKER_LOST if state is RunState.LOST else VanishedReason.ENDED_EARLY
    assert explained(facts(".."), facts(".", state=state)).reasons == {1: reason}


@pytest.mark.parametrize("state", [RunState.FINISHED, RunState.INCOMPLETE])
def test_a_test_vanished_because_its_module_could_not_be_collected(state: RunState) -> None:
    names = {0: "tests/test_a.py::a", 1: "tests/test_b.py::b", 2: "tests/test_b.py::B::c"}
    head = facts(".   E", state=state, uncollected={4: "tests/test_b.py"})
    found = explained(facts("..."), head, names)
    assert set(found.reasons.values()) == {VanishedReason.UNCOLLECTED}
    assert found.parents == {1: 4, 2: 4}


def test_a_module_that_can_be_collected_again_is_not_a_loss() -> None:
    names = {0: "tests/test_b.py", 1: "tests/test_b.py::a", 2: "tests/test_b.py::b"}
    base = facts("E", uncollected={0: "tests/test_b.py"})
    assert explained(base, facts(" .."), names).reasons == {0: VanishedReason.COLLECTED_NOW}
    assert not worse(base, facts(" .."), names)


def test_a_module_that_is_gone_with_its_error_is_a_loss() -> None:
    names = {0: "tests/test_b.py", 1: "tests/test_a.py::a"}
    base = facts("E.", uncollected={0: "tests/test_b.py"})
    assert explained(base, facts(" ."), names).reasons == {0: VanishedReason.UNKNOWN}
    assert worse(base, facts(" ."), names)


def test_a_selection_is_compared_over_what_both_runs_have_and_is_never_an_improvement() -> None:
    head = replace(facts(". .", run=12), is_selection=True)
    delta = compare(facts("FF"), head)
    assert classes_of(delta) == {"fixed": [0]}
    assert delta.adds_up
    assert delta.caveats == (
        "Run 12 ran a selection of 2 tests; only the 1 that both runs have are compared.",
    )
    assert improvement(delta.figures, worse=False, caveats=delta.caveats) == "not known"


def said_of(base: RunFacts, head: RunFacts) -> str:
    delta = compare(base, head)
    return improvement(delta.figures, worse=worse(base, head), caveats=delta.caveats)


@pytest.mark.parametrize(
    ("figures", "worse", "said"),
    [
        ({}, False, "none"),
        ({"fixed": 3}, False, "yes"),
        ({"fixed": 3, "newly_failing": 1}, True, "mixed"),
        ({"newly_failing": 1}, True, "none, and worse"),
        ({"added": 4}, False, "none"),
    ],
)
def test_what_a_retest_achieved_is_said_in_a_word(figures: dict[str, int], worse: bool, said: str) -> None:
    assert improvement(figures, worse=worse, caveats=()) == said


@pytest.mark.parametrize(
    ("base", "head", "got_worse", "improved"),
    [
        ("..F", "..F", False, False),
        ("..F", "...", False, True),
        ("..F", "F..", True, False),
        ("..F", "E..", True, False),
        ("..F", ". .", True, False),
        ("..F", "s..", True, False),
        ("..F", "..s", True, False),
        ("..F", "..x", True, False),
        ("..F", "..E", False, False),
        ("..F", "..F.", False, False),
        ("..F", "..FF", True, False),
        ("..F", "..FE", True, False),
        ("..F", "....", False, True),
        ("FFF.....", ".....FFF", True, False),
    ],
)
def test_equal_counts_do_not_hide_what_got_worse(
    base: str, head: str, got_worse: bool, improved: bool
) -> None:
    runs = facts(base), facts(head)
    assert (worse(*runs), said_of(*runs) == "yes") == (got_worse, improved)


@pytest.mark.parametrize("state", sorted(set(RunState) - {RunState.FINISHED}))
def test_a_head_that_did_not_finish_is_worse_whatever_it_shows(state: RunState) -> None:
    runs = facts("F"), facts(".", state=state)
    delta = compare(*runs)
    assert worse(*runs)
    assert said_of(*runs) == "not known"
    assert delta.caveats[0].startswith(f"The head run is {state.value.upper()}")


@pytest.mark.parametrize("state", sorted(set(RunState) - {RunState.FINISHED}))
def test_a_base_that_did_not_finish_allows_no_improvement(state: RunState) -> None:
    runs = facts("F", state=state), facts(".")
    delta = compare(*runs)
    assert not worse(*runs)
    assert said_of(*runs) == "not known"
    assert delta.caveats[0].startswith(f"The base run is {state.value.upper()}")


def test_two_runs_in_order_bear_no_caveat() -> None:
    assert compare(facts("F"), facts(".")).caveats == ()


def test_a_hundred_thousand_tests_are_compared() -> None:
    random = np.random.default_rng(7)
    base, head = (
        RunFacts(run, RunState.FINISHED, "a" * 40, random.integers(0, 7, 100_000).astype(np.uint8))
        for run in (1, 2)
    )
    delta = compare(base, head)
    assert delta.adds_up
    assert (delta.base, delta.head) == (1, 2)

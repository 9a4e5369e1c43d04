"""Why a decision does not count any more: each reason, both ways."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.gates import Dependency, Tested, WaiverFact
from reports.staleness import DueCondition, Merging, Present, reasons
from reports.statuses import DecisionKind, GateKind, MergeResult
from tests.factories import NOON
from tests.reports.deciding import (
    BASE,
    HEAD,
    MOVED,
    NEWER,
    TODAY,
    a_run,
    decided,
    facts,
    gate,
    present,
)
from tracks.statuses import RunState, Standing

SAME = Merging(MergeResult.CLEAN, "e" * 40)
IN_IT = Merging(MergeResult.CLEAN, "")
CLOSED = gate(standing=Standing.FAILS)
WAIVER = WaiverFact(1, GateKind.FAILED, HEAD, "known", "Tess", NOON)
B = Dependency("B", is_approved=True, reason="", sha=NEWER)
at_the_new_base = {"facts": facts(base_head=MOVED, baseline=a_run(3, MOVED))}
REFUSALS = [DecisionKind.DEFERRED, DecisionKind.REJECTED]


def test_nothing_speaks_against_a_decision_of_which_nothing_has_moved():
    for kind in DecisionKind:
        assert reasons(decided(kind=kind), present()) == ()


@pytest.mark.parametrize("kind", list(DecisionKind))
def test_new_commits_make_every_decision_stale(kind):
    (why,) = reasons(decided(kind=kind), present(facts=facts(head=NEWER)))
    assert "new commits" in why
    assert NEWER[:7] in why
    (why,) = reasons(decided(kind=kind), present(facts=facts(head="")))
    assert "gone" in why


@pytest.mark.parametrize(
    ("was", "now", "why"),
    [
        ({}, at_the_new_base | {"merging": SAME}, ""),
        ({}, {"facts": facts(base_head=MOVED)}, "its baseline is not tested yet"),
        (
            {},
            {"facts": facts(base_head=MOVED, baseline=a_run(3, MOVED, RunState.BROKEN))},
            "not tested yet",
        ),
        ({}, at_the_new_base | {"merging": None}, "not known yet"),
        ({}, at_the_new_base | {"merging": Merging(MergeResult.UNKNOWN, "")}, "not known yet"),
        ({}, at_the_new_base | {"merging": Merging(MergeResult.CONFLICT, "")}, "gives: conflict"),
        ({}, at_the_new_base | {"merging": Merging(MergeResult.CLEAN, "f" * 40)}, "are others there"),
        ({"patch_id": ""}, at_the_new_base, "are others there"),
        ({}, at_the_new_base | {"gates": (gate(), CLOSED)}, "closed there: tests failed"),
        ({}, at_the_new_base | {"gates": (gate(standing=Standing.FAILS, waiver=WAIVER),)}, ""),
        ({}, at_the_new_base | {"gates": (gate(standing=Standing.FAILS, decides=False),)}, ""),
        (
            {},
            {"facts": facts(base_head=MOVED, baseline=a_run(3, MOVED), run=a_run(4, NEWER))},
            "not the one that was tested last",
        ),
        ({}, {"facts": facts(base_head="", base_is_gone=True)}, "The base branch is gone"),
    ],
)
def test_a_base_that_moved_keeps_an_approval_only_where_all_is_the_same_there(was, now, why):
    found = reasons(decided(**was), present(**now))
    assert (why in found[0] and len(found) == 1) if why else found == ()


@pytest.mark.parametrize(
    ("now", "why"),
    [
        ({}, ""),
        ({"gates": (CLOSED,)}, "closed there: tests failed"),
        ({"facts": facts(baseline=a_run(3, MOVED, RunState.RUNNING))}, "its baseline is not tested yet"),
        (
            {"facts": facts(baseline=a_run(3, MOVED), run=a_run(4, NEWER))},
            "the decided commit is not the one that was tested last",
        ),
    ],
)
def test_a_baseline_of_another_commit_keeps_an_approval_only_where_the_gates_are_open_with_it(now, why):
    found = reasons(decided(), present(**({"facts": facts(baseline=a_run(3, MOVED))} | now)))
    assert found == ((f"The baseline is of {MOVED[:7]} now; {found[0].split('; ')[1]}",) if why else ())
    assert not why or why in found[0]


def test_a_baseline_that_is_tested_again_at_its_commit_is_the_same():
    again = facts(baseline=a_run(3, BASE))
    assert reasons(decided(), present(facts=again, gates=(CLOSED,))) == ()


def test_where_nobody_looked_the_baselines_commit_is_the_base():
    assert reasons(decided(), present(facts=facts(base_head=""))) == ()


def test_a_refusal_minds_neither_the_base_nor_dependencies():
    moved = present(facts=facts(base_head=MOVED), dependencies=(Dependency("B", False, "rejected."),))
    for kind in REFUSALS:
        assert reasons(decided(kind=kind), moved) == ()


def test_a_later_run_with_which_every_gate_is_open_contradicts_a_refusal():
    later = facts(run=a_run(5, HEAD))
    for kind in REFUSALS:
        (why,) = reasons(decided(kind=kind), present(facts=later))
        assert "Run 5 at the same commit" in why
        assert reasons(decided(kind=kind), present(facts=later, gates=(CLOSED,))) == ()


@pytest.mark.parametrize(
    ("was", "now", "why"),
    [
        ((("B", NEWER),), (B,), ""),
        ((("B", NEWER),), (Dependency("B", False, "It is rejected."),), "B, which it waits for, is not"),
        ((("B", HEAD),), (B,), "approved anew"),
        ((), (B,), "waits for track B now"),
        ((("B", NEWER),), (), ""),
    ],
)
def test_a_dependency_that_does_not_stand_as_it_did_makes_an_approval_stale(was, now, why):
    found = reasons(decided(dependencies=was), present(dependencies=now))
    assert (why in found[0]) if why else found == ()


@pytest.mark.parametrize(
    ("days", "is_met", "is_stale"), [(0, False, False), (-1, True, False), (-1, False, True)]
)
def test_a_condition_counts_until_the_end_of_its_last_day(days, is_met, is_stale):
    condition = DueCondition("Write the page", TODAY + timedelta(days=days), is_met)
    found = reasons(decided(kind=DecisionKind.CONDITIONAL, conditions=(condition,)), present())
    assert bool(found) is is_stale
    if is_stale:
        assert "“Write the page” was due on 22 November 2026" in found[0]


def with_later(*runs: Tested, **other: object) -> Present:
    """The last of them is the track's latest."""
    return present(later=runs, facts=facts(run=runs[-1]), **other)


def test_a_gate_that_held_and_fails_with_a_later_run_contradicts():
    """What one test wins and another loses is seen in no figure."""
    (why,) = reasons(decided(), with_later(a_run(5, HEAD), gates=(CLOSED, gate(GateKind.PASSED))))
    assert why == "Run 5 at the same commit contradicts it: these gates fail with it: tests failed."


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ({}, gate(standing=Standing.UNKNOWN)),
        ({}, gate(standing=Standing.FAILS, waiver=WAIVER)),
        ({}, gate(GateKind.FINDINGS, Standing.FAILS)),
        ({}, gate(GateKind.MERGES, Standing.FAILS)),
        ({"held": frozenset({GateKind.PASSED})}, CLOSED),
    ],
)
def test_a_gate_that_did_not_hold_then_or_that_no_run_closes_does_not(was, now):
    assert reasons(decided(**was), with_later(a_run(5, HEAD), gates=(now,))) == ()


def test_of_a_run_between_the_figures_tell_and_the_latest_that_contradicts_is_named():
    runs = [a_run(5, HEAD, passed=2), a_run(6, HEAD, failed=1), a_run(7, HEAD)]
    (why,) = reasons(decided(), with_later(*runs))
    assert why == "Run 6 at the same commit contradicts it: 1 failed, 0 before."
    (why,) = reasons(decided(), with_later(*runs, gates=(CLOSED,)))
    assert "Run 7" in why


@pytest.mark.parametrize(
    ("now", "is_stale"),
    [
        (CLOSED, True),
        (gate(standing=Standing.UNKNOWN), True),
        (gate(), False),
        (gate(standing=Standing.FAILS, waiver=WAIVER), False),
        (gate(GateKind.ERRORS, Standing.FAILS), False),
        (gate(standing=Standing.FAILS, decides=False), False),
    ],
)
def test_a_waiver_that_ran_out_makes_stale_what_rested_on_it(now, is_stale):
    found = reasons(decided(waived=(GateKind.FAILED,)), present(gates=(now,)))
    assert bool(found) is is_stale


def test_what_is_in_the_base_was_carried_out():
    merged = present(
        facts=facts(head="", base_head=MOVED), merging=Merging(MergeResult.CLEAN, ""), gates=(CLOSED,)
    )
    assert reasons(decided(), merged) == ()


@pytest.mark.parametrize(
    ("was", "head", "merging_head", "is_stale"),
    [
        ({}, "", None, False),
        ({}, NEWER, IN_IT, False),
        ({}, NEWER, None, True),
        ({}, NEWER, SAME, True),
        ({}, NEWER, Merging(MergeResult.UNKNOWN, ""), True),
        ({"commits": 0}, NEWER, SAME, True),
        ({"commits": 0}, NEWER, IN_IT, True),
        ({"commits": 0}, "", None, True),
        ({"commits": 0}, HEAD, IN_IT, False),
    ],
)
def test_new_commits_on_what_is_in_the_base_count_unless_they_are_in_it_too(
    was, head, merging_head, is_stale
):
    now = present(facts=facts(head=head), merging=IN_IT, merging_head=merging_head)
    assert bool(reasons(decided(**was), now)) is is_stale


@given(
    st.sets(st.sampled_from(["head", "base", "dependency", "condition", "run", "waiver"])),
    st.sampled_from(sorted(DecisionKind)),
)
def test_reasons_add_up(what, kind):
    now = present(
        facts=facts(
            head=NEWER if "head" in what else HEAD,
            base_head=MOVED if "base" in what else BASE,
        ),
        gates=(CLOSED,) if "waiver" in what else (gate(),),
        dependencies=(Dependency("B", False, "Rejected."),) if "dependency" in what else (),
        later=(a_run(5, HEAD, RunState.BROKEN),) if "run" in what else (),
    )
    due = TODAY - timedelta(days=1)
    conditions = (DueCondition("Later", due, is_met="condition" not in what),)
    found = reasons(decided(kind=kind, waived=(GateKind.FAILED,), conditions=conditions), now)
    expected = len(what) if kind not in REFUSALS else int("head" in what)
    assert len(found) == expected

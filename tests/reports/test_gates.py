"""What each gate says of what is known: a table of every branch, and what holds for all of them."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.gates import CriterionFact, Dependency, Tested, evaluate
from reports.policies import DEFAULT, Policy
from reports.statuses import GateKind, IntegrationState, MergeResult
from tests.reports.gating import (
    BASELINE,
    GOOD,
    INTEGRATION,
    OTHER,
    SHA,
    WITH_TARGETS,
    changed,
    finding,
    gate,
    run,
    waiver,
)
from tracks.finding_statuses import Severity
from tracks.statuses import RunState, Standing

HOLDS, FAILS, UNKNOWN = Standing.HOLDS, Standing.FAILS, Standing.UNKNOWN
INCOMPLETE = RunState.INCOMPLETE


def criterion(standing: Standing, *, is_blocking: bool = True) -> CriterionFact:
    return CriterionFact(1, "The page looks right", standing, "", is_blocking)


def baseline(state: RunState):
    return replace(GOOD, baseline=replace(BASELINE, state=state))


def integrated(**changes: object):
    return replace(GOOD, integration=replace(INTEGRATION, **changes))


TABLE = [
    (GateKind.RUN, GOOD, HOLDS, ""),
    (GateKind.RUN, run(state=INCOMPLETE, reason="3 missing."), FAILS, "a run that ends in order"),
    (GateKind.RUN, run(state=RunState.BROKEN), FAILS, "a run that ends in order"),
    (GateKind.RUN, run(state=RunState.FAULTED), UNKNOWN, "test the branch again"),
    (GateKind.RUN, replace(GOOD, run=None), UNKNOWN, "test the branch"),
    (GateKind.HEAD, GOOD, HOLDS, ""),
    (GateKind.HEAD, replace(GOOD, head=OTHER), FAILS, "test the branch again"),
    (GateKind.HEAD, replace(GOOD, head=""), UNKNOWN, "look for new commits"),
    (GateKind.HEAD, replace(GOOD, run=None), UNKNOWN, "test the branch"),
    (GateKind.ENVIRONMENT, GOOD, HOLDS, ""),
    (GateKind.ENVIRONMENT, changed(differences=("Python differs.",)), FAILS, "1 difference to remove"),
    (GateKind.ENVIRONMENT, run(state=RunState.BROKEN), UNKNOWN, "test the branch again"),
    (GateKind.ENVIRONMENT, replace(GOOD, changes=None), UNKNOWN, "wait for the comparison"),
    (GateKind.PASSED, GOOD, HOLDS, ""),
    (GateKind.PASSED, run(passed=638), FAILS, "12 more must pass"),
    (GateKind.PASSED, run(passed=638, state=INCOMPLETE), UNKNOWN, "test the branch again"),
    (GateKind.PASSED, run(state=INCOMPLETE), UNKNOWN, "test the branch again"),
    (GateKind.PASSED, run(state=RunState.CANCELLED), UNKNOWN, "test the branch again"),
    (GateKind.PASSED, replace(GOOD, run=None), UNKNOWN, "test the branch"),
    (GateKind.FAILED, GOOD, HOLDS, ""),
    (GateKind.FAILED, run(failed=20), FAILS, "18 failed too many"),
    (GateKind.FAILED, run(failed=20, state=INCOMPLETE), FAILS, "18 failed too many"),
    (GateKind.FAILED, run(failed=20, state=RunState.LOST), UNKNOWN, "test the branch again"),
    (GateKind.FAILED, run(state=INCOMPLETE), UNKNOWN, "test the branch again"),
    (GateKind.ERRORS, GOOD, HOLDS, ""),
    (GateKind.ERRORS, run(errors=1), FAILS, "1 error too many"),
    (GateKind.ERRORS, replace(GOOD, run=None), UNKNOWN, "test the branch"),
    (GateKind.TOTAL, GOOD, HOLDS, ""),
    (GateKind.TOTAL, run(total=657), FAILS, "3 tests too few"),
    (GateKind.TOTAL, replace(run(total=657), changes=changed(excused=3).changes), HOLDS, ""),
    (GateKind.TOTAL, run(total=657, state=INCOMPLETE), UNKNOWN, "test the branch again"),
    (GateKind.TOTAL, replace(GOOD, baseline=None), UNKNOWN, "test the baseline"),
    (GateKind.NEWLY_BROKEN, GOOD, HOLDS, ""),
    (GateKind.NEWLY_BROKEN, changed(newly_broken=2), FAILS, "2 to mend"),
    (GateKind.NEWLY_BROKEN, run(state=INCOMPLETE), UNKNOWN, "test the branch again"),
    (GateKind.NEWLY_BROKEN, baseline(RunState.RUNNING), UNKNOWN, "wait for the baseline"),
    (GateKind.NEWLY_BROKEN, baseline(RunState.BROKEN), UNKNOWN, "test the baseline again"),
    (GateKind.NEWLY_BROKEN, replace(GOOD, run=None), UNKNOWN, "test the branch"),
    (GateKind.LOST, GOOD, HOLDS, ""),
    (GateKind.LOST, changed(accepted=3), HOLDS, ""),
    (GateKind.LOST, changed(lost=(4, 7), accepted=3), FAILS, "2 to bring back or to accept"),
    (
        GateKind.LOST,
        replace(run(state=INCOMPLETE), changes=changed(lost=(4,)).changes),
        UNKNOWN,
        "test the branch again",
    ),
    (GateKind.LOST, replace(GOOD, baseline=None), UNKNOWN, "test the baseline"),
    (GateKind.CRITERIA, GOOD, HOLDS, ""),
    (GateKind.CRITERIA, replace(GOOD, criteria=(criterion(HOLDS),)), HOLDS, ""),
    (GateKind.CRITERIA, replace(GOOD, criteria=(criterion(FAILS, is_blocking=False),)), HOLDS, ""),
    (GateKind.CRITERIA, replace(GOOD, criteria=(criterion(UNKNOWN),)), UNKNOWN, "1 more must hold"),
    (
        GateKind.CRITERIA,
        replace(GOOD, criteria=(criterion(UNKNOWN), criterion(FAILS))),
        FAILS,
        "2 more must hold",
    ),
    (GateKind.CRITERIA, replace(GOOD, run=None), UNKNOWN, "test the branch"),
    (GateKind.FINDINGS, GOOD, HOLDS, ""),
    (GateKind.FINDINGS, replace(GOOD, findings=(finding(Severity.MEDIUM),)), HOLDS, ""),
    (GateKind.FINDINGS, replace(GOOD, findings=(finding(Severity.HIGH),)), FAILS, "1 to settle"),
    (GateKind.FINDINGS, replace(GOOD, findings=(finding(Severity.CRITICAL),)), FAILS, "1 to settle"),
    (GateKind.MERGES, GOOD, HOLDS, ""),
    (
        GateKind.MERGES,
        replace(GOOD, merge=MergeResult.CONFLICT, conflicts=("a.py", "b.py")),
        FAILS,
        "2 files to merge",
    ),
    (GateKind.MERGES, replace(GOOD, merge=MergeResult.CONFLICT), FAILS, "a merge of the base branch"),
    (GateKind.MERGES, replace(GOOD, merge=MergeResult.UNRELATED), FAILS, "a branch of the base branch"),
    (GateKind.MERGES, replace(GOOD, merge=MergeResult.UNKNOWN), UNKNOWN, "git has to be asked again"),
    (GateKind.MERGES, replace(GOOD, merge=None), UNKNOWN, "git has to be asked"),
    (GateKind.MERGES, replace(GOOD, run=None), UNKNOWN, "test the branch"),
    (GateKind.MERGES, replace(GOOD, base_is_gone=True), UNKNOWN, "a base branch"),
    (GateKind.DEPENDENCIES, GOOD, HOLDS, ""),
    (GateKind.INTEGRATION, GOOD, HOLDS, ""),
    (GateKind.INTEGRATION, replace(GOOD, integration=None), UNKNOWN, "start a trial integration"),
    (GateKind.INTEGRATION, integrated(state=IntegrationState.TESTING), UNKNOWN, "wait for its end"),
    (GateKind.INTEGRATION, integrated(passed=False), FAILS, "a trial integration that passes"),
    (GateKind.INTEGRATION, integrated(passed=None), UNKNOWN, "start another trial integration"),
    (GateKind.INTEGRATION, integrated(shas=(("A", OTHER),)), FAILS, "start another trial integration"),
    (GateKind.INTEGRATION, integrated(shas=(("B", SHA),)), UNKNOWN, "start another trial integration"),
    (GateKind.INTEGRATION, integrated(base_sha=SHA), FAILS, "start another trial integration"),
    (GateKind.INTEGRATION, replace(GOOD, base_head="", baseline=None), UNKNOWN, "look for new commits"),
    (GateKind.INTEGRATION, replace(GOOD, run=None), UNKNOWN, "test the branch"),
]


@pytest.mark.parametrize(("kind", "facts", "standing", "distance"), TABLE)
def test_each_gate_says_how_it_stands_and_how_far_it_is_from_holding(kind, facts, standing, distance):
    found = gate(kind, facts)
    assert (found.standing, found.distance) == (standing, distance)
    assert found.sentence.endswith(".") and found.is_open is (standing is HOLDS)


def test_the_table_has_each_gate_in_each_standing_that_it_can_have():
    seen = {(kind, standing) for kind, _, standing, _ in TABLE}
    never = {(GateKind.DEPENDENCIES, UNKNOWN), (GateKind.FINDINGS, UNKNOWN), (GateKind.DEPENDENCIES, FAILS)}
    assert {(kind, standing) for kind in GateKind for standing in Standing} - seen == never


@pytest.mark.parametrize(("approved", "standing"), [(True, HOLDS), (False, FAILS)])
def test_a_track_waits_for_the_approval_of_those_that_it_depends_on(approved, standing):
    needed = [Dependency("B", True, ""), Dependency("C", approved, "Nobody has decided yet.")]
    found = gate(GateKind.DEPENDENCIES, GOOD, dependencies=needed)
    assert found.standing is standing and ("C: Nobody" in found.sentence) is not approved


@pytest.mark.parametrize(
    ("approved", "standing"), [({"B": SHA}, HOLDS), ({"B": OTHER}, FAILS), ({}, FAILS), (None, UNKNOWN)]
)
def test_an_integration_counts_while_its_tracks_are_the_approved_commits(approved, standing):
    both = integrated(shas=(("A", SHA), ("B", SHA)))
    assert gate(GateKind.INTEGRATION, both, approved=approved).standing is standing


@pytest.mark.parametrize(
    ("approved", "standing"), [({}, HOLDS), ({"A": SHA}, HOLDS), ({"A": SHA, "B": SHA}, FAILS)]
)
def test_an_integration_counts_while_it_merged_all_that_is_approved(approved, standing):
    found = gate(GateKind.INTEGRATION, GOOD, approved=approved)
    assert found.standing is standing
    if standing is FAILS:
        assert found.sentence.startswith("It did not merge B, which is approved")


def test_a_track_that_was_left_out_is_told_that_before_anything_of_the_others():
    left_out = integrated(shas=(("B", SHA),), passed=False, reason="It conflicts with B in 1 file.")
    found = gate(GateKind.INTEGRATION, left_out, approved={})
    assert (found.figure, found.sentence) == ("left out", "It conflicts with B in 1 file.")


def test_an_integration_of_other_commits_says_which_count():
    both = integrated(shas=(("A", SHA), ("B", SHA)))
    said = [gate(GateKind.INTEGRATION, both, approved=each).sentence for each in ({"B": OTHER}, {})]
    assert said == [
        f"It merged {SHA[:7]} of track B: by now {OTHER[:7]} counts.",
        f"It merged {SHA[:7]} of track B: it is not approved.",
    ]


def test_an_integration_into_another_base_says_so():
    found = gate(GateKind.INTEGRATION, replace(GOOD, base_head=SHA))
    assert found.sentence == "The base has moved since: to aaaaaaa, it was merged into bbbbbbb."


def test_figures_and_bounds_are_what_a_person_reads():
    found = gate(GateKind.TOTAL, replace(run(total=650), changes=changed(excused=3).changes))
    assert (found.figure, found.bound, found.distance) == ("650 tests", "≥ 657", "7 tests too few")
    assert found.sentence == "There are only 650 tests, for 660 of the baseline, less 3 excused."
    assert gate(GateKind.LOST, changed(lost=(4,), accepted=3)).figure == "4 lost, 3 accepted"


def test_a_bound_that_nobody_has_set_asks_for_nothing():
    asked = {each.kind for each in evaluate(GOOD, replace(DEFAULT, severity=None), ())}
    bounded = {GateKind.PASSED, GateKind.FAILED, GateKind.ERRORS, GateKind.FINDINGS}
    assert asked == set(GateKind) - bounded


def test_a_run_of_checks_alone_is_asked_nothing_about_tests():
    alone = replace(GOOD, run=Tested(2, SHA, RunState.FINISHED, checks_only=True), changes=None)
    assert [each.kind.name for each in evaluate(alone, WITH_TARGETS, ()) if each.is_open] == [
        "RUN",
        "HEAD",
        "CRITERIA",
        "FINDINGS",
        "MERGES",
        "DEPENDENCIES",
        "INTEGRATION",
    ]


@pytest.mark.parametrize("kind", list(GateKind))
def test_a_waiver_opens_one_gate_for_one_commit_if_it_can_be_waived(kind):
    closed = replace(run(state=INCOMPLETE, failed=20), waivers=(waiver(kind),))
    can_be = kind not in (GateKind.RUN, GateKind.HEAD, GateKind.DEPENDENCIES)
    assert (gate(kind, closed).waiver is not None) is can_be is gate(kind, closed).waivable
    elsewhere = replace(closed, waivers=(waiver(kind, sha=OTHER),))
    assert gate(kind, elsewhere).waiver is None


def test_only_the_trial_integration_comes_after_an_approval():
    assert [each.kind for each in evaluate(GOOD, DEFAULT, ()) if not each.decides] == [GateKind.INTEGRATION]


runs = st.builds(
    Tested,
    run=st.just(2),
    sha=st.sampled_from([SHA, OTHER]),
    state=st.sampled_from(sorted(RunState)),
    passed=st.integers(0, 700),
    failed=st.integers(0, 9),
    errors=st.integers(0, 9),
    total=st.integers(0, 700),
    checks_only=st.booleans(),
)
facts = st.builds(
    replace,
    st.just(GOOD),
    run=st.none() | runs,
    baseline=st.none() | runs,
    head=st.sampled_from(["", SHA, OTHER]),
    changes=st.none() | st.builds(lambda lost: changed(lost=lost).changes, st.sampled_from([(), (3,)])),
    criteria=st.lists(st.sampled_from([criterion(each) for each in Standing]), max_size=2).map(tuple),
    findings=st.lists(st.sampled_from([finding(each) for each in Severity]), max_size=2).map(tuple),
    merge=st.none() | st.sampled_from(sorted(MergeResult)),
    integration=st.none() | st.just(INTEGRATION),
    waivers=st.lists(st.sampled_from([waiver(each) for each in GateKind]), max_size=2).map(tuple),
)
bounds = st.none() | st.integers(0, 700)
policies = st.builds(
    Policy,
    gates=st.frozensets(st.sampled_from(sorted(GateKind))),
    min_passed=bounds,
    max_failed=bounds,
    max_errors=bounds,
    severity=st.none() | st.sampled_from(sorted(Severity)),
)


@given(facts, policies)
def test_what_does_not_hold_is_open_by_a_waiver_only(known, policy):
    for each in evaluate(known, policy, ()):
        assert each.is_open == (each.standing is HOLDS or each.waiver is not None)
        assert bool(each.distance) == (each.standing is not HOLDS)


@given(facts, policies, policies)
def test_to_ask_for_more_opens_no_gate(known, policy, more):
    before = {each.kind: each for each in evaluate(known, policy, ())}
    after = {each.kind: each for each in evaluate(known, policy.tighten(more), ())}
    assert before.keys() <= after.keys()
    assert not [kind for kind, each in before.items() if not each.is_open and after[kind].is_open]


def test_a_branch_without_commits_of_its_own_merges_and_says_that_there_is_nothing_to_merge():
    found = gate(GateKind.MERGES, replace(GOOD, commits=0))
    assert found.is_open and found.figure == "no commits of its own" and "nothing to merge" in found.sentence
    assert gate(GateKind.MERGES, replace(GOOD, commits=3)).figure == "clean"


def test_a_gate_is_waived_only_where_it_does_not_hold():
    known = replace(run(errors=4), waivers=(waiver(GateKind.ERRORS), waiver(GateKind.FAILED)))
    assert gate(GateKind.ERRORS, known).is_waived
    assert not gate(GateKind.FAILED, known).is_waived

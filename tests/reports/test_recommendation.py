"""What the gates speak for."""

from dataclasses import replace

import pytest

from reports.gates import CriterionFact, Dependency, evaluate
from reports.recommendation import recommend
from reports.statuses import GateKind, MergeResult, Recommended
from tests.reports.gating import GOOD, OTHER, WITH_TARGETS, changed, finding, run, waiver
from tracks.finding_statuses import Severity
from tracks.statuses import RunState, Standing

APPROVE, REJECT, WAIT = Recommended.APPROVE, Recommended.REJECT, Recommended.WAIT
FAILING = CriterionFact(1, "It starts", Standing.FAILS, "", is_blocking=True)


@pytest.mark.parametrize(
    ("facts", "kind", "reason"),
    [
        (GOOD, APPROVE, "Every gate holds."),
        (replace(GOOD, integration=None), APPROVE, "Every gate holds."),
        (replace(GOOD, run=None), WAIT, "The track has not been tested yet."),
        (replace(run(failed=20), active=9), WAIT, "Run 9 goes on: what it shows counts."),
        (
            replace(run(failed=20), head=OTHER),
            WAIT,
            "aaaaaaa was tested, the branch's head is bbbbbbb. Test the branch again.",
        ),
        (
            replace(GOOD, head=""),
            WAIT,
            "The branch's head is not known: nobody has looked, or the branch is gone.",
        ),
        (replace(GOOD, baseline=None), WAIT, "The sprint has no baseline yet."),
        (replace(GOOD, merge=None), WAIT, "git has not been asked yet whether it merges."),
        (changed(differences=("Python differs.",)), WAIT, "Python differs."),
        (run(state=RunState.LOST), WAIT, "The run is lost."),
        (
            run(state=RunState.BROKEN, reason="No module ledger."),
            REJECT,
            "The run is broken. No module ledger.",
        ),
        (run(failed=20), REJECT, "20 failed, at most 2 allowed."),
        (changed(newly_broken=1), REJECT, "1 test breaks that did not in the baseline."),
        (changed(lost=(4,)), REJECT, "1 test vanished or was switched off."),
        (replace(GOOD, criteria=(FAILING,)), REJECT, "Does not hold: It starts."),
        (replace(GOOD, findings=(finding(Severity.HIGH),)), REJECT, "To be mended: A-1 (high, open)."),
        (
            replace(GOOD, merge=MergeResult.CONFLICT, conflicts=("a.py",)),
            REJECT,
            "It conflicts with the base branch in a.py.",
        ),
        (replace(run(failed=20), merge=None), REJECT, "20 failed, at most 2 allowed."),
    ],
)
def test_it_rests_on_what_the_branch_did_once_that_is_known(facts, kind, reason):
    found = recommend(evaluate(facts, WITH_TARGETS, ()), facts)
    assert (found.kind, found.reasons[0]) == (kind, reason)


def test_a_track_whose_dependency_is_not_approved_waits_unless_it_is_at_fault_itself():
    needed = [Dependency("B", False, "Nobody has decided yet.")]
    for facts, kind in ((GOOD, WAIT), (run(failed=20), REJECT)):
        assert recommend(evaluate(facts, WITH_TARGETS, needed), facts).kind is kind


def test_a_reason_that_several_gates_share_is_said_once():
    facts = replace(GOOD, baseline=None)
    assert recommend(evaluate(facts, WITH_TARGETS, ()), facts).reasons == ("The sprint has no baseline yet.",)


def test_waivers_are_named():
    facts = replace(run(failed=20), waivers=(waiver(GateKind.FAILED),))
    found = recommend(evaluate(facts, WITH_TARGETS, ()), facts)
    assert (found.kind, found.reasons) == (
        APPROVE,
        ("'tests failed' is waived by Lena until 1 December 2026: It is known.",),
    )

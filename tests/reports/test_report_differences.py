"""What changed between two published reports, from their frozen contents alone."""

import json
from dataclasses import replace
from datetime import timedelta

from reports.statuses import DecisionKind, Recommended
from reports.summary import build
from reports.summary.differences import Change, MovedFigure, differences
from tests.reports.summary_facts import (
    NOON,
    SECOND,
    create_decision_told,
    create_finding_told,
    sample,
)
from tracks.finding_statuses import FindingStatus


def frozen(facts):
    """As the database gives it back."""
    return json.loads(json.dumps(build(facts, {}).content()))


def with_track_a(**other):
    first, *others = sample().tracks
    return replace(sample(), tracks=(replace(first, **other), *others))


def test_a_report_differs_from_itself_in_nothing():
    assert not differences(frozen(sample()), frozen(sample()))


def test_figures_are_told_with_what_they_were():
    track = sample().tracks[0]
    run = replace(track.iterations[1].run, counts=dict(track.iterations[1].run.counts) | {"passed": 650})
    after = with_track_a(iterations=(track.iterations[0], replace(track.iterations[1], run=run)))
    found = {each.name: each for each in differences(frozen(sample()), frozen(after)).figures}
    assert found["track.A.passed"] == MovedFigure("track.A.passed", "passed in A", "655", "650", -5)
    assert found["track.A.change.passed"].before == "+92"
    assert "track.A.failed" not in found
    assert "baseline.passed" not in found


def test_a_figure_of_only_one_report_is_told():
    after = replace(sample(), baseline=replace(sample().baseline, seconds=None))
    (found,) = differences(frozen(sample()), frozen(after)).figures
    assert (found.name, found.before, found.after, found.change) == (
        *("baseline.seconds", "1 min 5 s", ""),
        None,
    )


def test_findings_are_new_gone_or_changed():
    track = sample().tracks[0]
    kept = [each for each in track.findings if each.name not in ("A-1", "A-4")]
    mended = replace(track.findings[0], status=FindingStatus.VERIFIED)
    new = create_finding_told(finding=11, name="A-11", title="New")
    after = with_track_a(findings=(*kept, mended, new))
    assert differences(frozen(sample()), frozen(after)).findings == (
        Change(
            *(1, "A-1", "Prices are not rounded"),
            "defect, high, open: Prices are not rounded",
            "defect, high, verified fixed: Prices are not rounded",
        ),
        Change(4, "A-4", "Fast", "praise, low, noted: Fast", ""),
        Change(11, "A-11", "New", "", "defect, high, open: New"),
    )


def test_decisions_are_told_with_what_became_of_them():
    decision = sample().tracks[0].decisions[0]
    old = replace(decision, counts=False, conditions=())
    new = create_decision_told(
        decision=9, kind=DecisionKind.REJECTED, sha=SECOND, at=NOON + timedelta(days=1)
    )
    after = with_track_a(decisions=(old, sample().tracks[0].decisions[1], new), is_approved=False)
    assert differences(frozen(sample()), frozen(after)).decisions == (
        Change(
            *(2, "A", "approved with conditions by Lena on 2aaaaaa"),
            "counts; not met: Write the change log",
            "does not count any more",
        ),
        Change(9, "A", "rejected by Lena on 2aaaaaa", "", "counts"),
    )


def test_words_are_a_difference_too():
    first = sample().tracks[0]
    findings = (replace(first.findings[0], root_cause="Another."), *first.findings[1:])
    baseline = replace(sample().baseline, sha=SECOND)
    after = replace(with_track_a(findings=findings, recommended=Recommended.WAIT), baseline=baseline)
    found = differences(frozen(sample()), frozen(after))
    assert found.findings[0].after.endswith("(its words changed)")
    assert found.others == (
        "The base commit is 2aaaaaa; it was bbbbbbb.",
        "The gates of track A speak for “wait”; it was “approve”.",
    )


def test_a_text_of_a_tester_is_a_difference():
    after = json.loads(json.dumps(build(sample(), {"summary": "Fine."}).content()))
    before = frozen(sample())
    assert differences(before, after).words == (
        Change(0, "summary", "", before["texts"]["summary"], "Fine."),
    )
    assert differences(after, after).words == ()


def test_nothing_changed_means_nothing():
    after = with_track_a(reasons=("Something else.",))
    assert differences(frozen(sample()), frozen(after)).others == (
        "Something else that it tells of has changed.",
    )

"""The figures of a report: their names, their values, and where they leave themselves out."""

from dataclasses import replace

import pytest

from reports.document import Asked, Query
from reports.summary.figures import figures_of, shown
from reports.summary.ordering import in_order
from tests.reports.summary_facts import (
    create_comparison_told,
    create_facts,
    create_iteration_told,
    create_run_told,
    create_track_told,
    sample,
)
from tracks.statuses import RunState

FIGURES = figures_of(in_order(sample()))


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("baseline.passed", "563"),
        ("baseline.seconds", "1 min 5 s"),
        ("track.A.passed", "655"),
        ("track.A.0.passed", "640"),
        ("track.A.change.passed", "+92"),
        ("track.A.change.failed", "−19"),
        ("track.A.change.collected", "−1"),
        ("track.A.share.error", "−98.7 %"),
        ("track.A.fixed", "97"),
        ("track.A.1.previous.fixed", "20"),
        ("track.A.1.previous.change.passed", "+15"),
        ("track.A.1.attempt.added", "20"),
        ("track.A.changes.removed", "14"),
        ("track.A.commits", "2"),
        ("track.A.runs", "2"),
        ("track.A.criteria", "3"),
        ("track.A.criteria.fails", "1"),
        ("track.A.gates.open", "2"),
        ("track.A.gates.closed", "1"),
        ("track.A.findings", "5"),
        ("track.A.findings.open", "2"),
        ("track.A.findings.open.critical", "1"),
        ("track.A.findings.status.verified", "1"),
        ("track.A.findings.kind.not_implemented", "1"),
        ("track.A.questions", "1"),
        ("finding.A-1.affected", "20"),
        ("finding.A-1.effort", "2.5 h"),
        ("sprint.effort", "2.5 h"),
        ("sprint.unestimated", "1"),
        ("sprint.tracks", "3"),
        ("sprint.tracks.tested", "2"),
        ("sprint.tracks.approved", "1"),
        ("sprint.tracks.rejected", "1"),
        ("sprint.tracks.undecided", "1"),
        ("sprint.conditions", "1"),
        ("sprint.target.min_passed", "580"),
        ("integration.together", "3"),
        ("integration.together.A-B", "3"),
        ("integration.conflicts.C", "1"),
    ],
)
def test_a_figure_has_a_name_that_stays(name: str, written: str) -> None:
    assert FIGURES[name].shown == written
    assert FIGURES[name].name == name


def test_a_figure_knows_what_was_asked():
    assert FIGURES["track.A.fixed"].query == Query(Asked.CLASS, base=1, head=3, named="fixed")
    assert FIGURES["track.A.1.previous.fixed"].query == Query(Asked.CLASS, base=2, head=3, named="fixed")
    assert FIGURES["track.A.findings.open.high"].query.filters[0] == ("severity", "high")
    assert FIGURES["track.A.passed"].label == "passed in A"
    assert FIGURES["track.A.1.passed"].label == "passed in A, retest 1"


@pytest.mark.parametrize(
    "run",
    [
        create_run_told(run=2, passed=1, state=RunState.INCOMPLETE),
        create_run_told(run=2, passed=1, state=RunState.BROKEN),
        create_run_told(run=2, passed=0, checks_only=True),
    ],
    ids=["incomplete", "broken", "checks only"],
)
def test_what_was_not_measured_is_held_against_nothing(run):
    """Neither the run, nor the retest after it against it."""
    first = create_iteration_told(run=run, base=create_comparison_told(head=2))
    again = create_run_told(run=3, passed=5)
    second = create_iteration_told(
        number=1,
        run=again,
        base=create_comparison_told(comparison=2, head=3),
        previous=create_comparison_told(comparison=3, base=2, head=3),
    )
    track = create_track_told(iterations=(first, second))
    found = figures_of(create_facts(baseline=create_run_told(run=1), tracks=(track,)))
    assert found["track.A.0.passed"].value == run.counts["passed"]
    assert "track.A.0.change.passed" not in found
    assert "track.A.0.fixed" not in found
    assert found["track.A.1.change.passed"].value == 2
    assert "track.A.1.previous.fixed" not in found


def test_a_share_of_nothing_is_no_figure():
    track = create_track_told(iterations=(create_iteration_told(),))
    found = figures_of(create_facts(baseline=create_run_told(run=1, failed=0), tracks=(track,)))
    assert "track.A.change.failed" in found
    assert "track.A.share.failed" not in found


def test_classes_of_another_baseline_are_not_told():
    old = create_comparison_told(base=99, head=2)
    track = create_track_told(iterations=(create_iteration_told(base=old),))
    found = figures_of(create_facts(baseline=create_run_told(run=1), tracks=(track,)))
    assert "track.A.fixed" not in found


def test_the_latest_is_the_last_that_has_ended():
    going = create_run_told(run=9, passed=0, state=RunState.RUNNING, ended_at=None)
    track = sample().tracks[0]
    track = replace(track, iterations=(*track.iterations, create_iteration_told(number=2, run=going)))
    found = figures_of(replace(sample(), tracks=(track,)))
    assert found["track.A.passed"].value == 655
    assert "track.A.2.passed" not in found


@pytest.mark.parametrize(
    ("made", "written"),
    [
        (shown.count(1234), "1,234"),
        (shown.change(12), "+12"),
        (shown.change(-1234), "−1,234"),
        (shown.change(0), "0"),
        (shown.share(2.1), "+2.1 %"),
        (shown.share(0.0), "0.0 %"),
        (shown.seconds(0), "0 s"),
        (shown.seconds(65), "1 min 5 s"),
        (shown.seconds(7200), "2 h"),
        (shown.hours(3.0), "3 h"),
        (shown.hours(0.25), "0.25 h"),
        (shown.hours(100), "100 h"),
    ],
)
def test_numbers_are_written_as_people_do(made: str, written: str) -> None:
    assert made == written

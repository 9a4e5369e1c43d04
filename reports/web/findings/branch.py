"""The developer's page: what is to be mended on a branch, and what one needs for that.

Finding ── its tests in the latest run ──> Work(failing tests, an example's traceback, how to reproduce)
        ── its claims and what came of them ──> Attempt
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import prefetch_related_objects
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reports.web.findings.attempts import Attempt, attempts_of
from reports.web.findings.tests_now import TestNow, named, outcomes_at
from tracks import queries
from tracks.actions.findings import reason_against_claiming
from tracks.finding_statuses import FAULT_KINDS, FindingKind
from tracks.models import Finding, Run, Track
from tracks.permissions import Permission
from tracks.statuses import BROKEN_OUTCOMES, Outcome
from tracks.web import reproduce, run_view
from tracks.web.access import ProjectRequest, in_project

TESTS = 10
"""How many failing tests of a finding are named, and are in the command that reproduces it."""


@dataclass(frozen=True)
class Work:
    """``failing`` are the first of ``count`` tests that are broken in the run; ``example`` is the number of
    one of them, ``against_claiming`` why it cannot be claimed now."""

    finding: Finding
    failing: Sequence[TestNow]
    count: int
    example: int | None
    command: str
    attempts: Sequence[Attempt]
    against_claiming: str

    @property
    def more(self) -> int:
        return self.count - len(self.failing)


@dataclass(frozen=True)
class TrackWork:
    track: Track
    run: Run | None
    works: Sequence[Work]


@in_project(Permission.READ)
@require_safe
def branch(request: ProjectRequest, branch: str) -> HttpResponse:
    project = request.at.project
    tracks = queries.tracks_of_branch(project, branch)
    if not tracks:
        raise Http404("No track works on that branch.")
    findings = queries.findings_on_branch(project, branch)
    prefetch_related_objects(findings, "verifications")
    runs = queries.latest_results(tracks)
    numbers = {number for finding in findings for number in finding.tests}
    outcomes = {key: outcomes_at(run, numbers) for key, run in runs.items()}
    broken = {finding.pk: _broken(finding, outcomes.get(finding.track_id, {})) for finding in findings}
    shown = {number for tests in broken.values() for number in tests[:TESTS]}
    names = queries.node_ids(project, shown) if shown else {}
    works = [
        _work(finding, runs.get(finding.track_id), broken[finding.pk], outcomes, names)
        for finding in findings
    ]
    context = {
        "branch": branch,
        "tracks": [
            TrackWork(
                track, runs.get(track.pk), [each for each in works if each.finding.track_id == track.pk]
            )
            for track in tracks
        ],
        "section": "findings",
    }
    return render(request, "reports/findings/branch.html", context)


def _work(
    finding: Finding,
    run: Run | None,
    broken: Sequence[int],
    outcomes: Mapping[int, Mapping[int, Outcome]],
    names: Mapping[int, str],
) -> Work:
    failing = named(names, outcomes.get(finding.track_id, {}), broken[:TESTS])
    return Work(
        finding=finding,
        failing=failing,
        count=len(broken),
        example=broken[0] if broken else None,
        command=_command(finding, run, failing),
        attempts=attempts_of(finding.claims.all(), finding.verifications.all(), finding.rulings.all()),
        against_claiming=reason_against_claiming(finding),
    )


def _command(finding: Finding, run: Run | None, failing: Sequence[TestNow]) -> str:
    """How to reproduce what is to be mended, all of the tests where none of its own fails; empty where there
    is nothing to run."""
    if run is None or FindingKind(finding.kind) not in FAULT_KINDS:
        return ""
    return reproduce.commands(run, run_view.frozen(run), *(test.node_id for test in failing))


def _broken(finding: Finding, outcomes: Mapping[int, Outcome]) -> list[int]:
    return [number for number in finding.tests if outcomes.get(number) in BROKEN_OUTCOMES]

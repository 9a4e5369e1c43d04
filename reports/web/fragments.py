"""What the page of a run shows of conclusions: it fetches these by their addresses."""

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from reports.queries import clusters_of, comparisons_of
from reports.web import changes
from reports.web.board import SETTLING
from tracks import queries
from tracks.models import Run
from tracks.permissions import Permission
from tracks.web.access import ProjectRequest, in_project

TESTS = 200
"""How many tests of a cluster are named."""


@in_project(Permission.READ)
def run_clusters(request: ProjectRequest, run: int) -> HttpResponse:
    """The run's broken tests by the error that they share."""
    found = get_object_or_404(queries.runs_of(request.at.project).defer(None).defer("spec"), pk=run)
    clusters = clusters_of(found)
    named = [number for cluster in clusters for number in cluster.tests[:TESTS]]
    node_ids = queries.node_ids(request.at.project, named)
    errors = queries.errors_of_run(found)
    shown = [
        (
            cluster,
            errors.get(cluster.signature),
            [(number, node_ids[number]) for number in cluster.tests[:TESTS]],
            len(cluster.tests) > TESTS,
        )
        for cluster in clusters
    ]
    return render(request, "reports/run_clusters.html", {"run": found, "clusters": shown})


@in_project(Permission.READ)
def run_deltas(request: ProjectRequest, run: int) -> HttpResponse:
    """What the run changed to its baseline and to the iteration before; asks again until that is known."""
    found = get_object_or_404(queries.runs_of(request.at.project), pk=run)
    stored = comparisons_of(found)
    context = {
        "run": found,
        "deltas": [
            (each, changes.chips(each.figures), not changes.has_change(each.figures)) for each in stored
        ],
        "waiting": not stored and _may_come(found, timezone.now()),
    }
    return render(request, "reports/run_deltas.html", context)


def _may_come(run: Run, now: datetime) -> bool:
    """Whether a comparison is on its way: its baseline goes on, or has just ended, or the run has."""
    baseline = run.sprint.baseline if run.sprint and run.track_id else None
    if baseline is None or run.ended_at is None:
        return False
    return baseline.ended_at is None or now - max(run.ended_at, baseline.ended_at) < SETTLING

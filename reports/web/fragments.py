"""What the page of a run shows of conclusions: it fetches these by their addresses."""

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from reports.queries import comparisons_of
from reports.web import changes
from reports.web.board import SETTLING
from reports.web.cascades import read_cascades
from reports.web.causes import read_causes
from tracks import queries
from tracks.models import Run
from tracks.permissions import Permission
from tracks.web.access import ProjectRequest, in_project


@in_project(Permission.READ)
def run_clusters(request: ProjectRequest, run: int) -> HttpResponse:
    """The causes of the run's broken tests: errors, what follows from them, and where else they are found."""
    found = _find_run(request, run)
    return render(request, "reports/run_clusters.html", {"run": found, "causes": read_causes(found)})


@in_project(Permission.READ)
def run_cascades(request: ProjectRequest, run: int) -> HttpResponse:
    """What follows from what in the run, and what became of the forecasts of the iteration before."""
    found = _find_run(request, run)
    return render(request, "reports/run_cascades.html", {"run": found, "cascades": read_cascades(found)})


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


def _find_run(request: ProjectRequest, run: int) -> Run:
    """The project's run with its vectors, the track, and the sprint with its baseline; else 404."""
    runs = queries.runs_of(request.at.project).defer(None).defer("spec", "sprint__baseline__spec")
    return get_object_or_404(runs.select_related("project", "track", "sprint__baseline"), pk=run)


def _may_come(run: Run, now: datetime) -> bool:
    """Whether a comparison is on its way: its baseline goes on, or has just ended, or the run has."""
    baseline = run.sprint.baseline if run.sprint and run.track_id else None
    if baseline is None or run.ended_at is None:
        return False
    return baseline.ended_at is None or now - max(run.ended_at, baseline.ended_at) < SETTLING

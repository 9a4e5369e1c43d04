"""The pages of conclusions: a project's sprints, a sprint's board, a track."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from reports.publication_queries import latest_editions
from reports.queries import sprint_revision
from reports.web import board, track_page
from tracks import queries
from tracks.models import Sprint, Track
from tracks.permissions import Permission
from tracks.web.access import ProjectRequest, in_project

LATEST = 8
"""How many of the latest runs the project's page shows."""


@in_project(Permission.READ)
def project(request: ProjectRequest) -> HttpResponse:
    editions = latest_editions(request.at.project)
    context = {
        "sprints": [
            (each, board.targets_in_words(each), each.tracks.all(), editions.get(each.pk))
            for each in queries.sprints_of(request.at.project)
        ],
        "runs": queries.runs_of(request.at.project)[:LATEST],
        "section": "sprints",
    }
    return render(request, "reports/project.html", context)


@in_project(Permission.READ)
def sprint(request: ProjectRequest, sprint: str) -> HttpResponse:
    found = find_sprint(request, sprint)
    return render(request, "reports/board.html", _board(request, found))


@in_project(Permission.READ)
def sprint_live(request: ProjectRequest, sprint: str) -> HttpResponse:
    """The board while something runs; nothing (204) while nothing changed since what was seen."""
    found = find_sprint(request, sprint)
    if request.GET.get("seen") == sprint_revision(found):
        return HttpResponse(status=204)
    return render(request, "reports/board.html#live", _board(request, found))


@in_project(Permission.READ)
def track(request: ProjectRequest, sprint: str, key: str) -> HttpResponse:
    found = get_object_or_404(
        Track.objects.select_related("sprint__baseline", "owner").prefetch_related("depends_on", "blocks"),
        sprint__project=request.at.project,
        sprint__slug=sprint,
        key=key,
    )
    found.sprint.project = request.at.project
    runs = list(queries.iterations(found).select_related("project"))
    wanted = request.GET.get("iteration", "")
    chosen = next((run for run in runs if str(run.iteration) == wanted), runs[-1] if runs else None)
    baseline = found.sprint.baseline
    previous = next((run for run in runs if chosen and run.iteration == (chosen.iteration or 0) - 1), None)
    both = [("the baseline", baseline), ("the previous iteration", previous)]
    context = {
        "track": found,
        "sprint": found.sprint,
        "baseline": baseline,
        "iterations": track_page.iterations(found, runs, found.sprint.baseline),
        "chosen": chosen,
        "is_latest": chosen is not None and chosen is runs[-1],
        "againsts": [
            each for title, base in both if chosen and (each := track_page.against(title, base, chosen))
        ],
        "has_new_commits": found.pk in queries.with_new_commits([found]),
        "active": next((run for run in runs if run.is_active), None),
        "section": "sprints",
    }
    return render(request, "reports/track.html", context)


def find_sprint(request: ProjectRequest, slug: str) -> Sprint:
    """The project's sprint of that address, with its baseline; else 404."""
    sprints = Sprint.objects.select_related("baseline").defer(
        *(f"baseline__{blob}" for blob in queries.BLOBS)
    )
    found = get_object_or_404(sprints, project=request.at.project, slug=slug)
    found.project = request.at.project
    return found


def _board(request: ProjectRequest, sprint: Sprint) -> dict[str, object]:
    read = board.read_board(sprint, user=request.user, role=request.at.role, now=timezone.now())
    return {"board": read, "sprint": sprint, "section": "sprints"}

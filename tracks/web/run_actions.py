"""Starting and cancelling runs: the button's form comes here, the answer leads to the run."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from tracks import actions, repositories
from tracks.models import Run, Sprint, Track
from tracks.permissions import Permission
from tracks.web.access import ProjectRequest, in_project
from tracks.web.leading import lead_to
from tracks.web.runs import find_run


@require_POST
@in_project(Permission.RUN)
def start_baseline(request: ProjectRequest, sprint: str) -> HttpResponseBase:
    found = get_object_or_404(
        Sprint.objects.select_related("project"), project=request.at.project, slug=sprint
    )
    sha = repositories.resolve_branch(found.project, found.base_branch)
    return _start(
        request, lambda: actions.start_baseline(found, sha=sha, by=request.user, now=timezone.now())
    )


@require_POST
@in_project(Permission.RUN)
def start_track(request: ProjectRequest, sprint: str, key: str) -> HttpResponseBase:
    found = get_object_or_404(
        Track.objects.select_related("sprint__project"),
        sprint__project=request.at.project,
        sprint__slug=sprint,
        key=key,
    )
    project = found.sprint.project
    sha = repositories.resolve_branch(project, found.branch)
    answer = _start(
        request, lambda: actions.start_track_run(found, sha=sha, by=request.user, now=timezone.now())
    )
    actions.note_heads(project, {found.branch: sha}, now=timezone.now())
    return answer


@require_POST
@in_project(Permission.RUN)
def cancel(request: ProjectRequest, run: int) -> HttpResponseBase:
    found = find_run(request, run)
    actions.cancel(found, by=request.user, now=timezone.now())
    return _lead_to(request, found)


@require_POST
@in_project(Permission.PLAN)
def put_first(request: ProjectRequest, run: int) -> HttpResponseBase:
    found = find_run(request, run)
    actions.put_first(found, by=request.user)
    return _lead_to(request, found)


def _start(request: ProjectRequest, start: Callable[[], Run]) -> HttpResponseBase:
    """Start and lead to the run; the second person who starts the same is led to the first one's run."""
    try:
        run = start()
    except actions.AlreadyRunning as running:
        messages.info(request, f"{running.message} This is that run.")
        run = running.run
    return _lead_to(request, run)


def _lead_to(request: ProjectRequest, run: Run) -> HttpResponseBase:
    address = reverse("tracks:run", args=[request.at.project.slug, run.pk])
    return lead_to(request, address)

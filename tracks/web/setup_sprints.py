"""Setting up a sprint and its tracks."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from tracks import actions
from tracks.errors import InvalidInput, NotPermitted
from tracks.models import Sprint, Track
from tracks.permissions import Permission, reason_against_loosening
from tracks.web.access import ProjectRequest, in_project
from tracks.web.branches import check_branch
from tracks.web.forms import Form
from tracks.web.sprint_forms import SprintForm, TrackForm


@in_project(Permission.PLAN)
@require_http_methods(["GET", "POST"])
def new_sprint(request: ProjectRequest) -> HttpResponse:
    project = request.at.project
    form = SprintForm(request.POST if request.method == "POST" else None, project=project)
    if request.method == "POST" and form.is_valid():
        try:
            unchecked = check_branch(project, form.cleaned_data["base_branch"], field="base_branch")
            sprint = actions.create_sprint(project, by=request.user, now=timezone.now(), **form.cleaned_data)
        except InvalidInput as problem:
            form.add_problem(problem)
        else:
            _tell(request, f"{sprint} is set up. Add its tracks now.", unchecked)
            return redirect("tracks:edit_sprint", project=project.slug, sprint=sprint.slug)
    return render(
        request, "tracks/setup/new_sprint.html", {"project": project, "form": form}, status=form.status
    )


@in_project(Permission.PLAN)
@require_http_methods(["GET", "POST"])
def edit_sprint(request: ProjectRequest, sprint: str) -> HttpResponse:
    project = request.at.project
    found = _sprint(request, sprint)
    form = SprintForm(request.POST if request.method == "POST" else None, project=project, sprint=found)
    if request.method == "POST" and form.is_valid():
        try:
            unchecked = ""
            if "base_branch" in form.changed_data:
                unchecked = check_branch(project, form.cleaned_data["base_branch"], field="base_branch")
            actions.change_sprint(found, by=request.user, **form.cleaned_data)
        except (InvalidInput, NotPermitted) as problem:
            form.add_problem(problem)
        else:
            _tell(request, "The sprint is saved.", unchecked)
            return redirect("tracks:edit_sprint", project=project.slug, sprint=found.slug)
    tracks = found.tracks.select_related("owner").prefetch_related("depends_on", "runs")
    context = {
        "project": project,
        "sprint": found,
        "form": form,
        "tracks": tracks,
        "only_more": reason_against_loosening(request.user, project),
    }
    return render(request, "tracks/setup/edit_sprint.html", context, status=form.status)


@in_project(Permission.PLAN)
@require_http_methods(["GET", "POST"])
def new_track(request: ProjectRequest, sprint: str) -> HttpResponse:
    found = _sprint(request, sprint)
    form = TrackForm(request.POST if request.method == "POST" else None, sprint=found)
    if request.method == "POST" and form.is_valid():
        try:
            unchecked = check_branch(request.at.project, form.cleaned_data["branch"], field="branch")
            track = actions.create_track(found, by=request.user, **form.cleaned_data)
        except InvalidInput as problem:
            form.add_problem(problem)
        else:
            _tell(request, f"Track {track} is added.", unchecked)
            following = "tracks:new_track" if "another" in request.POST else "tracks:edit_sprint"
            return redirect(following, project=request.at.project.slug, sprint=found.slug)
    return _track_page(request, found, form, None)


@in_project(Permission.PLAN)
@require_http_methods(["GET", "POST"])
def edit_track(request: ProjectRequest, sprint: str, key: str) -> HttpResponse:
    found = get_object_or_404(Track, sprint=_sprint(request, sprint), key=key)
    form = TrackForm(request.POST if request.method == "POST" else None, sprint=found.sprint, track=found)
    if request.method == "POST" and form.is_valid():
        try:
            unchecked = ""
            if "branch" in form.changed_data:
                unchecked = check_branch(request.at.project, form.cleaned_data["branch"], field="branch")
            actions.change_track(found, by=request.user, **form.changes)
        except InvalidInput as problem:
            form.add_problem(problem)
        else:
            _tell(request, f"Track {found} is saved.", unchecked)
            return redirect("tracks:edit_sprint", project=request.at.project.slug, sprint=sprint)
    return _track_page(request, found.sprint, form, found)


@in_project(Permission.PLAN)
@require_POST
def remove_track(request: ProjectRequest, sprint: str, key: str) -> HttpResponse:
    found = get_object_or_404(Track, sprint=_sprint(request, sprint), key=key)
    try:
        actions.remove_track(found, by=request.user)
    except InvalidInput as problem:
        messages.error(request, f"{problem.message} {problem.remedy}")
    else:
        messages.success(request, f"Track {found} is removed.")
    return redirect("tracks:edit_sprint", project=request.at.project.slug, sprint=sprint)


def _sprint(request: ProjectRequest, slug: str) -> Sprint:
    return get_object_or_404(
        Sprint.objects.select_related("project", "baseline"), project=request.at.project, slug=slug
    )


def _track_page(request: ProjectRequest, sprint: Sprint, form: Form, track: Track | None) -> HttpResponse:
    context = {"project": request.at.project, "sprint": sprint, "form": form, "track": track}
    return render(request, "tracks/setup/track.html", context, status=form.status)


def _tell(request: ProjectRequest, done: str, unchecked: str) -> None:
    messages.success(request, done)
    if unchecked:
        messages.warning(request, unchecked)

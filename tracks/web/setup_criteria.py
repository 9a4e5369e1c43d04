"""Writing down what a track must show."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from tracks import actions
from tracks.criteria import in_words
from tracks.errors import InvalidInput
from tracks.models import Criterion, Track
from tracks.permissions import Permission
from tracks.statuses import CriterionKind
from tracks.web.access import ProjectRequest, in_project
from tracks.web.criteria_forms import CopyForm, CriterionForm
from tracks.web.criterion_templates import BY_SLUG, GROUPS, Template, template_of

FROM_NOW_ON = "It holds for runs that are started from now on."


@in_project(Permission.PLAN)
def criteria(request: ProjectRequest, sprint: str, key: str) -> HttpResponse:
    track = _track(request, sprint, key)
    rows = list(track.criteria.order_by("position", "id"))
    context = {
        "project": request.at.project,
        "track": track,
        "rows": [(row, in_words(CriterionKind(row.kind), row.definition)) for row in rows],
        "groups": GROUPS,
        "copy": CopyForm(into=track),
    }
    return render(request, "tracks/setup/criteria.html", context)


@in_project(Permission.PLAN)
@require_http_methods(["GET", "POST"])
def new_criterion(request: ProjectRequest, sprint: str, key: str, template: str) -> HttpResponse:
    track = _track(request, sprint, key)
    chosen = BY_SLUG.get(template)
    if chosen is None:
        raise Http404
    form = CriterionForm(request.POST if request.method == "POST" else None, template=chosen)
    if request.method == "POST" and form.is_valid():
        try:
            actions.create_criterion(
                track, kind=chosen.kind, by=request.user, now=timezone.now(), **form.changes
            )
        except InvalidInput as problem:
            form.add_problem(problem)
        else:
            messages.success(request, f"The criterion is added. {FROM_NOW_ON}")
            return _back(request, track)
    return _page(request, track, form, chosen, None)


@in_project(Permission.PLAN)
@require_http_methods(["GET", "POST"])
def edit_criterion(request: ProjectRequest, criterion: int) -> HttpResponse:
    found = _criterion(request, criterion)
    chosen = template_of(found)
    form = CriterionForm(request.POST if request.method == "POST" else None, template=chosen, criterion=found)
    if request.method == "POST" and form.is_valid():
        try:
            version = form.cleaned_data["version"] or 0
            actions.change_criterion(found, version=version, by=request.user, **form.changes)
        except actions.CriterionChanged as changed:
            form.show_change(changed)
        except InvalidInput as problem:
            form.add_problem(problem)
        else:
            messages.success(request, f"The criterion is saved. {FROM_NOW_ON}")
            return _back(request, found.track)
    return _page(request, found.track, form, chosen, found)


@in_project(Permission.PLAN)
@require_POST
def move_criterion(request: ProjectRequest, criterion: int) -> HttpResponse:
    found = _criterion(request, criterion)
    actions.move_criterion(found, by=request.user, places=-1 if request.POST.get("to") == "up" else 1)
    return _back(request, found.track)


@in_project(Permission.PLAN)
@require_POST
def remove_criterion(request: ProjectRequest, criterion: int) -> HttpResponse:
    found = _criterion(request, criterion)
    actions.remove_criterion(found, by=request.user)
    messages.success(request, "The criterion is removed.")
    return _back(request, found.track)


@in_project(Permission.PLAN)
@require_POST
def copy_criteria(request: ProjectRequest, sprint: str, key: str) -> HttpResponse:
    track = _track(request, sprint, key)
    form = CopyForm(request.POST, into=track)
    if not form.is_valid():
        messages.error(request, "Choose the track whose criteria are to be copied.")
        return _back(request, track)
    try:
        count = actions.copy_criteria(form.cleaned_data["source"], track, by=request.user, now=timezone.now())
    except InvalidInput as problem:
        messages.error(request, f"{problem.message} {problem.remedy}".strip())
    else:
        messages.success(request, f"{count} criteria are copied.")
    return _back(request, track)


def _track(request: ProjectRequest, sprint: str, key: str) -> Track:
    tracks = Track.objects.select_related("sprint__project")
    return get_object_or_404(tracks, sprint__project=request.at.project, sprint__slug=sprint, key=key)


def _criterion(request: ProjectRequest, key: int) -> Criterion:
    rows = Criterion.objects.select_related("track__sprint__project")
    return get_object_or_404(rows, pk=key, track__sprint__project=request.at.project)


def _back(request: ProjectRequest, track: Track) -> HttpResponse:
    return redirect(
        "tracks:criteria", project=request.at.project.slug, sprint=track.sprint.slug, key=track.key
    )


def _page(
    request: ProjectRequest,
    track: Track,
    form: CriterionForm,
    template: Template,
    criterion: Criterion | None,
) -> HttpResponse:
    context = {
        "project": request.at.project,
        "track": track,
        "form": form,
        "template": template,
        "criterion": criterion,
    }
    return render(request, "tracks/setup/criterion.html", context, status=form.status)

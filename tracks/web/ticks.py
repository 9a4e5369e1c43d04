"""Saying that a criterion was looked at by hand."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from tracks import actions, queries
from tracks.actions.attachments import BYTES
from tracks.errors import InvalidInput
from tracks.permissions import Permission
from tracks.web.access import ProjectRequest, in_project
from tracks.web.criteria_forms import TickForm


@in_project(Permission.TRIAGE)
@require_POST
def tick(request: ProjectRequest, run: int, criterion: int) -> HttpResponse:
    found = get_object_or_404(queries.runs_of(request.at.project).select_related("track", "sprint"), pk=run)
    form = TickForm(request.POST, request.FILES)
    try:
        if not form.is_valid():
            raise InvalidInput(" ".join(str(each) for errors in form.errors.values() for each in errors))
        upload = form.cleaned_data["file"]
        actions.tick_criterion(
            found,
            criterion,
            holds=form.cleaned_data["holds"] == "yes",
            evidence=form.cleaned_data["evidence"],
            # One byte more than is taken says enough of a file that is too large.
            file=(upload.name, upload.read(BYTES + 1)) if upload else None,
            by=request.user,
            now=timezone.now(),
        )
    except InvalidInput as problem:
        messages.error(request, f"{problem.message} {problem.remedy}".strip())
    else:
        messages.success(request, "What you have seen is noted.")
    if found.track and found.sprint:
        project, sprint, key = request.at.project.slug, found.sprint.slug, found.track.key
        return redirect("reports:track", project=project, sprint=sprint, key=key)
    return redirect("tracks:run", project=request.at.project.slug, run=found.pk)

"""Looking for new commits now, instead of when it is the project's turn."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from tracks import doorbell, queries, repositories
from tracks.models import Sprint
from tracks.permissions import Permission
from tracks.web.access import ProjectRequest, in_project


@require_POST
@in_project(Permission.RUN)
def look(request: ProjectRequest, sprint: str) -> HttpResponseBase:
    """Ask the repository for the heads of all branches; the page that was asked from says what is new."""
    found = get_object_or_404(Sprint, project=request.at.project, slug=sprint)
    repositories.look(request.at.project, now=timezone.now())
    doorbell.tell_of_heads(request.at.project.pk)
    fresh = queries.with_new_commits(found.tracks.all())
    keys = ", ".join(found.tracks.filter(pk__in=fresh).values_list("key", flat=True))
    if keys:
        messages.info(request, f"New commits on {keys}.")
    else:
        messages.info(request, "No new commits on the tracks of this sprint.")
    if request.htmx:
        return HttpResponseClientRefresh()
    return redirect("reports:sprint", project=request.at.project.slug, sprint=sprint)

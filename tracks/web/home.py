"""The first page: a person's projects, each with the sprint in work."""

from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from tracks.models import Membership, Sprint, User
from tracks.queries import projects_of
from tracks.web.access import SignedInRequest, signed_in


@signed_in
@require_safe
def home(request: SignedInRequest) -> HttpResponseBase:
    """The board itself, where there is but one that it could be."""
    found = list(_projects_with_sprint(request.user)[:2])
    if len(found) == 1 and found[0].sprint_slug:
        return redirect("reports:sprint", project=found[0].slug, sprint=found[0].sprint_slug)
    return projects(request)


@signed_in
@require_safe
def projects(request: SignedInRequest) -> HttpResponse:
    return render(request, "tracks/home.html", {"projects": _projects_with_sprint(request.user)})


def _projects_with_sprint(user: User) -> QuerySet[Any]:
    """The user's projects with ``sprint_slug``, ``sprint_name`` and ``track_count`` of the newest sprint,
    and the user's ``role`` (None for an operator who is no member)."""
    newest = Sprint.objects.filter(project=OuterRef("pk")).order_by("-created_at", "-pk")
    role = Membership.objects.filter(project=OuterRef("pk"), user=user)
    return projects_of(user).annotate(
        sprint_slug=Subquery(newest.values("slug")[:1]),
        sprint_name=Subquery(newest.values("name")[:1]),
        track_count=Subquery(newest.annotate(count=Count("tracks")).values("count")[:1]),
        role=Subquery(role.values("role")[:1]),
    )

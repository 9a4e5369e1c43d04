"""Changing the findings that were chosen on a list, all alike."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from reports.web.findings.listing import PAGE, show_list
from reports.web.findings.places import numbers_in
from tracks import actions, queries
from tracks.errors import InvalidInput
from tracks.finding_statuses import FindingKind, FindingStatus, Severity
from tracks.models import Finding, User
from tracks.permissions import Permission
from tracks.web.access import ProjectRequest, in_project


@require_POST
@in_project(Permission.TRIAGE)
def change_findings(request: ProjectRequest) -> HttpResponse:
    """Change all that are chosen alike; where that cannot be, the list says why."""
    project, posted = request.at.project, request.POST
    keys = numbers_in(posted.getlist("finding")[:PAGE])
    chosen = list(Finding.objects.filter(track__sprint__project=project, pk__in=keys))
    try:
        changed = actions.findings.change_findings(
            chosen,
            status=FindingStatus(posted["status"]) if posted.get("status") in set(FindingStatus) else None,
            note=posted.get("note", ""),
            by=request.user,
            now=timezone.now(),
            **_changes(request),
        )
    except InvalidInput as problem:
        return show_list(request, problem, chosen=keys)
    messages.success(request, f"{', '.join(str(each) for each in changed)} changed.")
    return redirect(f"{reverse('reports:findings', args=[project.slug])}?{request.GET.urlencode()}")


def _changes(request: ProjectRequest) -> dict[str, object]:
    """What is to be changed, as chosen; an assignee may be taken away."""
    posted = request.POST
    changes: dict[str, object] = {}
    if posted.get("severity") in set(Severity):
        changes["severity"] = Severity(posted["severity"])
    if posted.get("kind") in set(FindingKind):
        changes["kind"] = FindingKind(posted["kind"])
    if assignee := posted.get("assignee", ""):
        members = User.objects.filter(memberships__project=request.at.project)
        nobody = assignee == queries.NOBODY
        changes["assignee"] = None if nobody else get_object_or_404(members, pk__in=numbers_in([assignee]))
    return changes

"""Sharing an edition with readers who have no account: making links on its page, and revoking them."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from reports import actions
from reports.models import ShareLink
from reports.web.report.editions import edition_page, find_edition
from reports.web.report.forms import ShareForm
from tracks.errors import InvalidInput
from tracks.permissions import Permission
from tracks.web.access import ProjectRequest, in_project


@require_POST
@in_project(Permission.PUBLISH)
def share(request: ProjectRequest, sprint: str, edition: int) -> HttpResponse:
    """The link is on the answer's page, and nowhere ever after."""
    found = find_edition(request, sprint, edition)
    form = ShareForm(request.POST)
    told: dict[str, Any] = {"share_form": form}
    if form.is_valid():
        try:
            link, token = actions.share(found, **form.cleaned_data, by=request.user, now=timezone.now())
        except InvalidInput as problem:
            form.add_problem(problem)
        else:
            address = request.build_absolute_uri(reverse("reports:shared", args=[token]))
            told = {"share_form": ShareForm(), "made": link, "address": address}
    return edition_page(request, found, status=form.status, **told)


@require_POST
@in_project(Permission.PUBLISH)
def revoke(request: ProjectRequest, link: int) -> HttpResponseBase:
    links = ShareLink.objects.select_related("publication__sprint__project").defer("publication__content")
    found = get_object_or_404(links, publication__sprint__project=request.at.project, pk=link)
    actions.revoke_link(found, by=request.user, now=timezone.now())
    messages.success(request, "The link is revoked; it does nothing any more.")
    publication = found.publication
    page = reverse(
        "reports:publication", args=[request.at.project.slug, publication.sprint.slug, publication.number]
    )
    return redirect(f"{page}#share")

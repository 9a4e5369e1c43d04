"""Claiming that a commit fixes findings, and taking that back."""

import re
from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from reports.web.findings.branch import Refused, show_branch
from reports.web.findings.finding import show as show_finding
from reports.web.findings.places import find, find_track, numbers_in
from tracks import actions, queries, repositories
from tracks.actions.findings import SHA
from tracks.errors import InvalidInput, QAError
from tracks.models import Claim, Finding, Track
from tracks.permissions import Permission
from tracks.web.access import ProjectRequest, in_project

SHORT = re.compile(r"[0-9a-f]{7,39}")
MOST = 500
"""Of so many findings one claim may be."""


@require_POST
@in_project(Permission.CLAIM)
def claim_fix(request: ProjectRequest, sprint: str, key: str) -> HttpResponse:
    """Claim the track's findings whose numbers are posted, at a commit or at the branch's head; where that
    cannot be, the page says why beside what was typed."""
    track = find_track(request, sprint, key)
    numbers = numbers_in(request.POST.getlist("finding")[:MOST])
    chosen = list(Finding.objects.filter(track=track, number__in=numbers).select_related("track"))
    try:
        claim = actions.findings.claim_fix(
            chosen,
            sha=_commit(track, request.POST.get("sha", "").strip().lower()),
            note=request.POST.get("note", ""),
            by=request.user,
            now=timezone.now(),
        )
    except QAError as problem:
        return _show_again(request, track, numbers, problem)
    messages.success(
        request, f"{_names(chosen)} claimed at {claim.sha[:7]}. Run {claim.run_id} is the retest."
    )
    return _back(request, track)


@require_POST
@in_project(Permission.CLAIM)
def withdraw_claim(request: ProjectRequest, claim: int) -> HttpResponse:
    claims = Claim.objects.select_related("track__sprint__project")
    found = get_object_or_404(claims, track__sprint__project=request.at.project, pk=claim)
    actions.findings.withdraw_claim(found, by=request.user, now=timezone.now())
    messages.success(request, f"The claim of {found.sha[:7]} is withdrawn; its run goes on.")
    return _back(request, found.track)


def _show_again(
    request: ProjectRequest, track: Track, numbers: Sequence[int], problem: QAError
) -> HttpResponse:
    """The page that the form stood on, with what was typed and why it is refused."""
    if request.POST.get("form") == "finding" and len(numbers) == 1:
        return show_finding(request, find(request, track.sprint.slug, track.key, numbers[0]), problem)
    return show_branch(request, track.branch, Refused(track, numbers, problem))


def _commit(track: Track, typed: str) -> str:
    """The commit that was typed; the branch's head where nothing was. Raises InvalidInput, SubjectError."""
    if not typed:
        return repositories.resolve_branch(track.sprint.project, track.branch)
    known = {typed} if SHA.fullmatch(typed) else _beginning_with(track, typed)
    if len(known) != 1:
        raise InvalidInput(
            f"'{typed[:60]}' is {'more than one' if known else 'no'} commit that a run of this track knows.",
            remedy="Give the 40 characters of its SHA, or nothing for the branch's head.",
            field="sha",
        )
    return known.pop()


def _beginning_with(track: Track, typed: str) -> set[str]:
    """Of the branch's head and the commits that the track's runs know, those that begin so."""
    if not SHORT.fullmatch(typed):
        return set()
    runs = queries.iterations(track).values_list("sha", "commits")
    known = {track.head, *(sha for sha, _ in runs), *(each["sha"] for _, all_ in runs for each in all_)}
    return {sha for sha in known if sha.startswith(typed)}


def _names(findings: Sequence[Finding]) -> str:
    return ", ".join(str(each) for each in findings)


def _back(request: ProjectRequest, track: Track) -> HttpResponse:
    """To the page that the form stood on."""
    wanted = request.POST.get("back", "")
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return redirect(wanted)
    return redirect("reports:track", track.sprint.project.slug, track.sprint.slug, track.key)

"""Recording a finding, from what the address says was seen, and editing one.

?run=17&signature=…   ?run=17&test=3&test=4   ?run=17&criterion=5      what the form is filled with
"""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from reports.web.findings.forms import FindingForm
from reports.web.findings.places import address, find, find_track, numbers_in
from reports.web.findings.sources import EMPTY, TESTS, Draft, draft_of
from tracks import actions, queries
from tracks.actions.findings import Content, content_of
from tracks.errors import InvalidInput
from tracks.models import Finding, Run, Track
from tracks.permissions import Permission
from tracks.web.access import ProjectRequest, in_project


@in_project(Permission.TRIAGE)
@require_http_methods(["GET", "POST"])
def new_finding(request: ProjectRequest, sprint: str, key: str) -> HttpResponse:
    track = find_track(request, sprint, key)
    draft = _draft(request, track)
    posted = request.POST if request.method == "POST" else None
    same = _maybe_same(track, draft, draft.content)
    form = FindingForm(posted, project=request.at.project, content=draft.content, known=_keys(same))
    if posted is not None and form.is_valid():
        same = _maybe_same(track, draft, form.content)
        if {each.pk for each in same} <= form.known_findings:
            try:
                return _record(request, track, draft, form.content)
            except InvalidInput as problem:
                form.add_problem(problem)
        else:
            form.retype(known=_keys(same))
            form.add_error(None, "This may be recorded already: see above. Record it again if it is not.")
    context = {"track": track, "sprint": track.sprint, "form": form, "draft": draft, "same": same}
    return render(request, "reports/findings/new.html", context | _SECTION, status=form.status)


@in_project(Permission.TRIAGE)
@require_http_methods(["GET", "POST"])
def edit_finding(request: ProjectRequest, sprint: str, key: str, number: int) -> HttpResponse:
    found = find(request, sprint, key, number)
    posted = request.POST if request.method == "POST" else None
    form = FindingForm(posted, project=request.at.project, content=content_of(found), version=found.version)
    if posted is not None and form.is_valid():
        version = form.cleaned_data["version"] or 0
        try:
            actions.findings.change_finding(
                found, form.content, version=version, by=request.user, now=timezone.now()
            )
        except actions.findings.Changed as changed:
            form.show_changes(changed)
        except InvalidInput as problem:
            form.add_problem(problem)
        else:
            messages.success(request, f"{found} is saved.")
            return redirect(address(found))
    context = {"finding": found, "track": found.track, "sprint": found.track.sprint, "form": form}
    return render(request, "reports/findings/edit.html", context | _SECTION, status=form.status)


_SECTION = {"section": "findings"}


def _record(request: ProjectRequest, track: Track, draft: Draft, content: Content) -> HttpResponse:
    finding = actions.findings.raise_finding(
        track,
        content,
        by=request.user,
        now=timezone.now(),
        signature=draft.signature,
        criterion=draft.criterion,
        found_in=draft.found_in,
        culprit=draft.culprit,
    )
    messages.success(request, f"{finding} is recorded.")
    return redirect(address(finding))


def _draft(request: ProjectRequest, track: Track) -> Draft:
    """What the address asks for; 404 for a run or criterion that is none of the track's."""
    named = request.GET.get("run", "")
    if not named:
        return EMPTY
    runs = Run.objects.filter(track=track).select_related("project", "track", "sprint")
    run = get_object_or_404(runs.defer(*queries.BLOBS), pk__in=numbers_in([named]))
    asked = request.GET.get("criterion", "")
    criterion = get_object_or_404(track.criteria, pk__in=numbers_in([asked])) if asked else None
    tests = numbers_in(request.GET.getlist("test")[:TESTS])
    digest = request.GET.get("signature", "").replace("\0", "")[:64]
    return draft_of(track, run, digest=digest, tests=tests, criterion=criterion)


def _maybe_same(track: Track, draft: Draft, content: Content) -> list[Finding]:
    return queries.maybe_same(track, signature=draft.signature, tests=content.tests)


def _keys(findings: list[Finding]) -> str:
    return " ".join(str(each.pk) for each in findings)

"""Waiving a gate of a track, and withdrawing that."""

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from reports import actions
from reports.duties import reason_against_excusing
from reports.models import Waiver
from reports.readiness import readiness_of
from reports.statuses import GateKind
from reports.web.findings.places import find_track
from reports.web.gates import row_of
from reports.web.waiver_form import WaiveForm, days
from tracks.errors import InvalidInput, NotPermitted
from tracks.models import Track
from tracks.permissions import Permission
from tracks.web.access import ProjectRequest, in_project
from tracks.web.leading import lead_to


@in_project(Permission.WAIVE)
@require_http_methods(["GET", "POST"])
def waive(request: ProjectRequest, sprint: str, key: str, gate: str) -> HttpResponseBase:
    """The form by itself: where it is refused, it stays."""
    track, now = find_track(request, sprint, key), timezone.now()
    kind = GateKind.__members__.get(gate.upper())
    if kind is None:
        raise Http404
    ready = readiness_of(track.sprint, now=now)[track.pk]
    known = {"until": days(now).usual, "sha": ready.facts.run.sha if ready.facts.run else ""}
    form = WaiveForm(request.POST if request.method == "POST" else None, initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            actions.waive(track, kind, by=request.user, now=now, **form.changes)
        except (InvalidInput, NotPermitted) as problem:
            form.add_problem(problem)
        else:
            messages.success(request, f"'{kind}' is waived for {form.cleaned_data['sha'][:7]}.")
            return _back(request, track)
    found = next((each for each in ready.gates if each.kind is kind), None)
    context = {
        "track": track,
        "sprint": track.sprint,
        "kind": kind,
        "row": row_of(found, ready.facts, ready.gates, track) if found else None,
        "against": reason_against_excusing(request.user, request.at.role, track),
        "form": form,
        "section": "sprints",
    }
    return render(request, "reports/waive.html", context, status=form.status)


@require_POST
@in_project(Permission.WAIVE)
def withdraw_waiver(request: ProjectRequest, waiver: int) -> HttpResponseBase:
    waivers = Waiver.objects.select_related("track__sprint__project")
    found = get_object_or_404(waivers, track__sprint__project=request.at.project, pk=waiver)
    actions.withdraw_waiver(found, by=request.user, now=timezone.now())
    messages.success(request, f"The waiver of '{found.gate}' is withdrawn.")
    return _back(request, found.track)


def _back(request: ProjectRequest, track: Track) -> HttpResponseBase:
    place = [request.at.project.slug, track.sprint.slug, track.key]
    address = f"{reverse('reports:track', args=place)}#gates"
    return lead_to(request, address)

"""Trial integrations: those of a sprint, beginning one, following it, what it has shown."""

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from reports import actions, integration_queries
from reports.models import Integration
from reports.models.integrations import GOING
from reports.planning import plan_of
from reports.readiness import readiness_of
from reports.web import integration_page
from reports.web.pages import find_sprint
from tracks import queries
from tracks.models import Sprint
from tracks.permissions import Permission
from tracks.web.access import ProjectRequest, in_project
from tracks.web.leading import lead_to

PAGE = 20


@in_project(Permission.READ)
def integrations(request: ProjectRequest, sprint: str) -> HttpResponse:
    found = find_sprint(request, sprint)
    stored = Integration.objects.filter(sprint=found)
    page = Paginator(stored.values_list("pk", flat=True), PAGE).get_page(request.GET.get("page"))
    shown = integration_queries.slim(stored.filter(pk__in=list(page)))
    going = stored.filter(state__in=GOING).only("state").first()
    known = readiness_of(found, now=timezone.now())
    choices = integration_page.choices_of(found, known)
    context = {
        "sprint": found,
        "rows": [(each, *integration_queries.has_passed(each)) for each in shown],
        "page": page,
        "choices": choices,
        "plan": plan_of(found, known.values()),
        "reason": request.at.reasons["run"] or integration_page.why_not(found, choices, going),
        "going": going,
        "section": "sprints",
    }
    return render(request, "reports/integrations.html", context)


@in_project(Permission.READ)
def integration(request: ProjectRequest, integration: int) -> HttpResponse:
    return render(
        request, "reports/integration.html", _context(request, find_integration(request, integration))
    )


@in_project(Permission.READ)
def integration_live(request: ProjectRequest, integration: int) -> HttpResponse:
    """What changes while it goes on; nothing (204) while nothing has."""
    known = Integration.objects.filter(sprint__project=request.at.project, pk=integration)
    if not known.exists():
        raise Http404
    if request.GET.get("seen") == integration_queries.revision_of(integration):
        return HttpResponse(status=204)
    return render(
        request, "reports/integration.html#live", _context(request, find_integration(request, integration))
    )


@in_project(Permission.READ)
def integration_of_run(request: ProjectRequest, run: int) -> HttpResponseBase:
    """Leads from a run to the trial integration that it belongs to; where it is of none, to its sprint's."""
    of_run = Integration.objects.filter(Q(run=run) | Q(steps__run=run), sprint__project=request.at.project)
    if found := of_run.first():
        return _lead_to(request, found)
    sprint = get_object_or_404(Sprint, project=request.at.project, runs=run)
    return redirect("reports:integrations", request.at.project.slug, sprint.slug)


@require_POST
@in_project(Permission.RUN)
def start_integration(request: ProjectRequest, sprint: str) -> HttpResponseBase:
    found = find_sprint(request, sprint)
    tracks = found.tracks.filter(key__in=request.POST.getlist("tracks"))
    begun = actions.start_integration(found, tracks, by=request.user, now=timezone.now())
    return _lead_to(request, begun)


@require_POST
@in_project(Permission.RUN)
def stop_integration(request: ProjectRequest, integration: int) -> HttpResponseBase:
    found = find_integration(request, integration)
    actions.stop_integration(found, by=request.user, now=timezone.now())
    return _lead_to(request, found)


def find_integration(request: ProjectRequest, number: int) -> Integration:
    """One of the project's, else 404."""
    found = Integration.objects.select_related("started_by", "run", "baseline", "sprint__project")
    blobs = [f"{of}__{blob}" for of in ("run", "baseline") for blob in queries.BLOBS]
    return get_object_or_404(found.defer(*blobs), sprint__project=request.at.project, pk=number)


def _context(request: ProjectRequest, found: Integration) -> dict[str, object]:
    revision = integration_queries.revision_of(found.pk)  # first: what changes meanwhile is asked for again
    steps = integration_queries.steps_of(found)
    passed, sentence = integration_queries.has_passed(found)
    names = queries.node_ids(request.at.project, [each["test"] for each in found.interactions])
    errors = queries.titles_of(found.run) if found.run and found.interactions else {}
    return {
        "integration": found,
        "sprint": found.sprint,
        "passed": passed,
        "sentence": sentence,
        "lines": integration_page.lines_of(found),
        "steps": steps,
        "groups": integration_page.groups_of(found, names, errors),
        "revision": revision,
        "section": "sprints",
    }


def _lead_to(request: ProjectRequest, found: Integration) -> HttpResponseBase:
    address = reverse("reports:integration", args=[request.at.project.slug, found.pk])
    return lead_to(request, address)

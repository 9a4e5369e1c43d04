"""Running newly broken tests again: asking for it, following it, what it has shown."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from reports import actions, diagnoses
from reports.models import Diagnosis
from reports.queries import newly_broken
from reports.statuses import DiagnosisKind
from reports.web import verdicts
from tracks import queries
from tracks.errors import InvalidInput
from tracks.models import Run
from tracks.permissions import Permission
from tracks.statuses import PART_KINDS
from tracks.web.access import ProjectRequest, in_project
from tracks.web.leading import lead_to


@in_project(Permission.READ)
def diagnosis(request: ProjectRequest, diagnosis: int) -> HttpResponse:
    return render(request, "reports/diagnosis.html", _context(request, _find(request, diagnosis)))


@in_project(Permission.READ)
def diagnosis_live(request: ProjectRequest, diagnosis: int) -> HttpResponse:
    """What changes while it goes on; nothing (204) while nothing has."""
    context = _context(request, _find(request, diagnosis))
    if request.GET.get("seen") == context["revision"]:
        return HttpResponse(status=204)
    return render(request, "reports/diagnosis.html#live", context)


@in_project(Permission.READ)
def pair_diagnoses(request: ProjectRequest, base: int, head: int) -> HttpResponse:
    """What was found out, and may be, by running again what a head newly broke against a base; the pages of
    both fetch this."""
    runs = _pair(request, base, head)
    latest = diagnoses.latest_of(*runs)
    broken = len(newly_broken(actions.kept_comparison(*runs))) if _is_whole(*runs) else 0
    shown = [
        (kind, title, latest.get(kind), verdicts.summary(latest[kind]) if kind in latest else [])
        for kind, title in verdicts.TITLES.items()
    ]
    context: dict[str, object] = {"base": runs[0], "head": runs[1], "broken": broken, "shown": shown}
    context["going"] = any(each.is_going for each in latest.values())
    return render(request, "reports/pair_diagnoses.html", context)


@require_POST
@in_project(Permission.RUN)
def start_diagnosis(request: ProjectRequest, base: int, head: int) -> HttpResponseBase:
    if request.POST.get("kind") not in set(DiagnosisKind):
        raise InvalidInput("There is no such diagnosis.")
    comparison = actions.kept_comparison(*_pair(request, base, head))
    kind = DiagnosisKind(request.POST["kind"])
    found = actions.start_diagnosis(kind, comparison, by=request.user, now=timezone.now())
    return _lead_to(request, found)


@require_POST
@in_project(Permission.RUN)
def stop_diagnosis(request: ProjectRequest, diagnosis: int) -> HttpResponseBase:
    found = _find(request, diagnosis)
    actions.stop_diagnosis(found, by=request.user, now=timezone.now())
    return _lead_to(request, found)


def _find(request: ProjectRequest, number: int) -> Diagnosis:
    found = Diagnosis.objects.select_related("started_by", "base", "head__track", "head__sprint")
    blobs = [f"{side}__{blob}" for side in ("base", "head") for blob in queries.BLOBS]
    return get_object_or_404(found.defer(*blobs), head__project=request.at.project, pk=number)


def _pair(request: ProjectRequest, base: int, head: int) -> tuple[Run, Run]:
    runs = queries.runs_of(request.at.project).defer(None).defer("plan").select_related("project")
    return get_object_or_404(runs, pk=base), get_object_or_404(runs, pk=head)


def _is_whole(base: Run, head: Run) -> bool:
    """Whether both have ended and are runs of whole branches."""
    return not any(run.is_active or run.kind in PART_KINDS for run in (base, head))


def _context(request: ProjectRequest, found: Diagnosis) -> dict[str, object]:
    steps = diagnoses.steps_of(found)
    names = queries.node_ids(request.at.project, verdicts.numbers_in(found))
    return {
        "diagnosis": found,
        "title": verdicts.TITLES[DiagnosisKind(found.kind)],
        "steps": [
            (step, verdicts.PARTS[step.part], verdicts.subject_of(found, step.run.sha)) for step in steps
        ],
        "groups": verdicts.groups(found, names),
        "progress": verdicts.progress(found, steps, now=timezone.now()),
        "revision": f"{found.state}-{len(steps)}-{sum(step.run.revision for step in steps)}",
        "section": "runs",
    }


def _lead_to(request: ProjectRequest, found: Diagnosis) -> HttpResponseBase:
    address = reverse("reports:diagnosis", args=[request.at.project.slug, found.pk])
    return lead_to(request, address)

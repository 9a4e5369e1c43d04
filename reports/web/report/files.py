"""Reports as files. What takes no time is made at once; a PDF is asked for, followed and then fetched.

draft or edition ┬ GET  Markdown, HTML, JSON ──> an attachment
                 └ POST PDF ──> its page, every second until it is made ──> GET, an attachment
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from reports import actions, rendering_queries
from reports.models import Publication, Rendering
from reports.publication_queries import edition_of
from reports.rendering import Draft
from reports.rendering.files import TYPES, file_of
from reports.statuses import Format, RenderingState
from reports.summarising import summary_of
from reports.web.pages import find_sprint
from tracks.models import Sprint
from tracks.permissions import Permission
from tracks.web.access import ProjectRequest, in_project
from tracks.web.shapes import duration

AT_ONCE = frozenset({Format.MARKDOWN, Format.HTML, Format.JSON})


@dataclass(frozen=True, slots=True)
class Files:
    """What ``reports/report/files.html`` shows. ``rendering`` is the PDF, where somebody has asked for it."""

    publication: Publication | None
    rendering: Rendering | None
    progress: str


def files_of(sprint: Sprint, digest: str, publication: Publication | None = None) -> Files:
    """Those of an edition or, by its digest, of a draft."""
    rendering = rendering_queries.rendering_of(sprint, Format.PDF, digest)
    return Files(publication, rendering, _progress(rendering, timezone.now()) if rendering else "")


@require_safe
@in_project(Permission.READ)
def draft_file(request: ProjectRequest, sprint: str, kind: str) -> HttpResponse:
    wanted = _at_once(kind)
    found = find_sprint(request, sprint)
    summary = summary_of(found, now=timezone.now())
    made = file_of(wanted, summary.content(), Draft(summary.digest))
    return _attached(made, wanted, found, "draft")


@require_safe
@in_project(Permission.READ)
def edition_file(request: ProjectRequest, sprint: str, edition: int, kind: str) -> HttpResponse:
    wanted = _at_once(kind)
    found = _find_publication(request, sprint, edition)
    made = file_of(wanted, found.content, edition_of(found))
    return _attached(made, wanted, found.sprint, str(found.number))


@require_POST
@in_project(Permission.READ)
def ask_for_draft(request: ProjectRequest, sprint: str) -> HttpResponseBase:
    found, now = find_sprint(request, sprint), timezone.now()
    summary = summary_of(found, now=now)
    asked = actions.ask_for_rendering(found, Format.PDF, summary=summary, by=request.user, now=now)
    return redirect("reports:rendering", request.at.project.slug, asked.pk)


@require_POST
@in_project(Permission.READ)
def ask_for_edition(request: ProjectRequest, sprint: str, edition: int) -> HttpResponseBase:
    found, now = _find_publication(request, sprint, edition), timezone.now()
    asked = actions.ask_for_rendering(found.sprint, Format.PDF, publication=found, by=request.user, now=now)
    return redirect("reports:rendering", request.at.project.slug, asked.pk)


@require_safe
@in_project(Permission.READ)
def rendering(request: ProjectRequest, rendering: int) -> HttpResponse:
    found = _find_rendering(request, rendering)
    context = {"files": files_of(found.sprint, found.digest, found.publication), "sprint": found.sprint}
    return render(request, "reports/report/rendering.html", context | {"section": "sprints"})


@require_safe
@in_project(Permission.READ)
def rendering_live(request: ProjectRequest, rendering: int) -> HttpResponse:
    """How far it is; nothing (204) while nothing has changed since what was seen. Of one that is gone a page
    would ask for ever: it is told so, and asks no more."""
    found = _renderings(request).filter(pk=rendering).first()
    if found is None:
        return render(request, "reports/report/gone.html")
    files = files_of(found.sprint, found.digest, found.publication)
    if request.GET.get("seen") == files.progress:
        return HttpResponse(status=204)
    return render(request, "reports/report/pdf.html", {"files": files, "sprint": found.sprint})


@require_safe
@in_project(Permission.READ)
def rendering_file(request: ProjectRequest, rendering: int) -> HttpResponse:
    """The file itself; 404 until it is made."""
    found = _find_rendering(request, rendering)
    if found.state != RenderingState.DONE or found.file is None:
        raise Http404
    name = str(found.publication.number) if found.publication else "draft"
    return _attached(bytes(found.file), Format(found.format), found.sprint, name)


def _at_once(kind: str) -> Format:
    if kind not in AT_ONCE:
        raise Http404
    return Format(kind)


def _find_publication(request: ProjectRequest, sprint: str, number: int) -> Publication:
    """One of the project's, else 404."""
    editions = Publication.objects.select_related("sprint__project")
    return get_object_or_404(editions, sprint__project=request.at.project, sprint__slug=sprint, number=number)


def _find_rendering(request: ProjectRequest, key: int) -> Rendering:
    """One of the project's, else 404."""
    return get_object_or_404(_renderings(request), pk=key)


def _renderings(request: ProjectRequest) -> QuerySet[Rendering]:
    return rendering_queries.without_bytes().filter(sprint__project=request.at.project)


def _progress(rendering: Rendering, now: datetime) -> str:
    """What there is to say while it is made; it is another sentence whenever something has changed."""
    if rendering.state == RenderingState.WAITING:
        return "waits for a worker"
    if rendering.state != RenderingState.RENDERING or rendering.begun_at is None:
        return ""
    told = f"being made for {duration((now - rendering.begun_at).total_seconds())}"
    needed = rendering_queries.seconds_needed(rendering.sprint, Format(rendering.format))
    return told if needed is None else f"{told}; the last ones took {duration(needed)}"


def _attached(made: bytes, kind: Format, sprint: Sprint, name: str) -> HttpResponse:
    headers = {
        "Content-Disposition": f'attachment; filename="report-{sprint.slug}-{name}.{kind}"',
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(made, content_type=TYPES[kind], headers=headers)

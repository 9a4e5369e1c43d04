"""The developer's page: what is to be mended on a branch, worst first, and the form that claims it.

branch ── its tracks' findings to mend, page by page ──reports.web.findings.works──> TrackWork
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reports.web.findings.works import Work, works_on
from tracks import queries
from tracks.errors import QAError
from tracks.models import Run, Track
from tracks.permissions import Permission
from tracks.web.access import ProjectRequest, in_project
from tracks.web.errors import status_of_form

PAGE = 50


@dataclass(frozen=True)
class Refused:
    """A claim of the track's findings with these numbers that could not be made."""

    track: Track
    numbers: Collection[int]
    problem: QAError


@dataclass(frozen=True)
class TrackWork:
    """``chosen`` and ``typed`` are of a claim that was refused."""

    track: Track
    run: Run | None
    works: Sequence[Work]
    chosen: Collection[int] = ()
    typed: Mapping[str, str] = field(default_factory=dict)


@in_project(Permission.READ)
@require_safe
def branch(request: ProjectRequest, branch: str) -> HttpResponse:
    return show_branch(request, branch)


def show_branch(request: ProjectRequest, branch: str, refused: Refused | None = None) -> HttpResponse:
    """The branch's page; with a claim that was refused also what was typed, so that nothing is lost."""
    project = request.at.project
    tracks = queries.tracks_of_branch(project, branch)
    if not tracks:
        raise Http404("No track works on that branch.")
    wanted = request.POST if refused else request.GET
    page = Paginator(queries.findings_on_branch(project, branch), PAGE).get_page(wanted.get("page"))
    runs = queries.latest_results(tracks)
    works = works_on(project, list(page.object_list), runs)
    on_page = [_on_track(request, track, runs.get(track.pk), works, refused) for track in tracks]
    context = {
        "branch": branch,
        "page": page,
        "tracks": [each for each in on_page if each.works or page.paginator.num_pages == 1],
        "problem": refused.problem if refused else None,
        "section": "findings",
    }
    status = status_of_form(refused.problem if refused else None)
    return render(request, "reports/findings/branch.html", context, status=status)


def _on_track(
    request: ProjectRequest, track: Track, run: Run | None, works: Sequence[Work], refused: Refused | None
) -> TrackWork:
    mine = [each for each in works if each.finding.track_id == track.pk]
    if refused is None or refused.track != track:
        return TrackWork(track, run, mine)
    return TrackWork(track, run, mine, refused.numbers, request.POST.dict())

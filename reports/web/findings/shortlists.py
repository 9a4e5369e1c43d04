"""What is to be mended: of a track, for its page, and of a person, everywhere."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reports.web.findings.filters import Sort
from reports.web.findings.listing import PAGE, ordered
from reports.web.findings.places import find_track
from tracks import queries
from tracks.models import Finding
from tracks.permissions import Permission
from tracks.web.access import ProjectRequest, SignedInRequest, in_project, signed_in

ON_TRACK = 8
"""How many findings the page of a track names."""


@in_project(Permission.READ)
@require_safe
def track_findings(request: ProjectRequest, sprint: str, key: str) -> HttpResponse:
    """What is to be mended on a track, for its page."""
    track = find_track(request, sprint, key)
    counts = queries.open_by_severity(track)
    wanted = queries.Wanted(sprint=sprint, track=key, status=queries.UNSOLVED)
    shown = ordered(queries.findings_of(request.at.project, wanted), Sort.SEVERITY)[:ON_TRACK]
    context = {
        "track": track,
        "sprint": track.sprint,
        "counts": counts,
        "open": sum(counts.values()),
        "findings": shown,
        "any": bool(counts) or Finding.objects.filter(track=track).exists(),
    }
    return render(request, "reports/findings/of_track.html", context)


@signed_in
@require_safe
def my_findings(request: SignedInRequest) -> HttpResponse:
    page = Paginator(queries.findings_to_mend(request.user), PAGE).get_page(request.GET.get("page"))
    return render(request, "reports/findings/mine.html", {"page": page, "findings": page.object_list})

"""Badges: making and removing them, and the pictures themselves, which anybody may see who knows where.

Badge ──label and Look, kept in the cache for SECONDS──> picture, kept by browsers for SECONDS
"""

from dataclasses import astuple, dataclass

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import conditional_page, require_POST, require_safe

from reports import actions
from reports.models import Badge
from reports.readiness import Readiness, readiness_of
from reports.web.decisions_in_words import Look, look_of
from reports.web.pages import find_sprint
from reports.web.report.badge_picture import draw
from tracks.models import Sprint, Track
from tracks.permissions import Permission
from tracks.web.access import ProjectRequest, in_project, public
from tracks.web.leading import lead_to

SECONDS = 30
"""So long what a badge tells is kept here, and its picture by who has asked for it: both together are the
minute that a badge may be behind."""
UNKNOWN = Look("", "", "unknown")


@dataclass(frozen=True, slots=True)
class Offered:
    """A badge that there is, or could be. ``key`` is its track's, empty for the sprint's; ``markdown`` shows
    it, and leads to what it is of."""

    key: str
    badge: Badge | None
    markdown: str


@require_safe
@public
@conditional_page
def badge(request: HttpRequest, badge_token: str) -> HttpResponse:
    """One that is removed is a picture too: a README's host shows an answer of 404 as a broken one."""
    found = Badge.objects.select_related("sprint__project", "track").filter(token=badge_token).first()
    return _picture(*(_kept(found) if found else ("report", UNKNOWN)))


@require_POST
@in_project(Permission.PUBLISH)
def make(request: ProjectRequest, sprint: str) -> HttpResponseBase:
    """Of the track that the form names, else of the sprint."""
    found = find_sprint(request, sprint)
    key = request.POST.get("track", "")
    track = _track(found, key) if key else None
    actions.make_badge(found, track, by=request.user, now=timezone.now())
    return _lead_back(request, found)


@require_POST
@in_project(Permission.PUBLISH)
def remove(request: ProjectRequest, badge: int) -> HttpResponseBase:
    found = get_object_or_404(
        Badge.objects.select_related("sprint__project", "track"), sprint__project=request.at.project, pk=badge
    )
    actions.remove_badge(found, by=request.user)
    return _lead_back(request, found.sprint)


def offered_in(request: ProjectRequest, sprint: Sprint) -> list[Offered]:
    """The sprint's first, then those of its tracks."""
    there = {each.track_id: each for each in Badge.objects.filter(sprint=sprint)}
    args = [request.at.project.slug, sprint.slug]
    of_sprint = _offered(request, "", there.get(None), reverse("reports:sprint", args=args))
    of_tracks = [
        _offered(request, key, there.get(track), reverse("reports:track", args=[*args, key]))
        for key, track in sprint.tracks.order_by("key").values_list("key", "pk")
    ]
    return [of_sprint, *of_tracks]


def _offered(request: ProjectRequest, key: str, badge: Badge | None, page: str) -> Offered:
    if badge is None:
        return Offered(key, None, "")
    picture = request.build_absolute_uri(reverse("reports:badge", args=[badge.token]))
    return Offered(key, badge, f"[![status]({picture})]({request.build_absolute_uri(page)})")


def _track(sprint: Sprint, key: str) -> Track:
    """The sprint's track of that key, else 404; whatever was sent for a key, PostgreSQL does not see it."""
    for each in sprint.tracks.all():
        if each.key == key:
            return each
    raise Http404


def _kept(badge: Badge) -> tuple[str, Look]:
    """What the badge tells: anybody may ask, and as often as they like, so that it is not found out anew
    each time."""
    key = f"badge:{badge.pk}"
    known = cache.get(key)
    if known is None:
        label, look = _told(badge)
        known = [label, astuple(look)]
        cache.set(key, known, timeout=SECONDS)
    return known[0], Look(*known[1])


def _told(badge: Badge) -> tuple[str, Look]:
    """Its label, and what it says of it."""
    known = readiness_of(badge.sprint, now=timezone.now())
    if badge.track:
        return f"track {badge.track.key}", look_of(known[badge.track.pk].decision)
    return badge.sprint.name, _look_of_sprint(list(known.values()))


def _look_of_sprint(known: list[Readiness]) -> Look:
    """``2 of 3 approved``: how far it is, and whether anything was rejected."""
    if not known:
        return Look("", "", "no tracks")
    approved = sum(each.decision.is_approved for each in known)
    looks = [look_of(each.decision) for each in known]
    tone = (
        "good" if approved == len(known) else "bad" if any(each.tone == "bad" for each in looks) else "info"
    )
    return Look(tone, "", f"{approved} of {len(known)} approved")


def _picture(label: str, look: Look) -> HttpResponse:
    headers = {"Cache-Control": f"max-age={SECONDS}", "X-Content-Type-Options": "nosniff"}
    picture = draw(label, look.text, look.tone)
    return HttpResponse(picture, content_type="image/svg+xml", headers=headers)


def _lead_back(request: ProjectRequest, sprint: Sprint) -> HttpResponseBase:
    page = reverse("reports:report", args=[request.at.project.slug, sprint.slug])
    return lead_to(request, f"{page}#badges")

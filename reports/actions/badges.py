"""Badges: pictures of a sprint's or a track's status, for whoever knows their address."""

import secrets
from datetime import datetime

from django.db import transaction

from reports.models import Badge
from tracks.actions.audit import audit
from tracks.models import Sprint, Track, User


@transaction.atomic
def make_badge(sprint: Sprint, track: Track | None = None, *, by: User, now: datetime) -> Badge:
    """The badge of the sprint, or of its track; the one that there is already, if there is."""
    badge, is_new = Badge.objects.get_or_create(
        sprint=sprint, track=track, defaults={"token": secrets.token_urlsafe(32), "by": by, "at": now}
    )
    if is_new:
        audit("badge.made", badge, actor=by, project=sprint.project, after=_told(badge))
    return badge


@transaction.atomic
def remove_badge(badge: Badge, *, by: User) -> None:
    """Its address shows nothing any more; a badge that is made anew has another."""
    audit("badge.removed", badge, actor=by, project=badge.sprint.project, before=_told(badge))
    badge.delete()


def _told(badge: Badge) -> dict[str, int | None]:
    return {"sprint": badge.sprint_id, "track": badge.track_id}

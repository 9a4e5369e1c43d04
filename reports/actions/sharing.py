"""Letting readers without an account read an edition, by a link that nobody can guess.

share ──> the link's token, shown once; only its digest is kept
count_opening ──> how often somebody read by it, and when last
"""

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from reports.models import Publication, ShareLink
from tracks.actions import digest
from tracks.actions.audit import audit
from tracks.actions.findings.content import checked_text
from tracks.errors import InvalidInput
from tracks.models import User

LABEL = 120
DAYS, MOST_DAYS = 30, 365
"""How long a link is valid where nothing else is said, and at most."""
LINKS = 50
"""So many links of an edition may be valid at a time."""


@transaction.atomic
def share(
    publication: Publication, *, label: str, days: int, by: User, now: datetime
) -> tuple[ShareLink, str]:
    """A link that is valid for so many days, and its token. Raises InvalidInput for what cannot be."""
    label = _checked_label(label)
    if not 1 <= days <= MOST_DAYS:
        raise InvalidInput(f"A link is valid for 1 to {MOST_DAYS} days.", field="days")
    locked = Publication.objects.select_for_update(of=("self",), no_key=True).defer("content")
    shared = locked.select_related("sprint__project").get(pk=publication.pk)
    if shared.share_links.filter(revoked_at=None, expires_at__gt=now).count() >= LINKS:
        raise InvalidInput(f"This report has {LINKS} links already.", remedy="Revoke those not needed.")
    token = secrets.token_urlsafe(32)
    link = ShareLink.objects.create(
        publication=shared,
        token_digest=digest(token),
        label=label,
        by=by,
        at=now,
        expires_at=now + timedelta(days=days),
    )
    audit(
        "sharelink.made",
        link,
        actor=by,
        project=shared.sprint.project,
        after={"publication": shared.pk, "label": label, "expires_at": link.expires_at.isoformat()},
    )
    return link, token


@transaction.atomic
def revoke_link(link: ShareLink, *, by: User, now: datetime) -> None:
    """The link does nothing any more; one that is revoked stays as it is."""
    locked = ShareLink.objects.select_for_update().get(pk=link.pk)
    if locked.revoked_at:
        return
    locked.revoked_at = now
    locked.save(update_fields=["revoked_at"])
    audit(
        "sharelink.revoked",
        locked,
        actor=by,
        project=link.publication.sprint.project,
        before={"label": locked.label},
    )


def count_opening(link: ShareLink, *, now: datetime) -> None:
    """Somebody has read the edition by this link."""
    ShareLink.objects.filter(pk=link.pk).update(opened=F("opened") + 1, opened_at=now)


def _checked_label(label: str) -> str:
    cleaned = checked_text(label, field="label", longest=LABEL)
    if len(cleaned.splitlines()) > 1:
        raise InvalidInput("For whom a link is, is one line.", field="label")
    return cleaned

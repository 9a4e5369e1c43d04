"""Reads of published reports, and of the links by which others read them."""

from datetime import UTC, datetime

from django.db.models import QuerySet

from reports.models import Publication, ShareLink
from reports.publishing import digest_of
from reports.rendering import Edition
from tracks.actions import digest
from tracks.models import Project, Sprint


def editions_of(sprint: Sprint) -> QuerySet[Publication]:
    """Those of the sprint, newest first, without their content."""
    return Publication.objects.filter(sprint=sprint).defer("content").order_by("-number")


def latest_editions(project: Project) -> dict[int, Publication]:
    """The newest edition of each sprint that has one, by the sprint's key; without their content."""
    rows = Publication.objects.filter(sprint__project=project).defer("content")
    return {each.sprint_id: each for each in rows.order_by("sprint_id", "-number").distinct("sprint_id")}


def link_of(token: str, *, now: datetime) -> ShareLink | None:
    """The link of that token with what it lets read; None for one that is unknown, revoked or expired:
    nobody can tell which."""
    links = ShareLink.objects.select_related("publication__sprint__project")
    return links.filter(token_digest=digest(token), revoked_at=None, expires_at__gt=now).first()


def live_links(sprint: Sprint, *, now: datetime) -> QuerySet[ShareLink]:
    """Those by which somebody can read an edition of the sprint, newest first."""
    links = ShareLink.objects.filter(publication__sprint=sprint, revoked_at=None, expires_at__gt=now)
    return links.select_related("by", "publication").defer("publication__content").order_by("-id")


def is_intact(publication: Publication) -> bool:
    """Whether the digest, computed anew from what is kept, is the one that was published."""
    computed = digest_of(
        publication.content,
        number=publication.number,
        by=publication.by_name,
        at=publication.at.astimezone(UTC),
        note=publication.note,
    )
    return computed == publication.digest


def edition_of(publication: Publication) -> Edition:
    """What each format says of the edition; that it was altered among it."""
    return Edition(
        number=publication.number,
        digest=publication.digest,
        by=publication.by_name,
        at=publication.at.astimezone(UTC),
        note=publication.note,
        is_intact=is_intact(publication),
    )

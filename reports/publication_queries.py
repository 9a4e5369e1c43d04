"""Reads of published reports."""

from datetime import UTC

from django.db.models import QuerySet

from reports.models import Publication
from reports.publishing import digest_of
from reports.rendering import Edition
from tracks.models import Project, Sprint


def editions_of(sprint: Sprint) -> QuerySet[Publication]:
    """Those of the sprint, newest first, without their content."""
    return Publication.objects.filter(sprint=sprint).defer("content").order_by("-number")


def latest_editions(project: Project) -> dict[int, Publication]:
    """The newest edition of each sprint that has one, by the sprint's key; without their content."""
    rows = Publication.objects.filter(sprint__project=project).defer("content")
    return {each.sprint_id: each for each in rows.order_by("sprint_id", "-number").distinct("sprint_id")}


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
    """What each format says of the edition."""
    return Edition(publication.number, publication.digest, publication.by_name, publication.at)

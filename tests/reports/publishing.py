"""Reports for tests, published by the product's own actions as by somebody who has just opened the page."""

from datetime import datetime
from typing import Any

from django.db import connection

from reports.actions import publications
from reports.models import Publication
from reports.publishing import seen_of
from reports.summarising import summary_of
from tests.factories import NOON
from tracks.models import Sprint, User


def saw(sprint: Sprint, *, now: datetime = NOON) -> dict[str, Any]:
    """What somebody who opens the report's page sees."""
    return seen_of(summary_of(fresh(sprint), now=now))


def publish(sprint: Sprint, *, by: User, note: str = "", now: datetime = NOON, **other: Any) -> Publication:
    """The report as it is, as the sprint's next edition; ``seen`` may be given."""
    seen = other.get("seen") or saw(sprint, now=now)
    return publications.publish(sprint, seen=seen, note=note, by=by, now=now)


def alter(publication: Publication) -> Publication:
    """As somebody does who gets past the database's trigger."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # triggers do not fire
        cursor.execute(
            "UPDATE reports_publication SET at = at + interval '1 day' WHERE id = %s", [publication.pk]
        )
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    return Publication.objects.get(pk=publication.pk)


def fresh(sprint: Sprint) -> Sprint:
    """The sprint as the database has it."""
    return Sprint.objects.select_related("project", "baseline").get(pk=sprint.pk)

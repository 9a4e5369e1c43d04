"""Reads of trial integrations."""

from reports.gates import IntegrationFact
from tracks.models import Sprint


def facts_of(sprint: Sprint) -> dict[int, IntegrationFact]:
    """The latest trial integration of each track of the sprint that was in one, by its primary key."""
    return {}

"""Finding what an address or a form names; 404 where the project has none."""

from collections.abc import Iterable

from django.shortcuts import get_object_or_404
from django.urls import reverse

from tracks import queries
from tracks.models import Finding, Track
from tracks.web.access import ProjectRequest


def find(request: ProjectRequest, sprint: str, key: str, number: int) -> Finding:
    """The finding with its track and what it was made of."""
    findings = Finding.objects.select_related(
        "track__sprint", "track__owner", "assignee", "signature", "criterion", "raised_by", "found_in__track"
    ).defer("search", *(f"found_in__{blob}" for blob in queries.BLOBS))
    found = get_object_or_404(
        findings,
        track__sprint__project=request.at.project,
        track__sprint__slug=sprint,
        track__key=key,
        number=number,
    )
    found.track.sprint.project = request.at.project
    return found


def find_track(request: ProjectRequest, sprint: str, key: str) -> Track:
    """The track with its sprint and baseline."""
    tracks = Track.objects.select_related("sprint__baseline")
    tracks = tracks.defer(*(f"sprint__baseline__{blob}" for blob in queries.BLOBS))
    found = get_object_or_404(tracks, sprint__project=request.at.project, sprint__slug=sprint, key=key)
    found.sprint.project = request.at.project
    return found


def numbers_in(texts: Iterable[str]) -> list[int]:
    """Those of the texts that are numbers which a row can have."""
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 10]


def address(found: Finding) -> str:
    sprint = found.track.sprint
    return reverse("reports:finding", args=[sprint.project.slug, sprint.slug, found.track.key, found.number])

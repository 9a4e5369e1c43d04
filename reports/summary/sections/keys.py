"""The keys of the sections that others refer to; pure."""

from reports.document import Link
from reports.summary.facts import FindingTold, TrackTold

TITLE = 80
"""So many characters of a title are repeated."""


def of_track(track: TrackTold) -> str:
    return f"track-{track.key.lower()}"


def of_finding(finding: FindingTold) -> str:
    return f"finding-{finding.name.lower()}"


def titled(finding: FindingTold) -> str:
    """The title as it is repeated: a long one stands whole with the finding alone."""
    title = finding.title
    return title if len(title) <= TITLE else f"{title[: TITLE - 1].rstrip()}…"


def to_finding(finding: FindingTold) -> Link:
    return Link(finding.name, f"#{of_finding(finding)}")

"""The keys of the sections that others refer to; pure."""

from reports.document import Link
from reports.summary.facts import FindingTold, TrackTold


def of_track(track: TrackTold) -> str:
    return f"track-{track.key.lower()}"


def of_finding(finding: FindingTold) -> str:
    return f"finding-{finding.name.lower()}"


def to_finding(finding: FindingTold) -> Link:
    return Link(finding.name, f"#{of_finding(finding)}")

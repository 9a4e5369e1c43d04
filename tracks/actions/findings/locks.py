"""Locking findings, in the order of their keys, so that no two wait for each other. Who locks their track too
does so first, and without its key: what whoever holds a finding writes may name the track all the while."""

from collections.abc import Sequence

from tracks.errors import InvalidInput
from tracks.models import Finding, Project, Track

AT_ONCE = 500
"""So many findings may be changed together."""


def lock_finding(finding: Finding) -> Finding:
    """The finding as it is now, locked until the transaction ends."""
    rows = Finding.objects.select_for_update(of=("self",))
    return rows.select_related("track__sprint__project", "assignee").get(pk=finding.pk)


def lock_findings(findings: Sequence[Finding]) -> list[Finding]:
    """As ``lock_finding``, of several. Raises InvalidInput for none, and for too many."""
    if not 1 <= len(findings) <= AT_ONCE:
        raise InvalidInput(
            "No finding is chosen." if not findings else f"{len(findings)} findings are too many at once.",
            remedy=f"Choose from 1 to {AT_ONCE}.",
        )
    rows = Finding.objects.select_for_update(of=("self",)).filter(pk__in=[each.pk for each in findings])
    return list(rows.select_related("track__sprint__project", "assignee").order_by("pk"))


def lock_track(track: Track) -> Track:
    rows = Track.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("sprint__project").get(pk=track.pk)


def project_of(finding: Finding) -> Project:
    return finding.track.sprint.project

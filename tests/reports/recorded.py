"""Findings and claims as people record them, for tests of what retests show of them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from tests.factories import NOON
from tracks.finding_statuses import FindingKind, FindingStatus
from tracks.models import Claim, Finding, Run, TestCase, Track


def create_finding(
    *,
    track: Track,
    found_in: Run | None = None,
    tests: Iterable[str] = (),
    now: datetime = NOON,
    **fields: Any,
) -> Finding:
    """An open defect of the track, of the tests with these node ids."""
    numbers = TestCase.objects.filter(node_id__in=list(tests)).values_list("number", flat=True)
    defaults = {
        "number": track.findings.count() + 1,
        "title": "Prices are missing",
        "kind": FindingKind.DEFECT,
        "status": FindingStatus.OPEN,
        "raised_at": now,
        "changed_at": now,
    }
    return Finding.objects.create(
        track=track, found_in=found_in, tests=sorted(numbers), **(defaults | fields)
    )


def create_claim(finding: Finding, run: Run, *, sha: str = "") -> Claim:
    """A developer's word that the run's commit fixes the finding."""
    by = run.requested_by
    claim = Claim.objects.create(track=finding.track, sha=sha or run.sha, run=run, by=by, at=NOON)
    claim.findings.add(finding)
    Finding.objects.filter(pk=finding.pk).update(status=FindingStatus.CLAIMED)
    return claim

"""A developer's word that a commit fixes findings, and the retest that it starts.

claim_fix ──> Claim ── Run    each finding OPEN ──> CLAIMED         withdraw_claim: CLAIMED ──> OPEN
"""

import re
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from tracks.actions.findings.content import checked_text
from tracks.actions.findings.locks import lock_findings, lock_track
from tracks.actions.findings.statuses import move
from tracks.actions.findings.telling import tell_of_claim
from tracks.actions.starting import AlreadyRunning, start_track_run
from tracks.errors import InvalidInput
from tracks.finding_statuses import FAULT_KINDS, FindingKind, FindingStatus
from tracks.models import Claim, Finding, Run, Track, User
from tracks.permissions import Permission, check_permission, role_in

SHA = re.compile(r"[0-9a-f]{40}")


def check_can_claim(finding: Finding) -> None:
    """Raise InvalidInput where nobody can claim to have fixed the finding as it is now."""
    if FindingKind(finding.kind) not in FAULT_KINDS:
        raise InvalidInput(f"{finding} is a {finding.kind}: there is nothing to fix.", field="findings")
    if finding.status != FindingStatus.OPEN:
        raise InvalidInput(
            f"{finding} is {finding.status}; only an open finding can be claimed.",
            remedy="Reload the page: somebody else may have been faster.",
            field="findings",
        )


def reason_against_claiming(finding: Finding) -> str:
    """Why nobody can claim the finding now, empty where one can."""
    try:
        check_can_claim(finding)
    except InvalidInput as refusal:
        return refusal.message
    return ""


@transaction.atomic
def claim_fix(findings: Sequence[Finding], *, sha: str, note: str, by: User, now: datetime) -> Claim:
    """Claim that the commit fixes the findings, all of one track, and start its retest; a run of that commit
    which goes on already is taken instead. Raises InvalidInput for what cannot be claimed."""
    if not SHA.fullmatch(sha):
        raise InvalidInput(
            f"'{sha[:60]}' is no commit.", remedy="Give the 40 characters of its SHA.", field="sha"
        )
    note = checked_text(note, field="note")
    track = lock_track(_track_of(findings))
    locked = lock_findings(findings)
    for each in locked:
        check_can_claim(each)
    claim = Claim.objects.create(
        track=track, sha=sha, note=note, run=_retest(track, sha, by=by, now=now), by=by, at=now
    )
    claim.findings.set(locked)
    told = {"claim": claim.pk, "sha": sha, "run": claim.run_id, "note": note}
    for each in locked:
        move(each, FindingStatus.CLAIMED, action="finding.claimed", told=told, by=by, now=now)
        tell_of_claim(each, claim, by=by, now=now)
    return claim


@transaction.atomic
def withdraw_claim(claim: Claim, *, by: User, now: datetime) -> Claim:
    """Take the word back; what is claimed anew since stays claimed, the retest goes on. Raises InvalidInput
    where it was withdrawn, NotPermitted for who neither made it nor records findings."""
    track = lock_track(claim.track)
    locked = Claim.objects.select_for_update().get(pk=claim.pk)
    if locked.withdrawn_at:
        raise InvalidInput("This claim is withdrawn already.")
    if locked.by_id != by.pk:
        check_permission(Permission.TRIAGE, role_in(by, track.sprint.project))
    claimed = [each for each in locked.findings.all() if latest_claim(each) == locked]
    for each in lock_findings(claimed) if claimed else ():
        if each.status == FindingStatus.CLAIMED:
            told = {"claim": locked.pk, "sha": locked.sha}
            move(each, FindingStatus.OPEN, action="finding.claim_withdrawn", told=told, by=by, now=now)
    locked.withdrawn_at = now
    locked.save(update_fields=["withdrawn_at"])
    return locked


def latest_claim(finding: Finding) -> Claim | None:
    """The last claim of it that was not withdrawn."""
    return finding.claims.filter(withdrawn_at=None).order_by("id").last()


def _track_of(findings: Sequence[Finding]) -> Track:
    if len({each.track_id for each in findings}) != 1:
        raise InvalidInput(
            "A claim is of findings of one track.", remedy="Choose at least one of them.", field="findings"
        )
    return findings[0].track


def _retest(track: Track, sha: str, *, by: User, now: datetime) -> Run:
    try:
        return start_track_run(track, sha=sha, by=by, now=now)
    except AlreadyRunning as running:
        return running.run

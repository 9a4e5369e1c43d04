"""A tester's word on what a run showed of a finding.

            fixed          not fixed
claimed     verified       open, and the attempt is counted; only a run of the claimed commit says it
open        verified       open
verified    verified       open again
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from tracks.actions.audit import audit
from tracks.actions.findings.claims import latest_claim
from tracks.actions.findings.content import checked_text
from tracks.actions.findings.locks import lock_finding, lock_findings, project_of
from tracks.actions.findings.statuses import move
from tracks.actions.findings.telling import tell_of_ruling
from tracks.errors import InvalidInput
from tracks.finding_statuses import FAULT_KINDS, FindingKind, FindingStatus
from tracks.models import Claim, Finding, Ruling, Run, User

RULED_ON = frozenset({FindingStatus.OPEN, FindingStatus.CLAIMED, FindingStatus.VERIFIED})


def check_can_rule(finding: Finding, run: Run) -> None:
    """Raise InvalidInput where the run says nothing of the finding, or nobody may rule on it now."""
    if FindingKind(finding.kind) not in FAULT_KINDS or finding.status not in RULED_ON:
        raise InvalidInput(
            f"{finding}, a {finding.kind}, is {finding.status}: there is nothing to rule on.",
            remedy="Open it again first.",
        )
    if run.track_id != finding.track_id:
        raise InvalidInput(f"Run {run.pk} is none of {finding}'s track.")
    if run.ended_at is None:
        raise InvalidInput(f"Run {run.pk} has not ended yet.", remedy="Wait for its end.")
    check_answers(finding, run, latest_claim(finding))
    if ruled := Ruling.objects.filter(finding=finding, run=run).select_related("by").first():
        raise InvalidInput(
            f"{ruled.by or 'Somebody'} has ruled on {finding} in run {run.pk} already.",
            remedy="Test the branch again, or set its status with a note.",
        )


def check_answers(finding: Finding, run: Run, claim: Claim | None) -> None:
    """Raise InvalidInput where the finding is claimed, by ``claim``, at another commit than the run's."""
    if finding.status == FindingStatus.CLAIMED and claim and claim.sha != run.sha:
        raise InvalidInput(
            f"{finding} is claimed to be fixed at {claim.sha[:7]}; this run is of {run.sha[:7]}.",
            remedy="Rule on the claim's retest, or withdraw the claim.",
        )


def reason_against_answering(finding: Finding, run: Run, claim: Claim | None) -> str:
    """Why the run does not answer the claim, empty where it does or where there is none."""
    try:
        check_answers(finding, run, claim)
    except InvalidInput as refusal:
        return refusal.message
    return ""


@transaction.atomic
def confirm(verdicts: Sequence[tuple[Finding, Run, str]], *, by: User, now: datetime) -> list[Ruling]:
    """Take the machine's verdicts for what they say, all of them or none; raises as ``rule`` does."""
    lock_findings([finding for finding, _, _ in verdicts])
    return [
        rule(
            finding, run, fixed=verdict == FindingStatus.VERIFIED, verdict=verdict, reason="", by=by, now=now
        )
        for finding, run, verdict in verdicts
    ]


@transaction.atomic
def rule(
    finding: Finding, run: Run, *, fixed: bool, verdict: str, reason: str, by: User, now: datetime
) -> Ruling:
    """Confirm or overrule what the run showed, as the machine's ``verdict`` says it; the only one that says
    "fixed" is FindingStatus.VERIFIED's, empty is none.

    Raises InvalidInput where nobody may rule, and without a reason where it overrules the verdict or takes
    for fixed what none has shown.
    """
    locked = lock_finding(finding)
    check_can_rule(locked, run)
    reason = checked_text(reason, field="reason")
    agrees = fixed == (verdict == FindingStatus.VERIFIED)
    if not agrees and not reason:
        raise InvalidInput(
            f"The machine's verdict is '{verdict or 'none'}'.",
            remedy="Say why you overrule it.",
            field="reason",
        )
    overrules = bool(verdict) and not agrees
    ruling = Ruling.objects.create(
        finding=locked,
        run=run,
        fixed=fixed,
        verdict=verdict,
        overrules=overrules,
        reason=reason,
        by=by,
        at=now,
    )
    told = {"run": run.pk, "fixed": fixed, "verdict": verdict, "overrules": overrules, "reason": reason}
    follows = FindingStatus.VERIFIED if fixed else FindingStatus.OPEN
    if locked.status == FindingStatus.CLAIMED and not fixed:
        locked.attempts += 1
    if locked.status == follows:
        audit("finding.ruled", locked, actor=by, project=project_of(locked), after=told | {"status": follows})
    else:
        move(locked, follows, action="finding.ruled", told=told, by=by, now=now)
    tell_of_ruling(locked, fixed=fixed, by=by, now=now)
    return ruling

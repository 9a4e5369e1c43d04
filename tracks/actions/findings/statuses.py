"""The status of a finding: who may set which by hand, and what a lead decides.

claimed, verified fixed   never by hand: a claim and a tester's ruling bring them
decided                   with the option that was chosen
all others                by a tester or lead, with a note
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from tracks.actions.audit import audit
from tracks.actions.findings.content import checked_text
from tracks.actions.findings.locks import lock_finding, lock_findings, project_of
from tracks.actions.findings.telling import tell_of_decision, tell_of_status
from tracks.errors import InvalidInput, QAError
from tracks.finding_statuses import FINDING_TRANSITIONS, FindingKind, FindingStatus
from tracks.models import Finding, User
from tracks.permissions import Permission, check_is_person, check_permission, role_in
from tracks.statuses import Role

SET_BY_HAND = {
    FindingStatus.OPEN: Permission.TRIAGE,
    FindingStatus.WONT_FIX: Permission.TRIAGE,
    FindingStatus.ACCEPTED_RISK: Permission.DECIDE,
    FindingStatus.NOTED: Permission.TRIAGE,
    FindingStatus.WITHDRAWN: Permission.TRIAGE,
}


def check_can_set(finding: Finding, status: FindingStatus, role: Role | None) -> None:
    """Raise NotPermitted or InvalidInput where that role cannot set the status by hand."""
    if status not in SET_BY_HAND:
        raise InvalidInput(f"Nobody sets a finding to '{status}' by hand.", field="status")
    if status == FindingStatus.OPEN and finding.status == FindingStatus.CLAIMED:
        raise InvalidInput(
            f"{finding} is claimed to be fixed.",
            remedy="Withdraw the claim, or rule on its retest.",
            field="status",
        )
    check_transition(finding, status)
    check_permission(SET_BY_HAND[status], role)


def choices_for(finding: Finding, role: Role | None) -> list[tuple[FindingStatus, str]]:
    """The statuses that somebody could set next, each with why that role may not, empty where it may."""
    following = FINDING_TRANSITIONS[FindingKind(finding.kind)][FindingStatus(finding.status)]
    shown = [status for status in SET_BY_HAND if status in following]
    if finding.status == FindingStatus.CLAIMED:
        shown.remove(FindingStatus.OPEN)
    return [(status, reason_against_setting(finding, status, role)) for status in shown]


def reason_against_setting(finding: Finding, status: FindingStatus, role: Role | None) -> str:
    """Why that role cannot set the status, empty where it can."""
    try:
        check_can_set(finding, status, role)
    except QAError as refusal:
        return refusal.message
    return ""


@transaction.atomic
def set_status(
    findings: Sequence[Finding], status: FindingStatus, *, note: str, by: User, now: datetime
) -> list[Finding]:
    """Set all of them, or none: raises InvalidInput without a note and for the first that cannot be set,
    NotPermitted where ``by`` may not."""
    note = checked_text(note, field="note")
    if not note:
        raise InvalidInput(
            "Say why in a note.", remedy="It is kept in the history of the finding.", field="note"
        )
    locked = lock_findings(findings)
    role = role_in(by, project_of(locked[0]))
    if SET_BY_HAND.get(status) is Permission.DECIDE:
        check_is_person(by)
    for each in locked:
        check_can_set(each, status, role)
        move(each, status, action="finding.status_set", told={"note": note}, by=by, now=now)
        tell_of_status(each, by=by, now=now)
    return locked


@transaction.atomic
def decide_question(finding: Finding, *, choice: int, reason: str, by: User, now: datetime) -> Finding:
    """Record which of the question's options, from 0, is taken. Raises InvalidInput, NotPermitted for who
    may not, and for a service account."""
    locked = lock_finding(finding)
    check_permission(Permission.DECIDE, role_in(by, project_of(locked)))
    check_is_person(by)
    reason = checked_text(reason, field="reason")
    if not 0 <= choice < len(locked.options):
        raise InvalidInput("Choose one of the options.", field="choice")
    if not reason:
        raise InvalidInput("Say why this option is taken.", field="reason")
    option = locked.options[choice]["text"]
    told = {"choice": choice, "option": option, "reason": reason}
    move(locked, FindingStatus.DECIDED, action="finding.decided", told=told, by=by, now=now, choice=choice)
    tell_of_decision(locked, option=option, by=by, now=now)
    return locked


def check_transition(finding: Finding, status: FindingStatus) -> None:
    """Raise InvalidInput where that status cannot follow the finding's own."""
    if status not in FINDING_TRANSITIONS[FindingKind(finding.kind)][FindingStatus(finding.status)]:
        raise InvalidInput(
            f"{finding}, a {finding.kind}, is {finding.status}: it cannot become {status}.",
            remedy="Reload the page: somebody else may have changed it.",
            field="status",
        )


def move(
    finding: Finding,
    status: FindingStatus,
    *,
    action: str,
    told: dict[str, Any],
    by: User,
    now: datetime,
    choice: int | None = None,
) -> Finding:
    """Give a locked finding the status that may follow its own, and note it in the history."""
    check_transition(finding, status)
    before = {"status": finding.status}
    finding.status, finding.choice, finding.changed_at = status, choice, now
    finding.save(update_fields=["status", "choice", "attempts", "changed_at"])
    audit(
        action, finding, actor=by, project=project_of(finding), before=before, after=told | {"status": status}
    )
    return finding

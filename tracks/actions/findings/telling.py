"""Whom a change of a finding concerns, and how they are told.

assigned    the assignee
claimed     who recorded it
ruled       who recorded it, the assignee, the track's owner, who claimed it; also of a status set by hand,
            and of a question's decision
commented   who recorded it, the assignee, who commented
to decide   the project's leads
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from tracks.actions.findings.locks import project_of
from tracks.actions.notices import tell
from tracks.finding_statuses import FindingKind, FindingStatus
from tracks.models import Claim, Finding, User
from tracks.permissions import Permission, people_who
from tracks.statuses import NoticeKind


def _claimants(finding: Finding) -> Iterable[User]:
    return User.objects.filter(
        pk__in=Claim.objects.filter(findings=finding, withdrawn_at=None).order_by().values("by")
    )


def _who_commented(finding: Finding) -> Iterable[User]:
    return User.objects.filter(pk__in=finding.comments.order_by().values("by"))


CONCERNED: dict[NoticeKind, Callable[[Finding], Iterable[User | None]]] = {
    NoticeKind.ASSIGNED: lambda finding: [finding.assignee],
    NoticeKind.CLAIMED: lambda finding: [finding.raised_by],
    NoticeKind.RULED: lambda finding: [
        *(finding.raised_by, finding.assignee, finding.track.owner),
        *_claimants(finding),
    ],
    NoticeKind.COMMENTED: lambda finding: [finding.raised_by, finding.assignee, *_who_commented(finding)],
    NoticeKind.DECIDE: lambda finding: people_who(Permission.DECIDE, project_of(finding)),
}


def tell_assignee(finding: Finding, *, by: User, now: datetime) -> None:
    _tell(NoticeKind.ASSIGNED, finding, f"{by} assigned it to you", by=by, now=now)


def tell_of_claim(finding: Finding, claim: Claim, *, by: User, now: datetime) -> None:
    _tell(NoticeKind.CLAIMED, finding, f"{by} claims that {claim.sha[:7]} fixes it", by=by, now=now)


def tell_of_ruling(finding: Finding, *, fixed: bool, by: User, now: datetime) -> None:
    said = f"{by} confirmed that it is fixed" if fixed else f"{by} found it not fixed"
    _tell(NoticeKind.RULED, finding, said, by=by, now=now)


def tell_of_status(finding: Finding, *, by: User, now: datetime) -> None:
    """A question that is open again waits for the leads."""
    if finding.kind == FindingKind.QUESTION and finding.status == FindingStatus.OPEN:
        tell_of_question(finding, by=by, now=now)
    _tell(NoticeKind.RULED, finding, f"{by} set it to “{finding.status}”", by=by, now=now)


def tell_of_decision(finding: Finding, *, option: str, by: User, now: datetime) -> None:
    _tell(NoticeKind.RULED, finding, f"{by} decided for “{option}”", by=by, now=now)


def tell_of_comment(finding: Finding, *, by: User, now: datetime) -> None:
    _tell(NoticeKind.COMMENTED, finding, f"{by} commented", by=by, now=now)


def tell_of_question(finding: Finding, *, by: User, now: datetime) -> None:
    _tell(NoticeKind.DECIDE, finding, f"{by} asks for a decision", by=by, now=now)


def _tell(kind: NoticeKind, finding: Finding, said: str, *, by: User, now: datetime) -> None:
    known = {person.pk: person for person in CONCERNED[kind](finding) if person}
    text = f"{finding} {finding.title}: {said}."
    tell(kind, known.values(), text, track=finding.track, finding=finding, by=by, now=now)

"""Whom a change of a finding concerns.

assigned    the assignee                  claimed     who recorded it
commented   who recorded it, the          ruled       the assignee, the track's owner, who claimed it
            assignee, who commented       to decide   the project's leads
"""

from collections.abc import Iterable
from datetime import datetime

from tracks.actions.findings.locks import project_of
from tracks.actions.notices import tell
from tracks.models import Claim, Finding, User
from tracks.permissions import Permission, people_who
from tracks.statuses import NoticeKind


def tell_assignee(finding: Finding, *, by: User, now: datetime) -> None:
    _tell(NoticeKind.ASSIGNED, [finding.assignee], finding, f"{by} assigned it to you", by=by, now=now)


def tell_of_claim(finding: Finding, claim: Claim, *, by: User, now: datetime) -> None:
    said = f"{by} claims that {claim.sha[:7]} fixes it"
    _tell(NoticeKind.CLAIMED, [finding.raised_by], finding, said, by=by, now=now)


def tell_of_ruling(finding: Finding, *, fixed: bool, by: User, now: datetime) -> None:
    said = f"{by} confirmed that it is fixed" if fixed else f"{by} found it not fixed"
    claimed = [claim.by for claim in finding.claims.filter(withdrawn_at=None).select_related("by")]
    people = [finding.assignee, finding.track.owner, *claimed]
    _tell(NoticeKind.RULED, people, finding, said, by=by, now=now)


def tell_of_comment(finding: Finding, *, by: User, now: datetime) -> None:
    others = User.objects.filter(pk__in=finding.comments.values("by"))
    people = [finding.raised_by, finding.assignee, *others]
    _tell(NoticeKind.COMMENTED, people, finding, f"{by} commented", by=by, now=now)


def tell_of_question(finding: Finding, *, by: User, now: datetime) -> None:
    leads = people_who(Permission.DECIDE, project_of(finding))
    _tell(NoticeKind.DECIDE, leads, finding, f"{by} asks for a decision", by=by, now=now)


def _tell(
    kind: NoticeKind, people: Iterable[User | None], finding: Finding, said: str, *, by: User, now: datetime
) -> None:
    known = {person.pk: person for person in people if person}
    text = f"{finding} {finding.title}: {said}."
    tell(kind, known.values(), text, track=finding.track, finding=finding, by=by, now=now)

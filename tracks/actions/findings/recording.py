"""Recording findings, and changing what was recorded; two people at once lose nothing.

Tess reads version 3 ─────────────> changes the title ──> Changed: the severity was changed since
        Lena changes the severity ──> version 4
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from tracks.actions.audit import audit
from tracks.actions.findings.content import Content, as_json, cleaned, content_of
from tracks.actions.findings.locks import lock_finding, lock_track, project_of
from tracks.actions.findings.telling import tell_assignee, tell_of_question
from tracks.errors import InvalidInput
from tracks.finding_statuses import FAULT_KINDS, FIRST_STATUS, FindingKind, FindingStatus
from tracks.models import AuditEntry, Criterion, FailureSignature, Finding, Run, Track, User


class Changed(InvalidInput):
    """Somebody else changed the finding since the editor read it; nothing was saved.

    ``before`` and ``theirs`` give each field that was changed as the editor saw it and as it is now, in the
    form of ``as_json``; ``version`` is the present one.
    """

    def __init__(
        self, *, by: Sequence[str], before: Mapping[str, Any], theirs: Mapping[str, Any], version: int
    ) -> None:
        super().__init__(
            f"{' and '.join(by)} changed this finding while you edited it; nothing of yours is saved yet.",
            remedy="Look at what changed, then save again.",
        )
        self.before = before
        self.theirs = theirs
        self.version = version


@transaction.atomic
def raise_finding(
    track: Track,
    content: Content,
    *,
    by: User,
    now: datetime,
    signature: FailureSignature | None = None,
    criterion: Criterion | None = None,
    found_in: Run | None = None,
    culprit: str = "",
) -> Finding:
    """Record a finding as the track's next. Raises InvalidInput for content out of bounds."""
    locked = lock_track(track)
    tidy = cleaned(content, locked.sprint.project)
    latest = Finding.objects.filter(track=locked).aggregate(latest=Max("number"))["latest"] or 0
    finding = Finding.objects.create(
        track=locked,
        number=latest + 1,
        status=FIRST_STATUS[tidy.kind],
        signature=signature,
        criterion=criterion,
        found_in=found_in,
        culprit=culprit,
        raised_by=by,
        raised_at=now,
        changed_at=now,
        **_fields_of(tidy),
    )
    told = {name: as_json(tidy)[name] for name in ("title", "kind", "severity", "assignee")}
    audit(
        "finding.raised",
        finding,
        actor=by,
        project=locked.sprint.project,
        after=told | {"status": finding.status},
    )
    tell_assignee(finding, by=by, now=now)
    if tidy.kind is FindingKind.QUESTION:
        tell_of_question(finding, by=by, now=now)
    return finding


@transaction.atomic
def change_finding(finding: Finding, content: Content, *, version: int, by: User, now: datetime) -> Finding:
    """Replace the content of the ``version`` that the editor saw. Raises Changed where there is a later one,
    InvalidInput for content out of bounds."""
    locked = lock_finding(finding)
    if locked.version != version:
        raise _changed_since(locked, version)
    return write(locked, cleaned(content, project_of(locked)), by=by, now=now)


def write(finding: Finding, content: Content, *, by: User, now: datetime) -> Finding:
    """Give a locked finding content that was cleaned, and note in the history what that changes."""
    was, new = as_json(content_of(finding)), as_json(content)
    changed = [name for name in new if new[name] != was[name]]
    if not changed:
        return finding
    before, after = {name: was[name] for name in changed}, {name: new[name] for name in changed}
    if "kind" in changed and (status := _status_as(finding, content.kind)) != finding.status:
        before["status"], after["status"] = finding.status, status
        finding.status = status
    if "options" in changed and finding.choice is not None:
        raise InvalidInput(
            "The options of a decided question stay.", remedy="Open it again first.", field="options"
        )
    for name, value in _fields_of(content).items():
        setattr(finding, name, value)
    finding.version += 1
    finding.changed_at = now
    finding.save(update_fields=[*changed, "status", "version", "changed_at"])
    after["version"] = finding.version
    audit("finding.changed", finding, actor=by, project=project_of(finding), before=before, after=after)
    if "assignee" in changed:
        tell_assignee(finding, by=by, now=now)
    if "kind" in changed and content.kind is FindingKind.QUESTION:
        tell_of_question(finding, by=by, now=now)
    return finding


def _fields_of(content: Content) -> dict[str, Any]:
    lists = {"files": list(content.files), "tests": list(content.tests), "options": list(content.options)}
    return {name: getattr(content, name) for name in as_json(content)} | lists


def _status_as(finding: Finding, kind: FindingKind) -> FindingStatus:
    """The finding's status as one of that kind. Raises InvalidInput where its own has no place there."""
    if {FindingKind(finding.kind), kind} <= FAULT_KINDS:
        return FindingStatus(finding.status)
    if finding.status != FIRST_STATUS[FindingKind(finding.kind)]:
        raise InvalidInput(
            f"{finding} is {finding.status}: it cannot become a {kind}.",
            remedy="Open it again first.",
            field="kind",
        )
    return FIRST_STATUS[kind]


def _changed_since(finding: Finding, version: int) -> Changed:
    entries = AuditEntry.objects.filter(
        subject=f"finding:{finding.pk}", action="finding.changed", after__version__gt=version
    )
    before: dict[str, Any] = {}
    people: dict[str, None] = {}
    for entry in entries.order_by("id"):
        people[entry.actor_name or "Somebody"] = None
        before = entry.before | before
    current = as_json(content_of(finding))
    theirs = {name: value for name, value in current.items() if name in before}
    return Changed(by=list(people) or ["Somebody"], before=before, theirs=theirs, version=finding.version)

"""Waiving a gate: for one commit, with a reason, until a time."""

from datetime import datetime, timedelta

from django.db import transaction

from reports.duties import check_can_excuse
from reports.gates import UNWAIVABLE, Gate, GateFacts
from reports.models import Waiver
from reports.readiness import readiness_of
from reports.statuses import GateKind
from tracks.actions.audit import audit
from tracks.actions.findings.content import checked_text
from tracks.actions.findings.locks import lock_track
from tracks.errors import InvalidInput
from tracks.models import Track, User
from tracks.permissions import role_in
from tracks.statuses import Standing

SHORTEST, LONGEST = 10, 2_000
"""Characters of a reason."""
LONGEST_TIME = timedelta(days=90)


@transaction.atomic
def waive(
    track: Track, gate: GateKind, *, sha: str, reason: str, expires_at: datetime, by: User, now: datetime
) -> Waiver:
    """Let the gate not stand in the way of the commit ``sha``.

    Raises NotPermitted for who may not judge the track; InvalidInput where the commit is not the one that was
    tested last, where the gate holds, is not asked for, is waived already or cannot be, and for a reason or a
    time that will not do.
    """
    locked = lock_track(track)
    check_can_excuse(by, role_in(by, locked.sprint.project), locked)
    said = checked_reason(reason)
    if not now < expires_at <= now + LONGEST_TIME:
        raise InvalidInput(
            f"A waiver ends within the next {LONGEST_TIME.days} days.",
            remedy="Choose a day in that time.",
            field="until",
        )
    ready = readiness_of(locked.sprint, now=now)[locked.pk]
    check_can_waive(gate, ready.gates, ready.facts, sha=sha)
    kept = Waiver.objects.create(
        track=locked, gate=gate, sha=sha, reason=said, expires_at=expires_at, by=by, at=now
    )
    audit("gate.waived", kept, actor=by, project=locked.sprint.project, after=_told(kept))
    return kept


def check_can_waive(kind: GateKind, gates: tuple[Gate, ...], facts: GateFacts, *, sha: str) -> None:
    """Raise InvalidInput with the reason against waiving it for that commit."""
    if kind in UNWAIVABLE:
        raise InvalidInput(f"'{kind}' cannot be waived.")
    gate = next((each for each in gates if each.kind is kind), None)
    if gate is None:
        raise InvalidInput(f"'{kind}' is not asked for here.")
    if facts.run is None:
        raise InvalidInput("There is no commit to waive it for.", remedy="Test the branch first.")
    if facts.run.sha != sha:
        raise InvalidInput(
            f"Another commit was tested meanwhile: {facts.run.sha[:7]}.",
            remedy="Look at what its run shows first.",
        )
    if gate.standing is Standing.HOLDS:
        raise InvalidInput(f"'{kind}' holds: there is nothing to waive.")
    if gate.waiver:
        raise InvalidInput(
            f"{gate.waiver.by} has waived it already.", remedy="Withdraw that waiver to replace it."
        )


def reason_against_waiving(kind: GateKind, gates: tuple[Gate, ...], facts: GateFacts, *, sha: str) -> str:
    """Why it cannot be waived, empty where it can."""
    try:
        check_can_waive(kind, gates, facts, sha=sha)
    except InvalidInput as refusal:
        return refusal.message
    return ""


@transaction.atomic
def withdraw_waiver(waiver: Waiver, *, by: User, now: datetime) -> Waiver:
    """Raises InvalidInput where it was withdrawn before."""
    lock_track(waiver.track)
    found = Waiver.objects.select_related("track__sprint__project").get(pk=waiver.pk)
    if found.withdrawn_at:
        raise InvalidInput("This waiver was withdrawn before.")
    found.withdrawn_at = now
    found.save(update_fields=["withdrawn_at"])
    audit("waiver.withdrawn", found, actor=by, project=found.track.sprint.project, before=_told(found))
    return found


def checked_reason(reason: str) -> str:
    """The reason as it is kept. Raises InvalidInput for one that says nothing, or too much."""
    said = checked_text(reason, field="reason", longest=LONGEST)
    if len(said) < SHORTEST:
        raise InvalidInput(
            f"A reason has {SHORTEST} characters at least.",
            remedy="Say it so that others understand it in a month.",
            field="reason",
        )
    return said


def _told(waiver: Waiver) -> dict[str, str]:
    return {
        "gate": waiver.gate,
        "sha": waiver.sha,
        "reason": waiver.reason,
        "expires_at": waiver.expires_at.isoformat(),
    }

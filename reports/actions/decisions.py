"""Deciding on a track: compared with what the lead saw, and set, under the track's lock.

what the lead saw ── is it so still? ──yes──> Decision, its Conditions, a notice
                          └──no──> DecisionMoved, with what moved; nothing is changed

Whoever notes a new head writes the same row (``tracks.actions.heads``): a push is either seen here, or comes
after the decision and makes it stale. Nothing ever alters a decision; a trigger of the database refuses it.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from reports.actions.follow_ups import ConditionGiven, check_conditions, condition_of
from reports.decision_queries import content_of
from reports.decisions import DecisionStanding, Frozen, differences, digest
from reports.duties import check_can_decide
from reports.gates import Tested
from reports.models import Condition, Decision
from reports.readiness import Readiness, readiness_of
from reports.statuses import APPROVALS, DecisionKind
from tracks.actions import tell
from tracks.actions.audit import audit
from tracks.actions.findings.content import checked_text
from tracks.actions.findings.locks import lock_track
from tracks.errors import InvalidInput
from tracks.models import Claim, Track, User
from tracks.permissions import role_in
from tracks.statuses import NoticeKind


class DecisionMoved(InvalidInput):
    """What the lead saw is not so any more; ``differences`` says in sentences what moved."""

    def __init__(self, moved: Sequence[str]) -> None:
        super().__init__(
            "Something has changed since you saw it: nothing was decided.",
            remedy="Look at what changed, and decide again.",
        )
        self.differences = tuple(moved)


@transaction.atomic
def decide(
    track: Track,
    *,
    kind: DecisionKind,
    sha: str,
    run: int,
    head: str,
    seen: Frozen,
    rationale: str,
    conditions: Sequence[ConditionGiven],
    by: User,
    now: datetime,
) -> Decision:
    """Decide on the commit ``sha`` and the run that the lead saw, with all of ``seen``; ``head`` is the
    branch's as the repository has just told it. Raises DecisionMoved where anything moved, NotPermitted, and
    InvalidInput: for an approval with closed gates, without a rationale, for conditions that cannot be."""
    rationale = _checked_rationale(rationale)
    locked = lock_track(track)
    ready = readiness_of(locked.sprint, now=now)[locked.pk]
    frozen = ready.frozen
    moved = differences(seen, frozen) or differences(seen, frozen | {"head": head})
    if moved or (sha, run) != (head, frozen["run"]):
        raise DecisionMoved(moved or ["The commit or the run is another one than what you saw."])
    check_can_decide(by, role_in(by, locked.sprint.project), locked, kind)
    decided = _run_to_decide_on(ready, kind)
    check_conditions(conditions, ready, kind, today=now.astimezone(UTC).date())
    decision = Decision(
        track=locked,
        run_id=decided.run,
        kind=kind,
        sha=head,
        base_sha=frozen["base"],
        patch_id=frozen["patch_id"] if decided.sha == head else "",
        rationale=rationale,
        frozen=frozen | _people(by, conditions),
        by=by,
        at=now,
    )
    _store(decision, conditions, before=ready.decision)
    _tell(decision, conditions, by=by, now=now)
    return decision


def _checked_rationale(text: str) -> str:
    cleaned = checked_text(text, field="rationale")
    if not cleaned:
        raise InvalidInput("A decision needs a rationale: say why.", field="rationale")
    return cleaned


def _run_to_decide_on(ready: Readiness, kind: DecisionKind) -> Tested:
    """The track's latest run that has ended. Raises InvalidInput where nothing can be decided on it."""
    if ready.facts.run is None:
        raise InvalidInput("No run of this track has ended.", remedy="Test it first.", field="kind")
    if not ready.facts.head:
        raise InvalidInput("The branch is gone from the repository.", field="kind")
    if kind in APPROVALS and ready.closed:
        names = ", ".join(gate.kind.value for gate in ready.closed)
        raise InvalidInput(
            f"It cannot be approved while these gates are closed: {names}.",
            remedy="Reject it, defer it, or have a gate waived.",
            field="kind",
        )
    return ready.facts.run


def _people(by: User, conditions: Sequence[ConditionGiven]) -> dict[str, Any]:
    """What the accounts are called now: they may be renamed, or removed."""
    return {
        "by": {"id": by.pk, "name": str(by)},
        "owners": [str(each.owner) if each.owner else "" for each in conditions],
    }


def _store(decision: Decision, given: Sequence[ConditionGiven], *, before: DecisionStanding) -> None:
    """The row with its conditions, and its digest over both; audited."""
    conditions = [condition_of(decision, number, each) for number, each in enumerate(given, start=1)]
    decision.digest = digest(content_of(decision, conditions))
    decision.save(force_insert=True)
    Condition.objects.bulk_create(conditions)
    audit(
        "decision.made",
        decision,
        actor=decision.by,
        project=decision.track.sprint.project,
        before={"decision": before.decision, "kind": before.kind},
        after={
            "track": decision.track_id,
            "kind": decision.kind,
            "sha": decision.sha,
            "run": decision.run_id,
            "digest": decision.digest,
            "conditions": len(conditions),
        },
    )


def _tell(decision: Decision, conditions: Sequence[ConditionGiven], *, by: User, now: datetime) -> None:
    """The track's owner, who claimed fixes on it, and who owns a condition."""
    track = decision.track
    claimed = Claim.objects.filter(track=track, withdrawn_at=None).order_by().values("by")
    people = [track.owner, *(each.owner for each in conditions), *User.objects.filter(pk__in=claimed)]
    tell(
        NoticeKind.DECIDED,
        [person for person in people if person],
        f"Track {track}: {by} decided “{DecisionKind(decision.kind).value}” on {decision.sha[:7]}.",
        track=track,
        by=by,
        now=now,
    )

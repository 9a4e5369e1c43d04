"""What a track's decisions amount to, what one freezes, and the digest over it; pure.

facts, gates ──frozen_of──> what a lead sees, as JSON ──differences──> what moved since, as sentences
                                       └──digest──> SHA-256
decisions of the track, newest first, each with why it is stale ──stand_of──> DecisionStanding
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from reports.gates import Dependency, Gate, GateFacts
from reports.statuses import APPROVALS, DecisionKind

Frozen = Mapping[str, Any]
"""``{"head", "run", "base", "patch_id", "commits", "baseline", "baseline_sha", "gates", "criteria",
"findings", "waivers", "losses", "dependencies", "recommended", "decision"}``, see ``frozen_of``."""


@dataclass(frozen=True, slots=True)
class Given:
    """A decision as it stands today. ``by`` is a person's primary key, None where the account is gone;
    ``stale`` says as sentences why it does not count any more."""

    decision: int
    kind: DecisionKind
    sha: str
    by: int | None
    who: str
    at: datetime
    stale: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DecisionStanding:
    """``kind`` is the latest decision's, None where there is none. An approval counts once enough leads have
    given theirs on the same commit, and while ``stale`` is empty."""

    kind: DecisionKind | None
    decision: int | None
    """The latest decision's primary key."""
    sha: str
    approvals: int
    """How many leads have approved this commit."""
    needed: int
    stale: tuple[str, ...]
    """Why the latest decision does not count any more, and of what too few approvals are left for, why the
    others do not."""
    who: tuple[str, ...] = ()
    """Who decided so; of an approval everybody whose own counts."""
    at: datetime | None = None

    @property
    def is_approved(self) -> bool:
        return self.kind in APPROVALS and self.approvals >= self.needed and not self.stale

    @property
    def counts(self) -> bool:
        """Whether the track is decided on: approved by enough leads, rejected or deferred, and not stale."""
        return self.kind is not None and not self.stale and (self.kind not in APPROVALS or self.is_approved)


def stand_of(decisions: Sequence[Given], *, needed: int) -> DecisionStanding:
    """``decisions`` are the track's, newest first. Approvals are counted by people, on the latest one's
    commit, since the last other decision; one that is stale does not count."""
    if not decisions:
        return DecisionStanding(None, None, "", 0, needed, ())
    latest, row = decisions[0], list(_in_a_row(decisions))
    counting = {each.by: each.who for each in row if not each.stale}
    dropped = [each for each in row if each.by not in counting] if len(counting) < needed else []
    return DecisionStanding(
        kind=latest.kind,
        decision=latest.decision,
        sha=latest.sha,
        approvals=len(counting),
        needed=needed,
        stale=tuple(dict.fromkeys(why for each in (latest, *dropped) for why in each.stale)),
        who=tuple(counting.values()) or (latest.who,),
        at=latest.at,
    )


def _in_a_row(decisions: Sequence[Given]) -> Iterator[Given]:
    """The latest approvals of one commit with no other decision in between."""
    for each in decisions:
        if each.kind not in APPROVALS or each.sha != decisions[0].sha:
            return
        yield each


def frozen_of(
    facts: GateFacts,
    gates: Sequence[Gate],
    dependencies: Sequence[Dependency],
    *,
    recommended: str,
    decision: int | None,
) -> dict[str, Any]:
    """All that a decision rests on, of plain JSON values; ``decision`` is the latest one's key before it."""
    return {
        "head": facts.head,
        "run": facts.run.run if facts.run else None,
        "base": facts.base,
        "patch_id": facts.patch_id,
        "commits": facts.commits,
        "baseline": facts.baseline.run if facts.baseline else None,
        "baseline_sha": facts.baseline.sha if facts.baseline else "",
        "gates": [_gate(each) for each in gates],
        "criteria": [
            {
                "criterion": each.criterion,
                "text": each.text,
                "standing": each.standing.value,
                "figure": each.figure,
                "is_blocking": each.is_blocking,
            }
            for each in facts.criteria
        ],
        "findings": [
            {
                "finding": each.finding,
                "name": each.name,
                "title": each.title,
                "severity": each.severity.value,
                "status": str(each.status),
            }
            for each in facts.findings
        ],
        "waivers": [
            {
                "waiver": each.waiver,
                "gate": each.gate.value,
                "reason": each.reason,
                "by": each.by,
                "expires_at": each.expires_at.isoformat(),
            }
            for each in facts.waivers
        ],
        "losses": _losses(facts),
        "dependencies": [
            {"key": each.key, "is_approved": each.is_approved, "sha": each.sha} for each in dependencies
        ],
        "recommended": recommended,
        "decision": decision,
    }


def _losses(facts: GateFacts) -> dict[str, Any]:
    """The lost tests that were accepted: how many, the first by name, and a digest over all of them."""
    changes = facts.changes
    return {
        "count": changes.accepted if changes else 0,
        "digest": changes.acceptance if changes else "",
        "first": [
            {"test": each.test, "kind": each.kind.value, "reason": each.reason, "by": each.by}
            for each in (changes.first_accepted if changes else ())
        ],
    }


def _gate(gate: Gate) -> dict[str, Any]:
    return {
        "gate": gate.kind.value,
        "standing": gate.standing.value,
        "figure": gate.figure,
        "bound": gate.bound,
        "sentence": gate.sentence,
        "waiver": gate.waiver.waiver if gate.waiver else None,
        "decides": gate.decides,
    }


def digest(content: Mapping[str, Any] | Sequence[Any]) -> str:
    """SHA-256 over the canonical JSON: sorted keys, no spaces, ASCII."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return sha256(canonical.encode()).hexdigest()


def differences(seen: Frozen, now: Frozen) -> tuple[str, ...]:
    """What moved between what the lead saw and now, as sentences; none where it is all the same."""
    found = [
        *_moved(seen, now, "head", "The branch is at {now}; you saw {seen}."),
        *_moved(seen, now, "base", "The base is at {now}; you saw {seen}."),
        *_moved(seen, now, "run", "The last test is run {now}; you saw run {seen}."),
        *_moved(seen, now, "baseline", "The baseline is run {now}; you saw run {seen}."),
        *_changed(seen, now, "gates", "gate", "Gate “{gate}”", "{standing}{waived}, {figure}"),
        *_changed(seen, now, "criteria", "criterion", "Criterion “{text}”", "{standing}, {figure}"),
        *_changed(seen, now, "findings", "finding", "{name} “{title}”", "{severity}, {status}"),
        *_changed(seen, now, "waivers", "waiver", "The waiver of “{gate}”", "by {by}"),
        *_changed(seen, now, "dependencies", "key", "Track {key}, which it waits for", "{approved}"),
        *_moved(seen, now, "recommended", "The recommendation is “{now}”; it was “{seen}”."),
    ]
    if seen["losses"] != now["losses"]:
        found.append("What is accepted of the lost tests is not what you saw.")
    if seen["decision"] != now["decision"]:
        found.append("Somebody else has decided on this track meanwhile.")
    if not found and digest(seen) != digest(now):
        found.append("Something that the decision rests on has changed.")
    return tuple(found)


def _moved(seen: Frozen, now: Frozen, key: str, words: str) -> Iterator[str]:
    if seen[key] != now[key]:
        yield words.format(now=_short(now[key]), seen=_short(seen[key]))


def _short(value: str | int | None) -> str:
    if value in (None, ""):
        return "none"
    return value[:7] if isinstance(value, str) and len(value) == 40 else str(value)


def _changed(seen: Frozen, now: Frozen, what: str, key: str, name: str, words: str) -> Iterator[str]:
    """Of a list of things with a key of their own: what is new, gone or other."""
    before, after = ({each[key]: each for each in side[what]} for side in (seen, now))
    for one in [*before, *(new for new in after if new not in before)]:
        old, new = before.get(one), after.get(one)
        if old == new:
            continue
        called = name.format_map(new or old or {})
        if old is None or new is None:
            yield f"{called} is {'gone' if new is None else 'new'}."
        else:
            said = [words.format_map(_told(side)) for side in (new, old)]
            yield f"{called}: {said[0]}; you saw {said[1]}." if said[0] != said[1] else f"{called} changed."


def _told(each: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **each,
        "waived": " but waived" if each.get("waiver") and "standing" in each else "",
        "approved": f"approved at {each['sha'][:7]}" if each.get("is_approved") else "not approved",
    }

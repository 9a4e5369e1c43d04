"""The gates of each track, and every decision on it with its conditions."""

from collections import defaultdict
from collections.abc import Mapping

from django.db.models import F

from reports.decision_queries import is_met
from reports.gates import Gate
from reports.models import Condition, Decision
from reports.readiness import Readiness
from reports.statuses import DecisionKind
from reports.summary.facts import ConditionTold, DecisionTold, GateTold
from tracks.finding_statuses import Severity


def gates_told(ready: Readiness) -> tuple[GateTold, ...]:
    return tuple(map(_gate, ready.gates))


def decisions_of(ready: Mapping[int, Readiness]) -> dict[int, tuple[DecisionTold, ...]]:
    """Of each of the tracks, by its primary key, newest first; what they froze is large, and not read."""
    rows = Decision.objects.filter(track__in=ready).select_related("track", "by").order_by("-pk")
    rows = rows.annotate(who=F("frozen__by__name")).defer("frozen")
    found: dict[int, list[DecisionTold]] = defaultdict(list)
    for row in rows.prefetch_related("conditions__finding", "conditions__owner"):
        found[row.track_id].append(_decision(row, row.who or str(row.by or ""), ready[row.track_id]))
    return {track: tuple(decisions) for track, decisions in found.items()}


def _gate(gate: Gate) -> GateTold:
    waiver = gate.waiver
    return GateTold(
        kind=gate.kind,
        standing=gate.standing,
        figure=gate.figure,
        bound=gate.bound,
        sentence=gate.sentence,
        decides=gate.decides,
        waived_by=waiver.by if waiver else "",
        waived_for=waiver.reason if waiver else "",
        waived_until=waiver.expires_at.date() if waiver else None,
    )


def _decision(row: Decision, who: str, ready: Readiness) -> DecisionTold:
    stale = {each.decision: each.stale for each in ready.given}
    return DecisionTold(
        decision=row.pk,
        track=row.track.key,
        kind=DecisionKind(row.kind),
        sha=row.sha,
        by=who,
        at=row.at,
        rationale=row.rationale,
        conditions=tuple(_condition(each, ready) for each in row.conditions.all()),
        counts=stale.get(row.pk) == (),
        stale=stale.get(row.pk, ()),
    )


def _condition(row: Condition, ready: Readiness) -> ConditionTold:
    return ConditionTold(
        number=row.number,
        text=row.text,
        severity=Severity(row.severity),
        due=row.due,
        owner=str(row.owner or ""),
        is_met=is_met(row, ready.facts),
    )

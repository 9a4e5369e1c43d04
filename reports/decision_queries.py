"""The decisions on a sprint's tracks, with all that was found out about them since.

Decision, Condition   what it rested on, as it was frozen    ┐
Mergeability          of its commit into the base of today   ├──> Known, for reports.staleness
later runs            at its commit, that contradict it      ┘
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from django.db.models import Q, QuerySet

from reports.contradictions import CONCLUSIVE, Shown, contradiction
from reports.criteria_queries import standings_of_runs
from reports.decisions import digest
from reports.gates import GateFacts
from reports.models import Condition, Decision, Mergeability
from reports.staleness import Decided, DueCondition, Merging
from reports.statuses import APPROVALS, DecisionKind, GateKind, MergeResult
from tracks import queries
from tracks.finding_statuses import TO_MEND
from tracks.models import Project, Run, Sprint, Track
from tracks.statuses import RunKind, RunState, Standing


@dataclass(frozen=True, slots=True)
class Known:
    """A stored decision, and what does not hang on gates of what was found out about it since."""

    row: Decision
    decided: Decided
    merging: Merging | None
    contradictions: tuple[str, ...]


def decisions_of(track: Track) -> QuerySet[Decision]:
    """Newest first, with who decided."""
    return Decision.objects.filter(track=track).select_related("by")


def decisions_in(project: Project) -> QuerySet[Decision]:
    """Those of a project, with all that a page of one shows."""
    rows = Decision.objects.filter(track__sprint__project=project)
    return rows.select_related("track__sprint", "run", "by").prefetch_related(
        "conditions__finding__track", "conditions__owner"
    )


def known_of(sprint: Sprint, facts: Mapping[int, GateFacts]) -> dict[int, list[Known]]:
    """The decisions that may count on each track, by its primary key and newest first: the latest, and of an
    approval those before it on the same commit. In a number of queries that grows with nothing."""
    rows = _that_may_count(sprint)
    every = [row for found in rows.values() for row in found]
    mergings = _mergings(sprint, facts, {row.sha for row in every})
    against = _contradictions(sprint, every)
    return {
        track: [
            Known(row, _decided(row, facts[track]), mergings.get(row.sha), tuple(against.get(row.run_id, ())))
            for row in found
        ]
        for track, found in rows.items()
    }


def is_met(condition: Condition, facts: GateFacts) -> bool:
    """Whether its finding is settled, or its criterion holds in the track's latest run."""
    if condition.finding:
        return condition.finding.status not in TO_MEND
    standing = {each.criterion: each.standing for each in facts.criteria}
    return standing.get(condition.criterion or 0) is Standing.HOLDS


def content_of(decision: Decision, conditions: Iterable[Condition]) -> dict[str, Any]:
    """All that the digest of a decision is over; accounts by what they were called then."""
    return {
        "frozen": decision.frozen,
        "track": decision.track_id,
        "run": decision.run_id,
        "kind": str(decision.kind),
        "sha": decision.sha,
        "base_sha": decision.base_sha,
        "patch_id": decision.patch_id,
        "rationale": decision.rationale,
        "at": decision.at.astimezone(UTC).isoformat(),
        "conditions": [
            {
                "number": each.number,
                "text": each.text,
                "severity": str(each.severity),
                "due": each.due.isoformat(),
                "finding": each.finding_id,
                "criterion": each.criterion,
            }
            for each in conditions
        ],
    }


def is_intact(decision: Decision) -> bool:
    """Whether it is still what its digest was made of. An account that was closed since changes nothing."""
    same_person = decision.by_id in (None, decision.frozen.get("by", {}).get("id"))
    return same_person and digest(content_of(decision, decision.conditions.all())) == decision.digest


def _that_may_count(sprint: Sprint) -> dict[int, list[Decision]]:
    rows = Decision.objects.filter(track__sprint=sprint).select_related("by").defer("rationale")
    found: dict[int, list[Decision]] = defaultdict(list)
    ended: set[int] = set()
    for row in rows.prefetch_related("conditions__finding", "conditions__owner").order_by("-id"):
        latest = next(iter(found[row.track_id]), row)
        if row.sha != latest.sha or (row is not latest and row.kind not in APPROVALS):
            ended.add(row.track_id)
        if row.track_id not in ended:
            found[row.track_id].append(row)
        if row.kind not in APPROVALS:
            ended.add(row.track_id)
    return dict(found)


def _decided(row: Decision, facts: GateFacts) -> Decided:
    frozen = row.frozen
    holds = Standing.HOLDS.value
    return Decided(
        kind=DecisionKind(row.kind),
        sha=row.sha,
        base=row.base_sha,
        run=row.run_id,
        patch_id=row.patch_id,
        waived=tuple(
            GateKind(each["gate"])
            for each in frozen["gates"]
            if each["waiver"] is not None and each["standing"] != holds
        ),
        dependencies=tuple((each["key"], each["sha"]) for each in frozen["dependencies"]),
        conditions=tuple(
            DueCondition(each.text, each.due, is_met(each, facts)) for each in row.conditions.all()
        ),
    )


def _mergings(sprint: Sprint, facts: Mapping[int, GateFacts], shas: Collection[str]) -> dict[str, Merging]:
    """What git says of merging the decided commits into the base of today, by their SHAs."""
    bases = {each.base for each in facts.values()}
    rows = Mergeability.objects.filter(project=sprint.project_id, base__in=bases, head__in=shas)
    return {row.head: Merging(MergeResult(row.result), row.patch_id) for row in rows}


def _contradictions(sprint: Sprint, decisions: Collection[Decision]) -> dict[int, list[str]]:
    """What later runs at the commits of the decided runs show otherwise, by the decided run's key."""
    approved = [row for row in decisions if row.kind in APPROVALS]
    tested = Q(sha__in={row.sha for row in approved}) | Q(pk__in={row.run_id for row in approved})
    runs = Run.objects.filter(tested, sprint=sprint, kind=RunKind.TRACK)
    found = {run.pk: run for run in runs.order_by("pk").defer(*queries.BLOBS)}
    pairs = [
        (row.run_id, run.pk)
        for row in approved
        for run in found.values()
        if (run.track_id, run.sha) == (row.track_id, row.sha)
        and run.pk > row.run_id
        and run.state in CONCLUSIVE
    ]
    shown = _shown([found[key] for key in sorted({key for pair in pairs for key in pair})])
    against: dict[int, list[str]] = defaultdict(list)
    for run, later in dict.fromkeys(pairs):
        if said := contradiction(shown[run], shown[later]):
            against[run].append(said)
    return against


def _shown(runs: Collection[Run]) -> dict[int, Shown]:
    if not runs:
        return {}
    outcomes, criteria = queries.outcomes_of(runs), standings_of_runs(list(runs), with_output=False)
    return {
        run.pk: Shown(
            run.pk,
            RunState(run.state),
            outcomes[run.pk],
            {each.criterion: (each.text, each.standing) for each in criteria[run.pk]},
        )
        for run in runs
    }

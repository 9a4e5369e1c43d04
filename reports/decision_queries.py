"""The decisions on a sprint's tracks, with all that was found out about them since.

Decision, Condition   what it rested on, as it was frozen    ┐
Mergeability          of its commit into the base of today   ├──> Known, for reports.staleness
later runs            at its commit                          ┘
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from itertools import takewhile
from typing import Any

from django.db.models import Q, QuerySet

from reports import gate_queries
from reports.decisions import digest
from reports.gates import GateFacts, Tested
from reports.models import Condition, Decision, Mergeability
from reports.staleness import Decided, DueCondition, Merging
from reports.statuses import APPROVALS, DecisionKind, GateKind, MergeResult
from tracks.finding_statuses import TO_MEND
from tracks.models import Project, Run, Sprint, Track
from tracks.statuses import RunKind, Standing


@dataclass(frozen=True, slots=True)
class Known:
    """A stored decision, and what does not hang on gates of what was found out about it since."""

    row: Decision
    decided: Decided
    merging: Merging | None
    merging_head: Merging | None
    """Of the branch's head."""
    later: tuple[Tested, ...]
    """The later runs at its commit that have ended, oldest first."""


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
    heads = {track: facts[track].head for track in rows}
    mergings = _mergings(sprint, facts, {*heads.values(), *(row.sha for row in every)})
    runs = _runs(sprint, every)
    return {
        track: [
            Known(
                row,
                _decided(row, runs[row.run_id], facts[track]),
                mergings.get(row.sha),
                mergings.get(heads[track]),
                tuple(
                    gate_queries.tested(run)
                    for run in runs.values()
                    if (run.track_id, run.sha) == (track, row.sha) and run.pk > row.run_id
                ),
            )
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
    """Of each track the latest word, and of an approval everybody's latest on the same commit, since another
    word was said. What they froze is large, and read of these only."""
    every = Decision.objects.filter(track__sprint=sprint).order_by("-pk")
    words: dict[int, list[Decision]] = defaultdict(list)
    for word in every.only("track", "kind", "sha", "by"):
        words[word.track_id].append(word)
    keys = [key for said in words.values() for key in _keys_that_may_count(said)]
    rows = every.filter(pk__in=keys).select_related("by").defer("rationale")
    found: dict[int, list[Decision]] = defaultdict(list)
    for row in rows.prefetch_related("conditions__finding", "conditions__owner"):
        found[row.track_id].append(row)
    return dict(found)


def _keys_that_may_count(words: Sequence[Decision]) -> list[int]:
    """``words`` are a track's, newest first."""
    latest = words[0]
    in_a_row = takewhile(lambda each: each.kind in APPROVALS and each.sha == latest.sha, words)
    by_person: dict[int | None, int] = {}
    for each in in_a_row:
        by_person.setdefault(each.by_id, each.pk)
    return list(by_person.values()) or [latest.pk]


def _decided(row: Decision, run: Run, facts: GateFacts) -> Decided:
    frozen = row.frozen
    holds = Standing.HOLDS.value
    return Decided(
        kind=DecisionKind(row.kind),
        sha=row.sha,
        base=row.base_sha,
        tested=gate_queries.tested(run),
        baseline=frozen["baseline_sha"],
        patch_id=row.patch_id,
        commits=(frozen["commits"] or 0) if run.sha == row.sha else 0,
        held=frozenset(GateKind(each["gate"]) for each in frozen["gates"] if each["standing"] == holds),
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


def _runs(sprint: Sprint, decisions: Collection[Decision]) -> dict[int, Run]:
    """The decided runs, and all of the track that have ended at a decided commit, by their keys and oldest
    first; with their figures only."""
    tested = Q(sha__in={row.sha for row in decisions}) | Q(pk__in={row.run_id for row in decisions})
    runs = Run.objects.filter(tested, sprint=sprint, kind=RunKind.TRACK).exclude(ended_at=None)
    return {run.pk: run for run in runs.order_by("pk").only("track", *gate_queries.TESTED)}

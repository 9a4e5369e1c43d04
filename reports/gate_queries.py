"""The bridge from the facts to what the gates eat: of all tracks of a sprint at once.

tracks ── latest run that has ended ┬ comparison with the baseline ┐
  │                                 ├ criteria                     ├──facts_of──> {track: GateFacts}
  └ findings, waivers, losses       └ what git says of merging it  ┘

The number of queries does not depend on how many tracks there are, and no run's vectors are read.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from reports import criteria_queries, integration_queries
from reports.conditions import left_elsewhere
from reports.criteria_queries import Shown
from reports.decisions import digest
from reports.gates import (
    Changes,
    CriterionFact,
    FindingFact,
    GateFacts,
    IntegrationFact,
    LossFact,
    Tested,
    WaiverFact,
)
from reports.models import AcceptedLoss, Comparison, GatePolicy, Mergeability, Waiver
from reports.policies import DEFAULT, NOTHING_MORE, Policy
from reports.statuses import GateKind, LossKind, MergeResult
from reports.stored import numbered, stored_moves, unpack_classes
from reports.worsening import losses, newly_broken, no_losses
from tracks import queries
from tracks.finding_statuses import FAULT_KINDS, TO_MEND, Severity
from tracks.models import Finding, Run, Sprint, Track, User
from tracks.statuses import RunState, Standing, Weight

SINCE = "asked since the run"
TESTED = ("sha", "state", "passed", "failed", "errors", "collected", "reason", "checks_only")
"""The columns that ``tested`` takes."""
NAMED = 20
"""So many accepted losses of a track are named in a decision; its digest is over all."""
_READ = ("base_id", "head_id", "figures", "matrix", "classes", "vanished", "moves", "conditions")


@dataclass(frozen=True, slots=True)
class Policies:
    """Those of a sprint and of its tracks that ask for more; by the track's primary key, None for the
    sprint's."""

    sprint: Sprint
    stored: Mapping[int | None, GatePolicy]

    @property
    def of_sprint(self) -> Policy:
        """The sprint's rules with its targets."""
        stored = self.stored.get(None)
        rules = Policy.from_json(stored.rules) if stored else DEFAULT
        targets = {name: getattr(self.sprint, name) for name in ("min_passed", "max_failed", "max_errors")}
        return replace(rules, **targets)

    def of_track(self, track: int) -> Policy:
        """What the track asks for beyond its sprint."""
        stored = self.stored.get(track)
        return Policy.from_json(stored.rules) if stored else NOTHING_MORE

    def version_of(self, track: int | None) -> int:
        """0 where nobody has changed it."""
        return self.stored[track].version if track in self.stored else 0


def stored_policies(sprint: Sprint) -> Policies:
    return Policies(sprint, {row.track_id: row for row in GatePolicy.objects.filter(sprint=sprint)})


def policies_of(sprint: Sprint) -> dict[int, Policy]:
    """What each track of the sprint has to pass, by its primary key."""
    policies = stored_policies(sprint)
    tracks = Track.objects.filter(sprint=sprint).values_list("pk", flat=True)
    return {track: policies.of_sprint.tighten(policies.of_track(track)) for track in tracks}


def facts_of(sprint: Sprint, *, now: datetime) -> dict[int, GateFacts]:
    """What is known of each track of the sprint, by its primary key."""
    tracks = list(Track.objects.filter(sprint=sprint).only("key", "head"))
    read = _read(sprint, now)
    return {track.pk: _facts(track, sprint, read) for track in tracks}


def comparison_of(track: Track) -> Comparison | None:
    """That of the track's latest run that has ended with the sprint's baseline, with both runs."""
    run = queries.latest_runs(track.sprint, ended=True).get(track.pk)
    blobs = [f"{side}__{blob}" for side in ("base", "head") for blob in queries.BLOBS]
    rows = Comparison.objects.select_related("base__project", "head__project").defer(*blobs)
    return rows.filter(base=track.sprint.baseline_id, head=run).first() if run else None


def conflicts_of(sprint: Sprint, facts: GateFacts) -> list[dict[str, Any]]:
    """Those of merging the track's commit into the base branch's head, with their lines."""
    if not facts.conflicts or facts.run is None:
        return []
    found: list[dict[str, Any]] = _merges(sprint, sprint.baseline, [facts.run.sha])[facts.run.sha].conflicts
    return found


def losses_in(comparison: Comparison) -> dict[int, LossKind]:
    """The baseline's tests that count no more, by their numbers, accepted or not."""
    classes = unpack_classes(bytes(comparison.classes))
    return losses(classes, numbered(comparison.vanished), stored_moves(comparison.moves))


def without_reason(lost: Mapping[int, LossKind], accepted: Iterable[AcceptedLoss]) -> list[int]:
    """Those of the lost tests that the track may not lose, or not like this; ascending."""
    known = {(row.test, row.kind) for row in accepted}
    return [test for test, kind in sorted(lost.items()) if (test, kind) not in known]


@dataclass(frozen=True, slots=True)
class _Read:
    """Everything that is read for the sprint's tracks, by their primary keys; ``merges`` by commit."""

    baseline: Run | None
    ended: Mapping[int, Run]
    active: Mapping[int, int]
    changes: Mapping[int, Changes]
    shown: Mapping[int, list[Shown]]
    asked: Mapping[int, list[dict[str, Any]]]
    findings: Mapping[int, list[FindingFact]]
    merges: Mapping[str, Mergeability]
    integrations: Mapping[int, IntegrationFact]
    waivers: Mapping[int, list[WaiverFact]]


def _read(sprint: Sprint, now: datetime) -> _Read:
    ended = queries.latest_runs(sprint, ended=True)
    baseline = Run.objects.filter(pk=sprint.baseline_id or 0).defer(*queries.BLOBS).first()
    shown = criteria_queries.standings_of_runs(list(ended.values()), with_output=False)
    return _Read(
        baseline=baseline,
        ended=ended,
        active={key: run.pk for key, run in queries.latest_runs(sprint).items() if run.is_active},
        changes=_changes(sprint, baseline, ended),
        shown={key: shown[run.pk] for key, run in ended.items()},
        asked=queries.criteria_by_track(sprint),
        findings=_findings(sprint),
        merges=_merges(sprint, baseline, {run.sha for run in ended.values()}),
        integrations=integration_queries.facts_of(sprint),
        waivers=_waivers(sprint, now),
    )


def _facts(track: Track, sprint: Sprint, read: _Read) -> GateFacts:
    run = read.ended.get(track.pk)
    merge = read.merges.get(run.sha) if run else None
    return GateFacts(
        track=track.pk,
        key=track.key,
        head=track.head,
        base_head=sprint.base_head,
        active=read.active.get(track.pk),
        run=tested(run) if run else None,
        baseline=tested(read.baseline) if read.baseline else None,
        changes=read.changes.get(track.pk),
        criteria=_criteria(run, read.shown[track.pk], read.asked.get(track.pk, [])) if run else (),
        findings=tuple(read.findings[track.pk]),
        merge=MergeResult(merge.result) if merge else None,
        conflicts=tuple(each["path"] for each in merge.conflicts) if merge else (),
        merge_note=merge.note if merge else "",
        patch_id=merge.patch_id if merge else "",
        commits=merge.commits if merge and merge.result != MergeResult.UNKNOWN else None,
        base_is_gone=sprint.base_is_gone,
        integration=read.integrations.get(track.pk),
        waivers=tuple(each for each in read.waivers[track.pk] if run and each.sha == run.sha),
    )


def tested(run: Run) -> Tested:
    """A run with its figures."""
    return Tested(
        run=run.pk,
        sha=run.sha,
        state=RunState(run.state),
        passed=run.passed,
        failed=run.failed,
        errors=run.errors,
        total=run.collected,
        reason=run.reason,
        checks_only=run.checks_only,
    )


def _changes(sprint: Sprint, baseline: Run | None, ended: Mapping[int, Run]) -> dict[int, Changes]:
    if baseline is None:
        return {}
    tracks = {run.pk: key for key, run in ended.items()}
    accepted: dict[int, list[AcceptedLoss]] = defaultdict(list)
    for row in AcceptedLoss.objects.filter(track__sprint=sprint).select_related("by"):
        accepted[row.track_id].append(row)
    rows = Comparison.objects.filter(base=baseline, head__in=tracks).only(*_READ)
    compared = [(tracks[each.head_id], each, losses_in(each)) for each in rows]
    used = {
        track: [row for row in accepted[track] if lost.get(row.test) == row.kind]
        for track, _, lost in compared
    }
    names = queries.node_ids(sprint.project, [row.test for rows in used.values() for row in rows[:NAMED]])
    return {
        track: _changed(comparison, lost, used[track], names, baseline=baseline, run=ended[track])
        for track, comparison, lost in compared
    }


def _changed(
    comparison: Comparison,
    lost: Mapping[int, LossKind],
    accepted: Sequence[AcceptedLoss],
    names: Mapping[int, str],
    *,
    baseline: Run,
    run: Run,
) -> Changes:
    reasons, moves = numbered(comparison.vanished), stored_moves(comparison.moves)
    still = without_reason(lost, accepted)
    elsewhere = left_elsewhere(run.merge_base, baseline.sha)
    vanished = sum(lost[test] is LossKind.VANISHED for test in lost.keys() - set(still))
    return Changes(
        newly_broken=newly_broken(comparison.figures, comparison.matrix, moves),
        lost=tuple(still),
        accepted=len(accepted),
        acceptance=_digest(accepted),
        first_accepted=tuple(
            LossFact(names[row.test], LossKind(row.kind), row.reason, _who(row.by))
            for row in accepted[:NAMED]
        ),
        differences=tuple(each for each in comparison.conditions if each != elsewhere),
        excused=vanished + no_losses(reasons),
    )


def _digest(accepted: Sequence[AcceptedLoss]) -> str:
    """Over all of them, as a decision keeps it: there may be too many to name each."""
    return digest([[row.test, row.kind, row.reason, _who(row.by)] for row in accepted]) if accepted else ""


def _criteria(run: Run, shown: Iterable[Shown], asked: Iterable[dict[str, Any]]) -> tuple[CriterionFact, ...]:
    """What the run showed of its criteria; of those that are others by now, that a retest has to show it."""
    found = {
        each.criterion: CriterionFact(
            each.criterion, each.text, each.standing, each.figure, each.weight is Weight.BLOCKING
        )
        for each in shown
    }
    for each in asked:
        if each not in run.criteria:
            is_blocking = each["weight"] == Weight.BLOCKING
            found[each["id"]] = CriterionFact(each["id"], each["text"], Standing.UNKNOWN, SINCE, is_blocking)
    return tuple(found.values())


def _findings(sprint: Sprint) -> dict[int, list[FindingFact]]:
    """Faults that are to be mended, worst first."""
    rows = Finding.objects.filter(track__sprint=sprint, kind__in=FAULT_KINDS, status__in=TO_MEND)
    rows = rows.select_related("track").only("track__key", "number", "title", "severity", "status")
    found: dict[int, list[FindingFact]] = defaultdict(list)
    for row in rows.order_by(queries.BY_SEVERITY, "number"):
        fact = FindingFact(row.pk, str(row), row.title, Severity(row.severity), row.status)
        found[row.track_id].append(fact)
    return found


def _merges(sprint: Sprint, baseline: Run | None, commits: Collection[str]) -> dict[str, Mergeability]:
    """What git says of merging each commit into the base branch's head; the baseline's where nobody has
    looked at that, and nothing where it is gone."""
    base = "" if sprint.base_is_gone else sprint.base_head or (baseline.sha if baseline else "")
    rows = Mergeability.objects.filter(project=sprint.project_id, base=base, head__in=commits)
    return {row.head: row for row in rows.only("head", "result", "conflicts", "patch_id", "commits", "note")}


def _waivers(sprint: Sprint, now: datetime) -> dict[int, list[WaiverFact]]:
    """Those that count now, the latest last."""
    rows = Waiver.objects.filter(track__sprint=sprint, withdrawn_at=None, expires_at__gt=now)
    found: dict[int, list[WaiverFact]] = defaultdict(list)
    for row in rows.select_related("by").order_by("id"):
        fact = WaiverFact(row.pk, GateKind(row.gate), row.sha, row.reason, _who(row.by), row.expires_at)
        found[row.track_id].append(fact)
    return found


def _who(person: User | None) -> str:
    return str(person) if person else "somebody who has left"

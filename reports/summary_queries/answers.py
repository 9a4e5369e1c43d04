"""What a figure of a report was asked for, asked of the database once more, by itself.

Query(Asked.CLASS, base=3, head=12, named="fixed") ──answer──> 48

It is what proves the report. So an answer is found in another way than the facts are: from the outcomes of
the tests one by one where the facts take a run's counters or a comparison that was kept, from single rows
where they take joined ones. It is in no hurry.

What hangs on rules of today (OF_TODAY) is proved in part only. Gates, what was decided of a track and which
decisions count are looked up where the facts look them up, in ``reports.readiness``: that these are right is
for its own tests to show, and what is counted of them here is proved. Numbers within the sentence of a gate
or a criterion are no figures; they are quoted.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.db.models import QuerySet, Sum

from reports.document import Asked, Query
from reports.interactions import InteractionKind
from reports.models import Changeset, Condition, CriterionResult, Integration
from reports.readiness import Readiness, readiness_of
from reports.summary_queries import outcome_answers
from tracks.finding_statuses import TO_MEND
from tracks.models import CheckResult, Failure, Finding, Run, Sprint, Tick, Track
from tracks.statuses import RunKind, RunState, Standing

ACQUITTED = (InteractionKind.ALONE, InteractionKind.BASE, InteractionKind.FLAKY)


def answer(query: Query, *, now: datetime) -> float:
    """The value of the figure that was asked for, as the database has it. Raises ObjectDoesNotExist where
    what it is about is gone."""
    if query.asked in OF_TODAY:
        return OF_TODAY[query.asked](query, now)
    return OF_FACTS[query.asked](query)


def _error(query: Query) -> float:
    return Failure.objects.filter(run=query.head, signature__digest=query.named).count()


def _errors(query: Query) -> float:
    return Failure.objects.filter(run=query.head).values("signature__digest").distinct().count()


def _criteria(query: Query) -> float:
    run = Run.objects.get(pk=query.head or 0)
    weights = {value for name, value in query.filters if name == "weight"}
    asked = [each for each in run.criteria if not weights or each["weight"] in weights]
    return sum(query.named in ("", _standing(run, each["id"], each["text"])) for each in asked)


def _standing(run: Run, criterion: int, text: str) -> str:
    """Who has looked at a commit has looked at every run of it that asks the same."""
    for model in (CheckResult, CriterionResult):
        if found := model.objects.filter(run=run, criterion=criterion).first():
            return str(found.standing)
    ticks = Tick.objects.filter(criterion=criterion, text=text, run__sha=run.sha)
    tick = ticks.order_by("at", "pk").last()
    if tick is None:
        return Standing.UNKNOWN
    return Standing.HOLDS if tick.holds else Standing.FAILS


def _runs(query: Query) -> float:
    ended = Run.objects.filter(kind=RunKind.TRACK, ended_at__isnull=False)
    whose = {"track": query.track} if query.track else {"sprint": query.sprint}
    return ended.filter(**whose).count()


def _findings(query: Query) -> float:
    return _asked_for(query).count()


def _effort(query: Query) -> float:
    return float(_asked_for(query).aggregate(hours=Sum("effort_hours"))["hours"] or 0)


def _unestimated(query: Query) -> float:
    return _asked_for(query).filter(effort_hours=None).count()


def _asked_for(query: Query) -> QuerySet[Finding]:
    whose = {"pk": query.finding, "track": query.track, "track__sprint": query.sprint}
    found = Finding.objects.filter(**{name: key for name, key in whose.items() if key})
    for name in {name for name, _ in query.filters}:
        found = found.filter(**{f"{name}__in": [value for each, value in query.filters if each == name]})
    return found


def _affected(query: Query) -> float:
    """Where it names no test, those that broke by its error where it was found."""
    found = Finding.objects.get(pk=query.finding or 0)
    shown = Failure.objects.filter(run=found.found_in_id, signature=found.signature_id)
    return len(found.tests) or shown.count()


def _files(query: Query) -> float:
    return _changeset(query).file_count


def _added_lines(query: Query) -> float:
    return _changeset(query).added


def _removed_lines(query: Query) -> float:
    return _changeset(query).removed


def _changeset(query: Query) -> Changeset:
    return Changeset.objects.get(pk=query.changeset or 0)


def _commits(query: Query) -> float:
    return len(Run.objects.get(pk=query.head or 0).commits)


def _together(query: Query) -> float:
    """Without those that turned out to fail on one track alone, on the base, or only sometimes."""
    found = Integration.objects.get(pk=query.integration or 0).interactions
    if query.named:
        return ["+".join(each.get("keys", ())) for each in found].count(query.named)
    return outcome_answers.together(query) - sum(each.get("kind") in ACQUITTED for each in found)


def _conflicts(query: Query) -> float:
    left_out = Integration.objects.get(pk=query.integration or 0).left_out
    return next((each["files"] for each in left_out if each["key"] == query.named), 0)


def _target(query: Query) -> float:
    return float(getattr(Sprint.objects.get(pk=query.sprint or 0), query.named))


def _gates(query: Query, now: datetime) -> float:
    track = Track.objects.select_related("sprint__project", "sprint__baseline").get(pk=query.track or 0)
    gates = readiness_of(track.sprint, now=now)[track.pk].gates
    return sum(query.named in ("", "open" if gate.is_open else "closed") for gate in gates)


def _approvals(query: Query, now: datetime) -> float:
    track = Track.objects.select_related("sprint__project", "sprint__baseline").get(pk=query.track or 0)
    decision = readiness_of(track.sprint, now=now)[track.pk].decision
    return decision.needed if query.named else decision.approvals


def _tracks(query: Query, now: datetime) -> float:
    if not query.named:
        return Track.objects.filter(sprint=query.sprint).count()
    return sum(_IS_IN[query.named](each) for each in _readiness(query, now))


def _conditions(query: Query, now: datetime) -> float:
    """Which decisions count is looked up; whether a condition is met is found in the rows of its proof."""
    counting = [given.decision for each in _readiness(query, now) for given in each.given if not given.stale]
    conditions = Condition.objects.filter(decision__in=counting).select_related("finding", "decision")
    return sum(not _is_met(each) for each in conditions)


def _is_met(condition: Condition) -> bool:
    if condition.finding:
        return condition.finding.status not in TO_MEND
    ended = Run.objects.filter(track=condition.decision.track_id, kind=RunKind.TRACK, ended_at__isnull=False)
    run = ended.latest("iteration")
    texts = {each["id"]: each["text"] for each in run.criteria}
    criterion = condition.criterion or 0
    return criterion in texts and _standing(run, criterion, texts[criterion]) == Standing.HOLDS


def _readiness(query: Query, now: datetime) -> list[Readiness]:
    sprint = Sprint.objects.select_related("project", "baseline").get(pk=query.sprint or 0)
    return list(readiness_of(sprint, now=now).values())


def _was_tested(ready: Readiness) -> bool:
    said = Run.objects.filter(track=ready.track, kind=RunKind.TRACK)
    return said.filter(state__in=(RunState.FINISHED, RunState.INCOMPLETE, RunState.BROKEN)).exists()


_IS_IN: Mapping[str, Callable[[Readiness], bool]] = {
    "tested": _was_tested,
    "approved": lambda ready: ready.decision.is_approved,
    "ready": lambda ready: ready.is_ready,
    "rejected": lambda ready: ready.decision.counts and ready.decision.kind == "rejected",
    "deferred": lambda ready: ready.decision.counts and ready.decision.kind == "deferred",
    "undecided": lambda ready: not ready.decision.counts,
}
"""The states of a track that figures count."""

OF_FACTS: Mapping[Asked, Callable[[Query], float]] = {
    Asked.OUTCOME: outcome_answers.outcome,
    Asked.COLLECTED: outcome_answers.collected,
    Asked.SECONDS: outcome_answers.seconds,
    Asked.CHANGE: outcome_answers.change,
    Asked.CHANGE_COLLECTED: outcome_answers.change_collected,
    Asked.SHARE: outcome_answers.share,
    Asked.CLASS: outcome_answers.in_class,
    Asked.CELL: outcome_answers.cell,
    Asked.TOGETHER: _together,
    Asked.ERROR: _error,
    Asked.ERRORS: _errors,
    Asked.CRITERIA: _criteria,
    Asked.RUNS: _runs,
    Asked.FINDINGS: _findings,
    Asked.EFFORT: _effort,
    Asked.UNESTIMATED: _unestimated,
    Asked.AFFECTED: _affected,
    Asked.FILES: _files,
    Asked.ADDED_LINES: _added_lines,
    Asked.REMOVED_LINES: _removed_lines,
    Asked.COMMITS: _commits,
    Asked.CONFLICTS: _conflicts,
    Asked.TARGET: _target,
}
"""What is written down."""

OF_TODAY: Mapping[Asked, Callable[[Query, datetime], float]] = {
    Asked.GATES: _gates,
    Asked.APPROVALS: _approvals,
    Asked.TRACKS: _tracks,
    Asked.CONDITIONS: _conditions,
}
"""What is derived, and hangs on the day: of gates and decisions, only looked up."""

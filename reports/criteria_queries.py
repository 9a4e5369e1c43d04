"""Criteria and what runs showed of them: facts for the pure module, one list for pages, gates and reports.

Run.criteria ┬ tests   CriterionResult ┐
             ├ check   CheckResult     ├──standings_of(run)──>  [Shown, …] in the track's order
             └ manual  Tick            ┘
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from django.db.models import Exists, OuterRef, Q

from reports import queries as conclusions
from reports.criteria import Against, TestFacts
from reports.models import Comparison, CriterionResult
from reports.stored import numbered, stored_moves, unpack_classes
from reports.worsening import worsened
from tracks import queries
from tracks.criteria import TestsDefinition, in_words
from tracks.models import CheckResult, Run, Sprint, Tick
from tracks.statuses import CriterionKind, RunKind, RunState, Standing, Weight
from tracks.vectors import OutcomeVector

JUDGED_FOR = timedelta(days=1)
"""For how long after its end a run is judged that is not its track's latest."""
JUDGED_AT_ONCE = 100
"""How many runs are looked at at a time."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One criterion of a run, and what the run showed of it.

    ``tests`` are the numbers of the first tests at fault; ``output`` may hold ANSI sequences, and is left
    empty where it is not wanted; ``seconds`` and ``exit_code`` are those of a check; ``tick`` is what a
    person last said at the run's commit.
    """

    criterion: int
    text: str
    kind: CriterionKind
    weight: Weight
    asked: str
    """What is looked at, in a line."""
    standing: Standing
    figure: str
    sentence: str
    output: str = ""
    has_output: bool = False
    seconds: float | None = None
    exit_code: int | None = None
    tests: tuple[int, ...] = ()
    tick: Tick | None = None


def standings_of(run: Run, *, with_output: bool = True) -> list[Shown]:
    """What the run showed of each of its criteria, in the track's order."""
    return standings_of_runs([run], with_output=with_output)[run.pk]


def standings_of_runs(runs: Collection[Run], *, with_output: bool = True) -> dict[int, list[Shown]]:
    """The same of several runs, by their primary keys, in three queries; what commands printed takes long to
    read, and is left empty where it is not wanted."""
    rows = CheckResult.objects.filter(run__in=runs).annotate(has_output=~Q(output=""))
    checks = {(row.run_id, row.criterion): row for row in (rows if with_output else rows.defer("output"))}
    tests = {(row.run_id, row.criterion): row for row in CriterionResult.objects.filter(run__in=runs)}
    ticks = queries.ticks_at(runs)

    def shown(run: Run, frozen: dict[str, Any]) -> Shown:
        key = frozen["id"]
        kind = CriterionKind(frozen["kind"])
        words = (frozen["text"], kind, Weight(frozen["weight"]), in_words(kind, frozen["definition"]))
        if check := checks.get((run.pk, key)):
            told = (Standing(check.standing), check.figure, check.sentence)
            output = check.output if with_output else ""
            return Shown(key, *words, *told, output, check.has_output, check.seconds, check.exit_code)
        if found := tests.get((run.pk, key)):
            told = (Standing(found.standing), found.figure, found.sentence)
            return Shown(key, *words, *told, tests=tuple(found.tests))
        if tick := ticks.get((key, frozen["text"], run.sha)):
            standing = Standing.HOLDS if tick.holds else Standing.FAILS
            return Shown(key, *words, standing, "", _says(tick), tick=tick)
        return Shown(key, *words, Standing.UNKNOWN, "", _why_unknown(run, kind))

    return {run.pk: [shown(run, frozen) for frozen in run.criteria] for run in runs}


def held(shown: Iterable[Shown]) -> int:
    """How many of them hold."""
    return sum(each.standing is Standing.HOLDS for each in shown)


def runs_to_judge(sprint: Sprint | None = None, *, now: datetime) -> list[int]:
    """The primary keys of runs whose criteria about tests are not judged against today's baseline, newest
    first: of the latest run of each track that has ended, and of those that ended not long ago."""
    ended = Run.objects.filter(kind=RunKind.TRACK, ended_at__isnull=False)
    later = ended.filter(track=OuterRef("track"), iteration__gt=OuterRef("iteration"))
    runs = ended.filter(sprint=sprint) if sprint else ended
    runs = runs.filter(Q(ended_at__gte=now - JUDGED_FOR) | ~Exists(later))
    judged = CriterionResult.objects.filter(run=OuterRef("pk"))
    has_baseline = Exists(Run.objects.filter(pk=OuterRef("sprint__baseline"), state=RunState.FINISHED))
    due = runs.filter(
        (has_baseline & ~Exists(judged.filter(base=OuterRef("sprint__baseline"))))
        | (~has_baseline & ~Exists(judged)),
        criteria__contains=[{"kind": CriterionKind.TESTS}],
    )
    return list(due.order_by("-pk").values_list("pk", flat=True)[:JUDGED_AT_ONCE])


def with_baseline(run: int) -> tuple[Run, Run | None]:
    """The run, by its primary key, and today's baseline of its sprint if that has ended in order."""
    blobs = [f"{prefix}{blob}" for prefix in ("", "sprint__baseline__") for blob in queries.BLOBS]
    found = Run.objects.select_related("project", "sprint__baseline__project").defer(*blobs).get(pk=run)
    base = found.sprint.baseline if found.sprint else None
    return found, base if base and base.state == RunState.FINISHED else None


def definitions_of(run: Run) -> dict[int, TestsDefinition]:
    """The run's criteria about tests, by their keys."""
    return {
        each["id"]: TestsDefinition.from_json(each["definition"])
        for each in run.criteria
        if each["kind"] == CriterionKind.TESTS
    }


def test_facts(run: Run, comparison: Comparison | None) -> TestFacts:
    """``comparison`` is that with the baseline, where it is asked for."""
    facts = conclusions.run_facts(run)
    return TestFacts(
        state=RunState(run.state),
        outcomes=facts.outcomes,
        names=_names(run, np.flatnonzero(facts.outcomes).tolist()),
        markers=_markers(run),
        modules=facts.uncollected.keys() | facts.skipped_modules.keys(),
        against=_against(facts.outcomes, comparison) if comparison else None,
        checks_only=run.checks_only,
    )


def _against(outcomes: OutcomeVector, comparison: Comparison) -> Against:
    reasons, moves = numbered(comparison.vanished), stored_moves(comparison.moves)
    worse = worsened(unpack_classes(bytes(comparison.classes)), outcomes, reasons, moves)
    had = queries.outcome_vector(comparison.base)
    before = [number for number in worse if number < had.size and had[number]]
    return Against(worse, _names(comparison.base, before), _markers(comparison.base))


def _names(run: Run, numbers: Sequence[int]) -> dict[int, str]:
    """The node ids of just these tests."""
    names = conclusions.names_of(run.project, numbers)
    return {number: names[number] for number in numbers}


def _markers(run: Run) -> dict[str, frozenset[int]]:
    return {name: frozenset(queries.marked_in(run, name).tolist()) for name in queries.markers_in([run])}


def _says(tick: Tick) -> str:
    who = str(tick.by) if tick.by else "Somebody"
    return f"{who} has looked: it {'holds' if tick.holds else 'does not hold'}."


def _why_unknown(run: Run, kind: CriterionKind) -> str:
    if kind is CriterionKind.MANUAL:
        return "Nobody has looked yet."
    if run.is_active:
        return "The run has not ended yet."
    if kind is CriterionKind.CHECK:
        return "The run ended before this was looked at."
    return "It is being worked out."

"""Criteria and what runs showed of them: facts for the pure module, one list for pages, gates and reports.

Run.criteria ┬ tests   CriterionResult ┐
             ├ check   CheckResult     ├──standings_of(run)──>  [Shown, …] in the track's order
             └ manual  Tick            ┘
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import Exists, OuterRef, Q

from reports import queries as conclusions
from reports.criteria import TestFacts
from reports.models import Comparison, CriterionResult
from reports.stored import numbered, unpack_classes
from reports.transitions import DeltaClass
from tracks import queries
from tracks.criteria import TestsDefinition, in_words
from tracks.models import CheckResult, Run, Sprint, Tick
from tracks.statuses import BROKEN_OUTCOMES, CriterionKind, RunKind, RunState, Standing, Weight
from tracks.vectors import CODES

_WORSE = (
    DeltaClass.NEWLY_FAILING,
    DeltaClass.NEWLY_ERRORING,
    DeltaClass.MUTED,
    DeltaClass.VANISHED,
)


@dataclass(frozen=True, slots=True)
class Shown:
    """One criterion of a run, and what the run showed of it.

    ``tests`` are the numbers of the first tests at fault; ``output`` may hold ANSI sequences; ``seconds`` and
    ``exit_code`` are those of a check; ``tick`` is what a person last said at the run's commit.
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
    seconds: float | None = None
    exit_code: int | None = None
    tests: tuple[int, ...] = ()
    tick: Tick | None = None


def standings_of(run: Run) -> list[Shown]:
    """What the run showed of each of its criteria, in the track's order."""
    return standings_of_runs([run])[run.pk]


def standings_of_runs(runs: Collection[Run], *, with_output: bool = True) -> dict[int, list[Shown]]:
    """The same of several runs, by their primary keys, in three queries; what commands printed takes long to
    read, and is left empty where it is not wanted."""
    rows = CheckResult.objects.filter(run__in=runs)
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
            return Shown(key, *words, *told, output, check.seconds, check.exit_code)
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


def runs_to_judge(sprint: Sprint | None = None) -> list[tuple[Run, Run | None]]:
    """Each track run that has ended and whose criteria about tests are not judged against today's baseline,
    with that baseline, or None while it goes on."""
    runs = Run.objects.filter(
        kind=RunKind.TRACK, ended_at__isnull=False, criteria__contains=[{"kind": CriterionKind.TESTS}]
    )
    runs = runs.filter(sprint=sprint) if sprint else runs
    judged = CriterionResult.objects.filter(run=OuterRef("pk"))
    has_baseline = Q(sprint__baseline__ended_at__isnull=False)
    due = runs.filter(
        (has_baseline & ~Exists(judged.filter(base=OuterRef("sprint__baseline"))))
        | (~has_baseline & ~Exists(judged))
    ).select_related("project", "sprint__baseline__project")
    return [(run, _ended(run.sprint.baseline if run.sprint else None)) for run in due]


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
    worse = _worse(facts.outcomes, comparison) if comparison else None
    numbers = [*np.flatnonzero(facts.outcomes).tolist(), *(worse or ())]
    names = conclusions.names_of(run.project, numbers)
    wanted = set(numbers)
    return TestFacts(
        state=RunState(run.state),
        outcomes=facts.outcomes,
        names={number: name for number, name in names.items() if number in wanted},
        markers={
            name: frozenset(queries.marked_in(run, name).tolist()) for name in queries.markers_in([run])
        },
        modules=facts.uncollected.keys() | facts.skipped_modules.keys(),
        worse=worse,
    )


def _worse(outcomes: Any, comparison: Comparison) -> dict[int, str]:
    """What became of each test that changed for the worse; one that goes on by another name is not lost."""
    classes = unpack_classes(bytes(comparison.classes))
    moved = numbered(comparison.moves)
    found = {
        number: name.value.replace("_", " ")
        for name in _WORSE
        for number in classes[name].tolist()
        if number not in moved
    }
    broken = {CODES[outcome] for outcome in BROKEN_OUTCOMES}
    before = {move["now"]: move["base"] for move in moved.values()}
    for number in classes[DeltaClass.ADDED].tolist():
        if int(outcomes[number]) in broken and before.get(number) not in BROKEN_OUTCOMES:
            found[number] = "renamed and broken" if number in before else "added broken"
    return found


def _ended(run: Run | None) -> Run | None:
    return run if run and not run.is_active else None


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

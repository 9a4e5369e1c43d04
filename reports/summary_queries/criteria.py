"""What the latest run of each track showed of its criteria; the ends of what commands printed."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from django.db.models.functions import Right

from reports.criteria_queries import Shown, standings_of_runs
from reports.summary.facts import CriterionTold
from reports.summary_queries.names import first_named
from tracks.models import CheckResult, Run
from tracks.terminal import without_codes

OUTPUT = 4000
"""Characters of what a command printed, without ANSI sequences."""
RAW = 4 * OUTPUT
"""So many are read to have as many left."""


@dataclass(frozen=True)
class Criteria:
    """Of runs, by their primary keys; the outputs by run and criterion."""

    shown: Mapping[int, list[Shown]]
    outputs: Mapping[tuple[int, int], str]

    @property
    def numbers(self) -> Iterator[int]:
        return (test for shown in self.shown.values() for each in shown for test in each.tests)

    def told(self, run: Run | None, names: Mapping[int, str]) -> tuple[CriterionTold, ...]:
        if run is None:
            return ()
        return tuple(self._told(run.pk, each, names) for each in self.shown[run.pk])

    def _told(self, run: int, shown: Shown, names: Mapping[int, str]) -> CriterionTold:
        tick = shown.tick
        return CriterionTold(
            criterion=shown.criterion,
            text=shown.text,
            kind=shown.kind,
            weight=shown.weight,
            asked=shown.asked,
            standing=shown.standing,
            figure=shown.figure,
            sentence=shown.sentence,
            output=self.outputs.get((run, shown.criterion), ""),
            exit_code=shown.exit_code,
            tests=first_named(shown.tests, names),
            evidence=tick.evidence if tick else "",
            by=str(tick.by) if tick and tick.by else "",
            tests_total=len(shown.tests),
        )


def criteria_of(runs: Collection[Run]) -> Criteria:
    return Criteria(standings_of_runs(runs, with_output=False), _outputs(runs))


def _outputs(runs: Collection[Run]) -> dict[tuple[int, int], str]:
    """The end is where a command says what came of it."""
    rows = CheckResult.objects.filter(run__in=runs).exclude(output="")
    told = rows.values_list("run", "criterion", Right("output", RAW))
    return {(run, criterion): without_codes(output)[-OUTPUT:] for run, criterion, output in told}

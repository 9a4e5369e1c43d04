"""What pages say of cascades: a cause, what follows from it, and what mending it would give, or gave.

Forecast        ──> Follows   "1 cause, 45 tests follow", the first of them, the forecast in figures
kept forecasts  ──> Tried     "forecast of initial: 45 pass; held for 43, 2 failed"

The numbers of cascades and of tests that are named are bounded, whatever a branch does.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reports.cascades import CascadeKind
from reports.cascading import cascades_of
from reports.forecasts import Forecast
from reports.models import Comparison
from tracks import queries
from tracks.models import Run
from tracks.statuses import SHAPES, Outcome, RunKind

CASCADES = 5
"""How many cascades are shown at once."""
TESTS = 25
"""How many of the tests that follow are named."""

Figures = Sequence[tuple[Outcome, int]]
"""Outcomes and how many tests have them, in the order in which pages show them."""


@dataclass(frozen=True)
class Follows:
    """A cascade, with the first tests that follow by number and node id, and its forecast.

    ``hidden``: those tests are not in the run at all, for their module could not be collected.
    """

    forecast: Forecast
    cause_id: str
    tests: Sequence[tuple[int, str]]
    hidden: bool
    expected: Figures
    figures: Figures

    @property
    def count(self) -> int:
        return len(self.forecast.cascade.followers)

    @property
    def more(self) -> int:
        return self.count - len(self.tests)


@dataclass(frozen=True)
class Tried:
    """A forecast of the iteration before, and what became of it; ``kept`` as ``stored_cascades`` says."""

    kept: Mapping[str, Any]
    cause_id: str

    @property
    def followers(self) -> int:
        return sum(self.kept["expected"].values())

    @property
    def expected(self) -> Figures:
        return in_order(self.kept["expected"])

    @property
    def otherwise(self) -> Figures:
        return in_order(self.kept["otherwise"])


@dataclass(frozen=True)
class Cascades:
    """A run's cascades, and the forecasts of ``previous``, the iteration before, that it put to the test."""

    follows: Sequence[Follows]
    more: int
    previous: Run | None
    tried: Sequence[Tried]


def read_cascades(run: Run) -> Cascades:
    found = cascades_of(run, baseline_of(run)) or ()
    shown = found[:CASCADES]
    kept = _compared_with_previous(run)
    tried = kept.forecasts[:CASCADES] if kept else []
    names = queries.node_ids(run.project, [*named_in(shown), *(each["cause"] for each in tried)])
    return Cascades(
        follows=[follows(each, names) for each in shown],
        more=len(found) - len(shown),
        previous=kept.base if kept else None,
        tried=[Tried(each, names[each["cause"]]) for each in tried],
    )


def follows(forecast: Forecast, names: Mapping[int, str]) -> Follows:
    """``names`` holds what ``named_in`` asks for."""
    cascade = forecast.cascade
    return Follows(
        forecast=forecast,
        cause_id=names[cascade.cause],
        tests=[(test, names[test]) for test in cascade.followers[:TESTS]],
        hidden=hides(forecast),
        expected=in_order(forecast.counts),
        figures=in_order(forecast.figures),
    )


def named_in(forecasts: Iterable[Forecast]) -> list[int]:
    """The numbers of the tests whose names ``follows`` shows."""
    return [test for each in forecasts for test in (each.cascade.cause, *each.cascade.followers[:TESTS])]


def hides(forecast: Forecast) -> bool:
    return forecast.cascade.kind is CascadeKind.COLLECTION


def baseline_of(run: Run) -> Run | None:
    """The run that the run's cascades are forecast from."""
    return run.sprint.baseline if run.sprint and run.sprint.baseline_id != run.pk else None


def in_order(counts: Mapping[Any, int]) -> Figures:
    return [(outcome, counts[outcome]) for outcome in SHAPES if counts.get(outcome)]


def _compared_with_previous(run: Run) -> Comparison | None:
    if run.track_id is None:
        return None
    rows = Comparison.objects.filter(head=run, base__kind=RunKind.TRACK, base__track=run.track_id)
    blobs = [f"base__{blob}" for blob in queries.BLOBS]
    return rows.select_related("base").defer("classes", "vanished", "cascades", *blobs).first()

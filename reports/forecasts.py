"""What mending a cascade's cause would give, and whether it did; pure.

    followers 4 5 6, at the baseline  passed failed (none)   ──>  Forecast {passed: [4 6], failed: [5]}
    the next iteration                passed failed error    ──>  Held     2 as forecast, 1 otherwise

Each follower goes back to what it was at the baseline; of one whose own outcome there is not known (it was
not there, or followed another cause there) it is assumed that it passes, and counted.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reports.cascades import Cascade, CascadeKind
from tracks.statuses import BROKEN_OUTCOMES, Outcome


@dataclass(frozen=True, slots=True)
class Forecast:
    """What the followers of ``cascade`` would be without its cause.

    ``expected`` holds them by their outcome then; of ``assumed`` of them it is not known but assumed.
    ``figures`` is the number of the whole run's tests by outcome then.
    """

    cascade: Cascade
    expected: Mapping[Outcome, tuple[int, ...]]
    assumed: int
    figures: Mapping[Outcome, int]

    @property
    def counts(self) -> dict[Outcome, int]:
        """How many followers would have each outcome, those that none would have left out."""
        return {outcome: len(tests) for outcome, tests in self.expected.items()}


@dataclass(frozen=True, slots=True)
class Held:
    """What became of the followers: how many are as forecast, and the others by the outcome that they have.

    Only where the cause is gone (``cause_gone``) does it say anything of the forecast.
    """

    as_forecast: int
    otherwise: Mapping[Outcome, tuple[int, ...]]
    cause_gone: bool


def foresee(
    cascades: Iterable[Cascade], run: Mapping[int, Outcome], base: Mapping[int, Outcome]
) -> tuple[Forecast, ...]:
    """The forecast of each cascade of ``run``; ``base`` holds what is known of the baseline's outcomes."""
    now = Counter(run.values())
    return tuple(_foresee(each, run, now, base) for each in cascades)


def hold(forecast: Forecast, now: Mapping[int, Outcome], *, cause_gone: bool) -> Held:
    """How the forecast compares with the outcomes that the tests have now."""
    otherwise = {
        test: now.get(test, Outcome.ABSENT)
        for outcome, tests in forecast.expected.items()
        for test in tests
        if now.get(test, Outcome.ABSENT) is not outcome
    }
    return Held(len(forecast.cascade.followers) - len(otherwise), _by_outcome(otherwise), cause_gone)


def _foresee(
    cascade: Cascade, run: Mapping[int, Outcome], now: Counter[Outcome], base: Mapping[int, Outcome]
) -> Forecast:
    expected = {test: base.get(test, Outcome.PASSED) for test in cascade.followers}
    figures = now.copy()
    figures.subtract(run.get(test, Outcome.ABSENT) for test in (cascade.cause, *cascade.followers))
    figures.update((_mended(cascade, base), *expected.values()))
    return Forecast(
        cascade=cascade,
        expected=_by_outcome(expected),
        assumed=sum(test not in base for test in cascade.followers),
        figures={outcome: figures[outcome] for outcome in Outcome if outcome is not Outcome.ABSENT},
    )


def _mended(cascade: Cascade, base: Mapping[int, Outcome]) -> Outcome:
    """What the cause itself becomes: a module's entry goes, the first to need a fixture is as those after it,
    and a test that broke by itself does so no more."""
    if cascade.kind is CascadeKind.COLLECTION:
        return Outcome.ABSENT
    before = base.get(cascade.cause, Outcome.PASSED)
    broke_itself = cascade.kind is CascadeKind.POISONED and before in BROKEN_OUTCOMES
    return Outcome.PASSED if broke_itself else before


def _by_outcome(outcomes: Mapping[int, Outcome]) -> dict[Outcome, tuple[int, ...]]:
    found: dict[Outcome, list[int]] = {}
    for test, outcome in outcomes.items():
        found.setdefault(outcome, []).append(test)
    return {outcome: tuple(tests) for outcome, tests in found.items()}

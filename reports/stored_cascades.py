"""The form in which cascades, their forecasts and what became of these are kept with a comparison; pure.

cascades   [{"kind": "fixture", "cause": 12, "because": "the fixture db …", "followers": {"passed": [13, 14]},
             "assumed": 0, "figures": {"passed": 640, …}}]             followers by their forecast
forecasts  [{"cause": 12, "because": …, "expected": {"passed": 45}, "as_forecast": 43,
             "otherwise": {"failed": 2}, "errors": [["KeyError: 'id'", 2, 13]], "cause_gone": true}]
"""

from collections.abc import Mapping, Sequence
from typing import Any

from reports.cascades import Cascade, CascadeKind
from reports.forecasts import Forecast, Held
from tracks.statuses import Outcome

Json = dict[str, Any]


def pack(forecasts: Sequence[Forecast]) -> list[Json]:
    """What to keep of a run's cascades; ``unpack`` reads it."""
    return [
        {
            "kind": each.cascade.kind.value,
            "cause": each.cascade.cause,
            "because": each.cascade.because,
            "followers": {outcome.value: list(tests) for outcome, tests in each.expected.items()},
            "assumed": each.assumed,
            "figures": {outcome.value: count for outcome, count in each.figures.items()},
        }
        for each in forecasts
    ]


def unpack(kept: Sequence[Json]) -> tuple[Forecast, ...]:
    return tuple(_forecast(each) for each in kept)


def pack_held(forecast: Forecast, held: Held, errors: Sequence[tuple[str, int, int]]) -> Json:
    """What to keep of a forecast that an iteration has put to the test; ``errors`` are the title, the number
    of tests and one of them of what broke otherwise."""
    return {
        "cause": forecast.cascade.cause,
        "because": forecast.cascade.because,
        "expected": {outcome.value: count for outcome, count in forecast.counts.items()},
        "as_forecast": held.as_forecast,
        "otherwise": {outcome.value: len(tests) for outcome, tests in held.otherwise.items()},
        "errors": [list(each) for each in errors],
        "cause_gone": held.cause_gone,
    }


def _forecast(kept: Mapping[str, Any]) -> Forecast:
    expected = {Outcome(outcome): tuple(tests) for outcome, tests in kept["followers"].items()}
    followers = tuple(sorted(test for tests in expected.values() for test in tests))
    return Forecast(
        cascade=Cascade(CascadeKind(kept["kind"]), kept["cause"], followers, kept["because"]),
        expected=expected,
        assumed=kept["assumed"],
        figures={Outcome(outcome): count for outcome, count in kept["figures"].items()},
    )

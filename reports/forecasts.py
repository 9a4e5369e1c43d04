"""What mending a cascade's cause would give, and whether it did; pure.

    followers 4 5 6, at the baseline  passed failed (none)   ──>  forecast {passed: 2, failed: 1}
    the next iteration                passed failed error    ──>  held     2 as forecast, 1 otherwise

Each follower goes back to what it was at the baseline; one that was not there passes.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from reports.cascades import Cascade
from tracks.statuses import Outcome


@dataclass(frozen=True, slots=True)
class Held:
    """What became of the followers, as numbers of tests.

    Only where the cause is gone (``cause_gone``) does it say anything of the forecast.
    """

    as_forecast: int
    otherwise: int
    cause_gone: bool


def expect(cascade: Cascade, base: Mapping[int, Outcome]) -> dict[int, Outcome]:
    """The outcome of each follower once the cause is mended; ``base`` are the baseline's outcomes."""
    outcomes = {test: base.get(test, Outcome.ABSENT) for test in cascade.followers}
    return {
        test: Outcome.PASSED if outcome is Outcome.ABSENT else outcome for test, outcome in outcomes.items()
    }


def forecast(cascade: Cascade, base: Mapping[int, Outcome]) -> dict[Outcome, int]:
    """How many followers would have each outcome, those that none would have left out."""
    return dict(Counter(expect(cascade, base).values()))


def held(expected: Mapping[int, Outcome], now: Mapping[int, Outcome], *, cause_gone: bool) -> Held:
    """How what ``expect`` gave compares with the next iteration's outcomes."""
    as_forecast = sum(now.get(test, Outcome.ABSENT) is outcome for test, outcome in expected.items())
    return Held(as_forecast, len(expected) - as_forecast, cause_gone)

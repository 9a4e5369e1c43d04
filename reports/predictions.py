"""What the runs of the single tracks predict of all of them together, and what came of that; pure.

          baseline   A        B        predicted   together
test 1    passed     passed   failed   failed      failed     as predicted
test 2    passed     passed   passed   passed      failed     worse: broken together
test 3    failed     failed   passed   passed      error      worse: B's fix is lost
test 4    failed     passed   failed   passed      skipped    other than predicted
test 5    skipped    passed   failed   contested   passed     the tracks do not agree

A test that tracks changed alike is predicted to come out as there; one that none changed, as at the baseline.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from tracks.statuses import BROKEN_OUTCOMES, Outcome
from tracks.vectors import CODES, Numbers, OutcomeVector

_BROKEN = np.array([CODES[outcome] for outcome in sorted(BROKEN_OUTCOMES)], np.uint8)
_FINE = np.array([CODES[Outcome.PASSED], CODES[Outcome.XPASSED]], np.uint8)
_ABSENT = CODES[Outcome.ABSENT]
CONTESTED = 255
"""The code of a test whose outcome is not predicted."""


class TogetherKind(StrEnum):
    """How tests fail together that were predicted not to."""

    BROKEN = "broken together"
    """No track breaks it alone."""
    FIX_LOST = "fix lost"
    """Tracks fix it alone, and it breaks together."""


@dataclass(frozen=True, slots=True)
class Together:
    """A test that fails together only; ``by`` are the tracks that changed it alone, by key."""

    test: int
    kind: TogetherKind
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """What came of a prediction: test numbers ascending, but for the count of those as predicted."""

    as_predicted: int
    better: Numbers
    """Predicted broken, and not broken."""
    worse: Numbers
    """Predicted to pass, and broken, missing or switched off."""
    other: Numbers
    """Neither, and not as predicted."""
    contested: Numbers
    together: tuple[Together, ...]


def predict(baseline: OutcomeVector, tracks: Mapping[str, OutcomeVector]) -> OutcomeVector:
    """The outcome of each test with all tracks merged; CONTESTED where they do not agree on it."""
    base, runs = _aligned(baseline, tracks)
    predicted = base.copy()
    touched = np.zeros(base.size, bool)
    for outcomes in runs.values():
        changed = outcomes != base
        predicted[changed & touched & (predicted != outcomes)] = CONTESTED
        first = changed & ~touched
        predicted[first] = outcomes[first]
        touched |= changed
    return predicted


def hold(merged: OutcomeVector, baseline: OutcomeVector, tracks: Mapping[str, OutcomeVector]) -> Held:
    """What the merged run shows of what the tracks' runs predict."""
    length = max(merged.size, baseline.size, *(each.size for each in tracks.values()))
    now, base = _padded(merged, length), _padded(baseline, length)
    predicted = _padded(predict(baseline, tracks), length)
    contested = predicted == CONTESTED
    differs = (now != predicted) & ~contested
    better = differs & np.isin(predicted, _BROKEN) & np.isin(now, _FINE)
    worse = differs & ~np.isin(now, _FINE) & (np.isin(predicted, _FINE) | np.isin(now, _BROKEN))
    worse &= ~(np.isin(predicted, _BROKEN) & np.isin(now, _BROKEN))
    known = (base != _ABSENT) | (predicted != _ABSENT) | (now != _ABSENT)
    return Held(
        as_predicted=int(np.count_nonzero(known & (now == predicted))),
        better=np.flatnonzero(better),
        worse=np.flatnonzero(worse),
        other=np.flatnonzero(differs & ~better & ~worse),
        contested=np.flatnonzero(contested),
        together=_together(np.flatnonzero(worse & np.isin(now, _BROKEN)), base, tracks),
    )


def _together(
    tests: Numbers, base: OutcomeVector, tracks: Mapping[str, OutcomeVector]
) -> tuple[Together, ...]:
    was_broken = np.isin(base, _BROKEN)
    runs = {key: _padded(outcomes, base.size) for key, outcomes in tracks.items()}
    return tuple(
        Together(
            test,
            TogetherKind.FIX_LOST if was_broken[test] else TogetherKind.BROKEN,
            tuple(key for key, outcomes in runs.items() if outcomes[test] != base[test]),
        )
        for test in tests.tolist()
    )


def _aligned(
    baseline: OutcomeVector, tracks: Mapping[str, OutcomeVector]
) -> tuple[OutcomeVector, dict[str, OutcomeVector]]:
    length = max([baseline.size, *(each.size for each in tracks.values())])
    return _padded(baseline, length), {key: _padded(each, length) for key, each in tracks.items()}


def _padded(outcomes: OutcomeVector, length: int) -> OutcomeVector:
    return np.pad(outcomes, (0, length - outcomes.size))

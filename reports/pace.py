"""Which tests are slow, and which are slower than before; arithmetic on duration vectors, pure.

    base  0.20 1.00 0.50 …  seconds     log ratios of what passed in both     shift   1.30, the machine
    head  0.26 1.30 3.10 …         ──>  0.26 0.26 1.82 …                 ──>  spread  1.08, the noise
                                                                              slower  test 2: 4.8 times

The shift is the median ratio: what all tests share is the machine's doing. The spread is the ratios'
median absolute deviation about it, scaled to a standard deviation. A test is slower if, the shift
taken off, it took FACTOR times as long, more than the noise explains, SECONDS longer, and longer than
in any earlier run that is given. Only tests that passed in both runs are compared: a test that breaks
ends early, or waits in vain.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tracks.statuses import Outcome
from tracks.vectors import CODES, DurationVector, Numbers, OutcomeVector, decode_seconds, pad

FACTOR = 1.5
SECONDS = 0.1
DEVIATIONS = 3.0
"""A test must exceed the common ratio by so many standard deviations of the noise."""
MEASURABLE = 0.005
"""Seconds in both runs; what is shorter says more of the clock than of the machine."""
ENOUGH = 8
"""Measurable tests; of fewer, neither shift nor spread is told."""
_TO_DEVIATION = 1.4826
"""The standard deviation of normal noise is so many median absolute deviations."""

Seconds = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Slower:
    """A test that became slower: seconds in both runs, and their ratio with the shift taken off."""

    test: int
    base: float
    head: float
    ratio: float


@dataclass(frozen=True, slots=True)
class Pace:
    """How the head's durations compare with the base's.

    ``shift`` and ``spread`` are ratios: 1.3 and 1.08 for a machine that took 1.3 times as long, give
    or take 8 %. ``compared`` tests passed in both runs; ``slower`` has the most seconds lost first.
    """

    compared: int
    shift: float
    spread: float
    slower: tuple[Slower, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Timed:
    """The outcomes and durations of one run, by test number; the vectors may differ in length."""

    outcomes: OutcomeVector
    durations: DurationVector


def compare_pace(base: Timed, head: Timed, earlier: Sequence[DurationVector] = ()) -> Pace:
    """Compare the head's durations with the base's; ``earlier`` are the durations of runs before both.

    ValueError for codes that are no durations.
    """
    tests = _passed_in_both(base, head)
    before, after = (decode_seconds(run.durations[tests]) for run in (base, head))
    ratios = np.log(after / before)
    shift, spread = _noise(ratios[np.minimum(before, after) >= MEASURABLE])
    excess = ratios - shift
    lost = after - before * np.exp(shift)
    is_slower = (excess > max(np.log(FACTOR), DEVIATIONS * spread)) & (lost > SECONDS)
    is_slower &= after > _longest(tests, earlier) * np.exp(shift)
    found = np.flatnonzero(is_slower)
    found = found[np.argsort(-lost[found], kind="stable")]
    rows = zip(tests[found], before[found], after[found], np.exp(excess[found]), strict=True)
    return Pace(
        compared=tests.size,
        shift=float(np.exp(shift)),
        spread=float(np.exp(spread)),
        slower=tuple(
            Slower(int(test), float(old), float(new), float(ratio)) for test, old, new, ratio in rows
        ),
    )


def _passed_in_both(base: Timed, head: Timed) -> Numbers:
    """The tests that passed and took some time in both runs."""
    length = min(vector.size for run in (base, head) for vector in (run.outcomes, run.durations))
    fits = np.ones(length, dtype=bool)
    for run in (base, head):
        fits &= run.outcomes[:length] == CODES[Outcome.PASSED]
        fits &= run.durations[:length] > 0
    return np.flatnonzero(fits)


def _noise(ratios: Seconds) -> tuple[float, float]:
    """The median of logarithms of ratios, and their deviation about it; 0 and 0 for too few."""
    if ratios.size < ENOUGH:
        return 0.0, 0.0
    shift = float(np.median(ratios))
    return shift, _TO_DEVIATION * float(np.median(np.abs(ratios - shift)))


def _longest(tests: Numbers, earlier: Sequence[DurationVector]) -> Seconds:
    """The longest duration of each test in the earlier runs, 0 where there is none."""
    length = int(tests[-1]) + 1 if tests.size else 0
    longest = np.zeros(tests.size)
    for durations in earlier:
        known = pad(durations[:length], length)[tests]
        np.maximum(longest, decode_seconds(known), out=longest)
    return longest

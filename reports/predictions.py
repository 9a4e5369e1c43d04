"""What the runs of the single tracks predict of all of them together; pure.

baseline  passed  failed  passed  passed     by test number
A         passed  passed  failed  passed     what A changed is its word: failed → passed
B         passed  failed  passed  FAILED
predicted passed  passed  failed  failed     one word, or several that agree; untouched: the baseline's
merged    FAILED  passed  passed  error
          worse   as pr.  better  as pr.     failed and error are the same here: broken

Changed means of another rank: passing, switched off, absent, broken. Failed → error is no word of its own:
who breaks a broken test otherwise says nothing against who mends it. Where tracks say different things of a
test, the prediction is contested. A test that is predicted not to be broken and is broken together is an
interaction: no track alone shows it. So is one that is contested and that some track makes pass: its work is
lost.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from tracks.statuses import Outcome
from tracks.vectors import CODES, OutcomeVector, pad

Mask = npt.NDArray[np.bool_]
"""Shape (tests,)."""


class Held(IntEnum):
    """What came of a prediction."""

    AS_PREDICTED = 0
    BETTER = 1
    WORSE = 2
    CONTESTED = 3


_RANKS = {Outcome.PASSED: 0, Outcome.XPASSED: 0, Outcome.XFAILED: 1, Outcome.SKIPPED: 1, Outcome.ABSENT: 2}
_PASSING, _BROKEN = 0, 3
_RANK = np.array([_RANKS.get(outcome, _BROKEN) for outcome in CODES], np.uint8)
"""How bad each outcome is, by its code."""
_ORDER = _RANK * len(CODES) + np.arange(len(CODES), dtype=np.uint8)
"""The same, and no two alike: which track comes first must not matter."""


@dataclass(frozen=True, slots=True, eq=False)
class Prediction:
    """All by test number, of the same length: codes of outcomes, and of ``Held``; 0 where no run had it."""

    predicted: OutcomeVector
    held: npt.NDArray[np.uint8]
    broken_together: Mask
    """Broken, though none of the tracks that changed it breaks it, or though one of them makes it pass."""
    fixed_by: Mapping[str, Mask]
    """By the track's key: broken in the baseline, and passing on this track."""

    def fixers(self, test: int) -> tuple[str, ...]:
        """The tracks that alone mend the test, in the order in which they were given."""
        return tuple(key for key, fixed in self.fixed_by.items() if fixed[test])


def predict(
    baseline: OutcomeVector, tracks: Mapping[str, OutcomeVector], merged: OutcomeVector
) -> Prediction:
    """``tracks`` are the outcomes of each merged track alone, by its key."""
    length = max(vector.size for vector in (baseline, merged, *tracks.values()))
    before, after = pad(baseline, length), pad(merged, length)
    alone = {key: pad(vector, length) for key, vector in tracks.items()}
    best, predicted = _words(before, list(alone.values()))
    contested = _RANK[best] != _RANK[predicted]
    rank, expected = _RANK[after], _RANK[predicted]
    held = np.full(length, Held.AS_PREDICTED, np.uint8)
    held[rank < expected] = Held.BETTER
    held[rank > expected] = Held.WORSE
    held[contested] = Held.CONTESTED
    was_broken = _is_broken(before)
    is_lost = contested & (_RANK[best] == _PASSING)
    return Prediction(
        predicted=predicted,
        held=held,
        broken_together=_is_broken(after) & (~_is_broken(predicted) | is_lost),
        fixed_by={
            key: was_broken & (_RANK[vector] == _RANKS[Outcome.PASSED]) for key, vector in alone.items()
        },
    )


def _words(before: OutcomeVector, alone: list[OutcomeVector]) -> tuple[OutcomeVector, OutcomeVector]:
    """The best and the worst that is said of each test by the tracks that changed it; else the baseline's."""
    best, worst = before.copy(), before.copy()
    touched = np.zeros(before.size, np.bool_)
    for vector in alone:
        changed = _RANK[vector] != _RANK[before]
        better = changed & (~touched | (_ORDER[vector] < _ORDER[best]))
        worse = changed & (~touched | (_ORDER[vector] > _ORDER[worst]))
        best[better], worst[worse] = vector[better], vector[worse]
        touched |= changed
    return best, worst


def _is_broken(outcomes: OutcomeVector) -> Mask:
    broken: Mask = _RANK[outcomes] == _BROKEN
    return broken

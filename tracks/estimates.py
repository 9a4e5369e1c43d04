"""How long a run will still take, from what the same tests took before; pure.

known     durations of an earlier run, by test number     ┐
reported  outcomes of this run so far, by test number     ├──> seconds left
speed     how many seconds of tests one second has done   ┘
"""

import numpy as np

from tracks.vectors import DurationVector, OutcomeVector, decode_seconds, pad


def seconds_left(known: DurationVector, known_seconds: float, reported: OutcomeVector) -> float | None:
    """Seconds until the last known test is done; None where nothing is known.

    ``known_seconds`` is what the earlier run's test command took: where it ran tests side by side, or spent
    its time between them, the ratio of the two is applied to what is left.
    """
    length = max(known.size, reported.size)
    durations = decode_seconds(pad(known, length))
    total = float(durations.sum())
    if not total or not known_seconds:
        return None
    left = float(durations[np.asarray(pad(reported, length)) == 0].sum())
    return left * known_seconds / total

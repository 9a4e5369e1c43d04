"""Whether a later run of the same commit shows otherwise than the one that was decided on; pure.

decided run  │ passed  holds
later run    │ broken or missing, does not hold  ──contradiction──> a sentence
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tracks.statuses import BROKEN_OUTCOMES, Outcome, RunState, Standing
from tracks.vectors import CODES, OutcomeVector

CONCLUSIVE = frozenset({RunState.FINISHED, RunState.INCOMPLETE, RunState.BROKEN})
"""What did not end in order for a reason of ours says nothing of the commit."""


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """What a run showed; criteria by their keys, with their words."""

    run: int
    state: RunState
    outcomes: OutcomeVector
    criteria: Mapping[int, tuple[str, Standing]]


def contradiction(decided: Shown, later: Shown) -> str:
    """What the later run shows otherwise, as a sentence; empty where it contradicts nothing."""
    if later.state not in CONCLUSIVE:
        return ""
    parts = [*_tests(decided, later), *_criteria(decided, later)]
    if later.state is RunState.BROKEN:
        parts = ["it could not start"]
    return f"Run {later.run} at the same commit contradicts it: {', '.join(parts)}." if parts else ""


def _tests(decided: Shown, later: Shown) -> list[str]:
    now = np.zeros(decided.outcomes.size, np.uint8)
    both = min(now.size, later.outcomes.size)
    now[:both] = later.outcomes[:both]
    passed = decided.outcomes == CODES[Outcome.PASSED]
    broken = np.isin(now, [CODES[each] for each in sorted(BROKEN_OUTCOMES)])
    counts = {"are broken": passed & broken, "are missing": passed & (now == CODES[Outcome.ABSENT])}
    return [
        f"{count} test{'s' * (count != 1)} that passed {what if count != 1 else what.replace('are', 'is')}"
        for what, tests in counts.items()
        if (count := int(np.count_nonzero(tests)))
    ]


def _criteria(decided: Shown, later: Shown) -> list[str]:
    return [
        f"“{text}” does not hold"
        for key, (text, standing) in decided.criteria.items()
        if standing is Standing.HOLDS and later.criteria.get(key, ("", standing))[1] is Standing.FAILS
    ]

"""Why tests of the base are not in the head.

base.uncollected  {4: "tests/test_b.py"}   its tests are in the head    ──>  COLLECTED_NOW
head.uncollected  {9: "tests/test_a.py"}   the test is in that module   ──>  UNCOLLECTED
head.state        anything but FINISHED                                 ──>  ENDED_EARLY
                                           none of these                ──>  UNKNOWN
"""

from collections.abc import Mapping
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from reports.facts import RunFacts
from tracks.statuses import RunState

Numbers = npt.NDArray[np.intp]
"""Shape (n,): test numbers, ascending."""


class VanishedReason(StrEnum):
    """Why a test of the base is not in the head."""

    UNCOLLECTED = "its module could not be collected"
    ENDED_EARLY = "the run ended early"
    COLLECTED_NOW = "its module is collected now"
    """Not a test at all: the entry of a module that could not be collected at the base."""
    UNKNOWN = "unknown"


def find_reasons(
    vanished: Numbers, base: RunFacts, head: RunFacts, modules: Mapping[int, str]
) -> dict[int, VanishedReason]:
    """Why each of the ``vanished`` tests is not in the head; ``modules`` gives their module's path."""
    uncollected = frozenset(head.uncollected.values())
    collected_now = _collected_now(base, head, modules)
    rest = VanishedReason.UNKNOWN if head.state is RunState.FINISHED else VanishedReason.ENDED_EARLY

    def reason(test: int) -> VanishedReason:
        if test in collected_now:
            return VanishedReason.COLLECTED_NOW
        return VanishedReason.UNCOLLECTED if modules.get(test) in uncollected else rest

    return {test: reason(test) for test in vanished.tolist()}


def _collected_now(base: RunFacts, head: RunFacts, modules: Mapping[int, str]) -> set[int]:
    """The base's entries of modules that could not be collected, of which the head has tests."""
    if not base.uncollected:
        return set()
    present = {modules.get(test) for test in np.flatnonzero(head.outcomes).tolist()}
    return {test for test, path in base.uncollected.items() if path in present}

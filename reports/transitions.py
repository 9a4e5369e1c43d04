"""What became of one test between two runs: the class of each pair of outcomes.

    base \\ head  absent    passed     failed         error           skipped    xfailed    xpassed
    absent       (none)    added      added          added           added      added      added
    passed       vanished  unchanged  newly failing  newly erroring  muted      muted      unchanged
    failed       vanished  fixed      still broken   still broken    muted      muted      fixed
    error        vanished  fixed      still broken   still broken    muted      muted      fixed
    skipped      vanished  unchanged  newly failing  newly erroring  unchanged  unchanged  unchanged
    xfailed      vanished  unchanged  newly failing  newly erroring  unchanged  unchanged  unchanged
    xpassed      vanished  unchanged  newly failing  newly erroring  unchanged  unchanged  unchanged

A broken test that now passes against its mark (xpassed) did run through, so it is fixed. A test that
xpassed before bore its mark before: skipping it or its failing under that mark mutes nothing that
counted, so it is unchanged.
"""

from enum import StrEnum

import numpy as np
import numpy.typing as npt

from tracks.statuses import BROKEN_OUTCOMES, MUTED_OUTCOMES, Outcome
from tracks.vectors import OUTCOMES


class DeltaClass(StrEnum):
    """What became of a test; every test of either run is in exactly one class."""

    NEWLY_FAILING = "newly_failing"
    NEWLY_ERRORING = "newly_erroring"
    FIXED = "fixed"
    STILL_BROKEN_SAME = "still_broken_same"
    STILL_BROKEN_DIFFERENT = "still_broken_different"
    VANISHED = "vanished"
    ADDED = "added"
    MUTED = "muted"
    UNCHANGED = "unchanged"


CLASSES = tuple(DeltaClass)
"""The class of each code in ``TABLE``."""
NO_CLASS = len(CLASSES)
"""The code of a number that is absent from both runs."""


def classify(base: Outcome, head: Outcome) -> DeltaClass | None:
    """The class of a test by its outcomes alone; None if it is in neither run.

    A test that is broken in both is STILL_BROKEN_SAME here: telling the errors apart needs their
    signatures.
    """
    if base is head is Outcome.ABSENT:
        return None
    if head is Outcome.ABSENT:
        return DeltaClass.VANISHED
    if base is Outcome.ABSENT:
        return DeltaClass.ADDED
    if base in BROKEN_OUTCOMES:
        return _of_broken(head)
    if head in BROKEN_OUTCOMES:
        return DeltaClass.NEWLY_FAILING if head is Outcome.FAILED else DeltaClass.NEWLY_ERRORING
    if base is Outcome.PASSED and head in MUTED_OUTCOMES:
        return DeltaClass.MUTED
    return DeltaClass.UNCHANGED


def _of_broken(head: Outcome) -> DeltaClass:
    if head in BROKEN_OUTCOMES:
        return DeltaClass.STILL_BROKEN_SAME
    return DeltaClass.MUTED if head in MUTED_OUTCOMES else DeltaClass.FIXED


def _code(base: Outcome, head: Outcome) -> int:
    found = classify(base, head)
    return NO_CLASS if found is None else CLASSES.index(found)


TABLE: npt.NDArray[np.uint8] = np.array(
    [[_code(base, head) for head in OUTCOMES] for base in OUTCOMES], dtype=np.uint8
)
"""Shape (7, 7): the code of the class by the codes of base's and head's outcome."""

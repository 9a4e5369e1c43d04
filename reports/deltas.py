"""A comparison: the full outer join of two runs, as arithmetic on their outcome vectors.

    base  1 1 2 3 0 …           matrix   7×7, tests by outcome in base (row) and head (column)
    head  1 2 1 3 1 …    ──>    classes  {fixed: [2 …], newly_failing: [1 …], …}, test numbers
    signatures of both

    base − gone + come = head, for each outcome and for all tests together

What a run that did not end in order seems to say is not to be trusted: such a comparison bears a
caveat and is never an improvement. So does one with a run of a selection of tests, which is over the
tests that both runs have.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from reports.facts import RunFacts
from reports.transitions import CLASSES, TABLE, DeltaClass
from tracks.statuses import Outcome, RunState
from tracks.vectors import CODES, OUTCOMES, Numbers, OutcomeVector, count_outcomes, pad


@dataclass(frozen=True, slots=True)
class Flow:
    """Numbers of tests that a person can check: base − gone + come = head."""

    base: int
    gone: int
    come: int
    head: int

    @property
    def adds_up(self) -> bool:
        return self.base - self.gone + self.come == self.head


@dataclass(frozen=True, eq=False)
class Delta:
    """What changed from one run to another.

    ``matrix`` has shape (7, 7): the number of tests by outcome code in base (row) and head
    (column); absent × absent is 0. ``classes`` holds every DeltaClass. ``caveats`` are sentences
    for a person; while there is one, the comparison is not to be read as an improvement.
    """

    base: int
    head: int
    matrix: npt.NDArray[np.int64]
    classes: Mapping[DeltaClass, Numbers]
    caveats: tuple[str, ...]
    head_finished: bool
    base_counts: Mapping[Outcome, int]
    head_counts: Mapping[Outcome, int]

    def cells(self) -> dict[str, dict[str, int]]:
        """The matrix without its zeros: ``{"passed": {"failed": 3}}``."""
        rows: dict[str, dict[str, int]] = {}
        for base, head in np.argwhere(self.matrix).tolist():
            rows.setdefault(OUTCOMES[base], {})[str(OUTCOMES[head])] = int(self.matrix[base, head])
        return {str(outcome): cells for outcome, cells in rows.items()}

    @cached_property
    def flow(self) -> Flow:
        """The tests of the runs: how many vanished, how many were added."""
        gone, come = (int(self.classes[name].size) for name in (DeltaClass.VANISHED, DeltaClass.ADDED))
        return Flow(sum(self.base_counts.values()), gone, come, sum(self.head_counts.values()))

    @cached_property
    def flows(self) -> dict[Outcome, Flow]:
        """For each outcome but absent: how many tests left it, how many came to have it."""
        stayed = self.matrix.diagonal()
        gone = self.matrix.sum(axis=1) - stayed
        come = self.matrix.sum(axis=0) - stayed
        return {
            outcome: Flow(
                count, int(gone[CODES[outcome]]), int(come[CODES[outcome]]), self.head_counts[outcome]
            )
            for outcome, count in self.base_counts.items()
        }

    @property
    def adds_up(self) -> bool:
        """The runs' counts, the matrix and the classes agree."""
        classified = sum(tests.size for tests in self.classes.values())
        return (
            self.flow.adds_up
            and all(flow.adds_up for flow in self.flows.values())
            and classified == int(self.matrix.sum())
        )

    @property
    def figures(self) -> dict[str, int]:
        """The number of tests in each class."""
        return {name.value: int(tests.size) for name, tests in self.classes.items()}


def improvement(figures: Mapping[str, int], *, worse: bool, caveats: Collection[str]) -> str:
    """What a retest achieved, in a word; ``figures`` as in ``Delta.figures``."""
    if caveats:
        return "not known"
    fixed = bool(figures.get(DeltaClass.FIXED))
    if worse:
        return "mixed" if fixed else "none, and worse"
    return "yes" if fixed else "none"


def compare(base: RunFacts, head: RunFacts) -> Delta:
    """Compare ``head`` with ``base``, test by test.

    The runs must number their tests alike, that is, be of one project; this module cannot see that.
    """
    length = max(base.outcomes.size, head.outcomes.size)
    before, after = pad(base.outcomes, length), pad(head.outcomes, length)
    if base.is_selection or head.is_selection:
        before, after = _in_both(before, after)
    pairs = before.astype(np.intp) * len(OUTCOMES) + after
    matrix = np.bincount(pairs, minlength=TABLE.size).reshape(TABLE.shape)
    matrix[CODES[Outcome.ABSENT], CODES[Outcome.ABSENT]] = 0
    codes = TABLE.ravel()[pairs]
    classes = {name: np.flatnonzero(codes == code) for code, name in enumerate(CLASSES)}
    _part_by_error(classes, base.signatures, head.signatures)
    return Delta(
        base=base.run,
        head=head.run,
        matrix=matrix,
        classes=MappingProxyType(classes),
        caveats=(
            *_caveats("base", base.state),
            *_caveats("head", head.state),
            *_selections(base, head, int(matrix.sum())),
        ),
        head_finished=head.state is RunState.FINISHED,
        base_counts=count_outcomes(before),
        head_counts=count_outcomes(after),
    )


def _in_both(before: OutcomeVector, after: OutcomeVector) -> tuple[OutcomeVector, OutcomeVector]:
    """The outcomes of the tests that neither run lacks."""
    is_there = (before != CODES[Outcome.ABSENT]) & (after != CODES[Outcome.ABSENT])
    return before * is_there, after * is_there


def _selections(base: RunFacts, head: RunFacts, compared: int) -> tuple[str, ...]:
    """One sentence for each run that was of a selection."""
    return tuple(
        f"Run {run.run} ran a selection of {np.count_nonzero(run.outcomes)} tests; only the {compared} that "
        "both runs have are compared."
        for run in (base, head)
        if run.is_selection
    )


def _part_by_error(
    classes: dict[DeltaClass, Numbers], base: Mapping[int, str], head: Mapping[int, str]
) -> None:
    """Move what is broken by another error than before to its own class."""
    broken = classes[DeltaClass.STILL_BROKEN_SAME]
    is_same = np.array([base.get(test) == head.get(test) for test in broken.tolist()], dtype=bool)
    classes[DeltaClass.STILL_BROKEN_SAME] = broken[is_same]
    classes[DeltaClass.STILL_BROKEN_DIFFERENT] = broken[~is_same]


_CAVEATS = {
    RunState.INCOMPLETE: "some of its results are missing",
    RunState.BROKEN: "its tests could not be started",
    RunState.FAULTED: "it could not be carried out",
    RunState.CANCELLED: "it was cancelled",
    RunState.LOST: "its worker went away",
}


def _caveats(role: str, state: RunState) -> tuple[str, ...]:
    """One sentence if the run did not end in order."""
    if state is RunState.FINISHED:
        return ()
    why = _CAVEATS.get(state, "it has not ended yet")
    return (f"The {role} run is {state.value.upper()} ({why}): what differs may differ for that alone.",)

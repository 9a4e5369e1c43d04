"""Frozen snapshots of the facts: all that the pure modules of this package know of a run.

    RunFacts  outcomes    [1 1 2 0 3 …]     by test number, see tracks.vectors
              signatures  {2: "9f0c…"}      broken tests and their error
              uncollected {4: "tests/…"}    entries that stand for a module without tests
    Try       failed, "9f0c…"               one test, run once more somewhere
              skipped     {5: "tests/…"}    entries that stand for a module that skipped itself

``reports.queries`` makes them from what ``tracks.queries`` reads.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tracks.statuses import BROKEN_OUTCOMES, Outcome, RunState
from tracks.vectors import OutcomeVector


@dataclass(frozen=True, slots=True, eq=False)
class RunFacts:
    """One run, ended or not.

    ``signatures`` gives the digest of the error by number for the broken tests; a broken test may
    be missing there, its error is then unknown. ``uncollected`` gives, by number, the node id of
    the entries that broke in the COLLECT phase: modules, packages and classes, not tests. So does
    ``skipped_modules`` for the entries of modules that skipped themselves. ``deselected`` are the
    numbers of the tests that the run's configuration left out.
    """

    run: int
    state: RunState
    sha: str
    outcomes: OutcomeVector
    signatures: Mapping[int, str] = field(default_factory=dict)
    uncollected: Mapping[int, str] = field(default_factory=dict)
    skipped_modules: Mapping[int, str] = field(default_factory=dict)
    deselected: frozenset[int] = frozenset()
    command: str = ""
    """The test command."""
    is_selection: bool = False
    """Only some of the tests were asked for."""
    has_lost_worker: bool = False
    """A process or machine that ran a part of the tests went away."""


@dataclass(frozen=True, slots=True)
class Try:
    """What one test did when it was run once; ABSENT where it gave no result.

    ``signature`` is the digest of its error, empty where it did not break or the error is unknown.
    """

    outcome: Outcome
    signature: str = ""

    @property
    def is_broken(self) -> bool:
        return self.outcome in BROKEN_OUTCOMES

    @property
    def told(self) -> bool:
        """Whether there was a result at all."""
        return self.outcome is not Outcome.ABSENT


NO_RESULT = Try(Outcome.ABSENT)

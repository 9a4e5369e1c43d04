"""The closed vocabularies of the conclusions.

Diagnosis      GOING ──> DONE      every test has its verdict
                 └─────> STOPPED   somebody stopped it, or cancelled one of its runs
Verification, RedFirst
               GOING ──> DONE
"""

from enum import StrEnum


class DiagnosisKind(StrEnum):
    """What is found out by running tests again."""

    STABILITY = "stability"
    """Whether newly broken tests are really broken: see ``reports.stability``."""
    CULPRIT = "culprit"
    """Which commit broke them: see ``reports.bisection``."""


class DiagnosisState(StrEnum):
    GOING = "going"
    DONE = "done"
    STOPPED = "stopped"


class StepPart(StrEnum):
    """What a run of a diagnosis is for."""

    HEAD = "head"
    """Tests by themselves, at the head's commit."""
    BASE = "base"
    """The same at the base's commit."""
    ORDER = "order"
    """One test after others, at the head's commit."""
    COMMIT = "commit"
    """Tests at one of the branch's commits."""


class VerdictKind(StrEnum):
    """What a retest showed of a finding; see ``reports.verification``."""

    VERIFIED = "verified fixed"
    SAME = "same error persists"
    DIFFERENT = "different error now"
    PARTLY = "partly fixed"
    CANNOT = "cannot verify"
    FLAKY = "flaky"
    NONE = "no verdict"


class Progress(StrEnum):
    """Of what may take runs of its own before it can be said."""

    GOING = "going"
    DONE = "done"


class RedFirstKind(StrEnum):
    """Which tests are laid over whose code; see ``reports.red_first``."""

    NEW_TESTS = "new tests"
    """The branch's new tests on the baseline's code: they should fail there."""
    OLD_TESTS = "old tests"
    """The baseline's tests on the branch's code: they should pass there."""

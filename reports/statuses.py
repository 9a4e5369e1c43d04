"""The closed vocabularies of the conclusions.

Diagnosis   GOING ──> DONE      every test has its verdict
              └─────> STOPPED   somebody stopped it, or cancelled one of its runs
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

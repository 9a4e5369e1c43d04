"""The gates of a track, evaluated over frozen facts; pure.

GateFacts  what is known of the track, its latest run that has ended, the baseline, git …  ┐
Policy     which gates there are, with their bounds (reports.policies)                     ├──> [Gate, …]
Dependency what the tracks are that it waits for                                           ┘

A gate holds, fails, or is unknown where its figure cannot be computed. What holds, or is waived, is open.

facts        what the rules eat
told         what a rule says
of_tests     the rules about the figures of the run, and about what it changed
of_track     the rules about everything else
evaluation   the table of all rules
"""

from reports.gates.evaluation import UNWAIVABLE, Gate, evaluate
from reports.gates.facts import (
    Changes,
    CriterionFact,
    Dependency,
    FindingFact,
    GateFacts,
    IntegrationFact,
    LossFact,
    Tested,
    WaiverFact,
)
from reports.gates.told import OWN_ENDS

__all__ = [
    "OWN_ENDS",
    "UNWAIVABLE",
    "Changes",
    "CriterionFact",
    "Dependency",
    "FindingFact",
    "Gate",
    "GateFacts",
    "IntegrationFact",
    "LossFact",
    "Tested",
    "WaiverFact",
    "evaluate",
]

"""Conclusions that are kept, so that a page only reads them; and decisions, which are not computed again.

comparisons    head run against base run
diagnoses      newly broken tests, run again
retests        findings, changed tests and criteria of a run
decisions      gates' rules, waivers, decisions and their conditions
integrations   tracks merged on trial
summaries      the Test Summary Report: texts, editions, files, links; what lies between commits
"""

from reports.models.comparisons import Comparison
from reports.models.decisions import (
    AcceptedLoss,
    Condition,
    Decision,
    GatePolicy,
    Mergeability,
    Waiver,
)
from reports.models.diagnoses import Diagnosis, DiagnosisStep
from reports.models.integrations import Integration, IntegrationStep
from reports.models.retests import CriterionResult, RedFirst, Verification
from reports.models.summaries import (
    Badge,
    Changeset,
    Narrative,
    Publication,
    Rendering,
    ShareLink,
)

__all__ = [
    "AcceptedLoss",
    "Badge",
    "Changeset",
    "Comparison",
    "Condition",
    "CriterionResult",
    "Decision",
    "Diagnosis",
    "DiagnosisStep",
    "GatePolicy",
    "Integration",
    "IntegrationStep",
    "Mergeability",
    "Narrative",
    "Publication",
    "RedFirst",
    "Rendering",
    "ShareLink",
    "Verification",
    "Waiver",
]

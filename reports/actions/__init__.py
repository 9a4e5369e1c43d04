"""The only writers of conclusions."""

from reports.actions.comparisons import compare_due, store_comparison
from reports.actions.diagnoses import advance, advance_due, diagnose_as_set, start_diagnosis, stop_diagnosis

__all__ = [
    "advance",
    "advance_due",
    "compare_due",
    "diagnose_as_set",
    "start_diagnosis",
    "stop_diagnosis",
    "store_comparison",
]

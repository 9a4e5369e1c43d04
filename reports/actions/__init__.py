"""The only writers of conclusions."""

from reports.actions.comparisons import ask_git_again, compare_due, kept_comparison, store_comparison
from reports.actions.criteria import judge_due
from reports.actions.diagnoses import advance, advance_due, diagnose_due, start_diagnosis, stop_diagnosis

__all__ = [
    "advance",
    "advance_due",
    "ask_git_again",
    "compare_due",
    "diagnose_due",
    "judge_due",
    "kept_comparison",
    "start_diagnosis",
    "stop_diagnosis",
    "store_comparison",
]

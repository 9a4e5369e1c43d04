"""The Test Summary Report as a document, made of frozen facts; pure.

SummaryFacts ──figures──> {name: Figure} ──narrative──> drafts of the sentences ┐
     └──────────────────── sections ────────────────────────────────────────────┴──build──> Summary
two Summaries ──differences──> what changed between two editions
"""

from reports.summary.build import Summary, build

__all__ = ["Summary", "build"]

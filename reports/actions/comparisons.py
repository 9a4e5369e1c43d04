"""Comparing runs when both have ended, and keeping what was found."""

from datetime import datetime

from reports import queries
from reports.actions.causes import causes_between, hold_again
from reports.actions.diagnoses import diagnose_as_set
from reports.deltas import is_worse
from reports.models import Comparison
from reports.stored import pack_classes
from tracks.actions import resign
from tracks.models import Run, Sprint
from tracks.statuses import RunKind


def compare_due(sprint: Sprint | None = None, *, now: datetime) -> None:
    """Make every comparison that is due and not stored, of one sprint or of all, and begin the diagnoses that
    their projects want of them."""
    for base, head in queries.missing_pairs(sprint):
        store_comparison(base, head)
        diagnose_as_set(base, head, now=now)


def store_comparison(base: Run, head: Run) -> Comparison:
    """Compare and keep it, in the place of what was kept of these two. Their errors are brought under today's
    signatures before."""
    resign(base, head)
    delta = queries.delta_between(base, head)
    stored, _ = Comparison.objects.update_or_create(
        base=base,
        head=head,
        defaults={
            "classes": pack_classes(delta),
            "matrix": delta.cells(),
            "figures": delta.figures,
            "vanished": {str(number): reason.value for number, reason in delta.reasons.items()},
            "caveats": list(delta.caveats),
            "conditions": list(queries.conditions(base, head)),
            "worse": is_worse(delta),
            **causes_between(base, head),
        },
    )
    if base.kind == RunKind.BASELINE and head.kind == RunKind.TRACK:
        hold_again(head)
    return stored

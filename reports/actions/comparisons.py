"""Comparing runs when both have ended, and keeping what was found."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef

from reports import queries, repository
from reports.actions.causes import causes_between, hold_again
from reports.deltas import compare
from reports.explanations import explain, named_numbers
from reports.models import Comparison, CriterionResult, Verification
from reports.statuses import Progress
from reports.stored import explanation_fields, pack_classes
from reports.worsening import worsened
from tracks.actions import resign
from tracks.apart import each_apart
from tracks.errors import InvalidInput
from tracks.models import Ruling, Run, Sprint
from tracks.statuses import RunKind

log = structlog.get_logger(__name__)

READ_AGAIN = timedelta(days=1)
"""For how long after it was made a comparison without git's word is made again where git can be asked."""
READ_AT_ONCE = 20
"""How many of them are looked at at a time."""


def compare_due(sprint: Sprint | None = None) -> None:
    """Make every comparison that is due and not stored, of one sprint or of all. One that cannot be made
    keeps no other from it."""
    steps = (partial(store_comparison, base, head) for base, head in queries.missing_pairs(sprint))
    each_apart(steps, failed="two runs could not be compared")


def ask_git_again(*, now: datetime) -> None:
    """Make the latest comparisons again that were made where git could not be asked, if it can be here: a web
    server has no copy of the repository, and a worker may have had none yet. What the runs showed of findings
    goes on then, unless a tester has ruled on it."""
    ruled = Ruling.objects.filter(run=OuterRef("run"), finding=OuterRef("finding"))
    for base, head in queries.unread_pairs(now - READ_AGAIN, limit=READ_AT_ONCE):
        if repository.is_here(base, head):
            with transaction.atomic():
                store_comparison(base, head)
                Verification.objects.filter(~Exists(ruled), run=head).update(state=Progress.GOING)
                CriterionResult.objects.filter(run=head, base=base).delete()  # it is judged anew


def store_comparison(base: Run, head: Run) -> Comparison:
    """Compare and keep it, in the place of what was kept of these two."""
    stored, _ = Comparison.objects.update_or_create(base=base, head=head, defaults=_compared(base, head))
    if base.kind == RunKind.BASELINE and head.kind == RunKind.TRACK:
        hold_again(head)
    return stored


def kept_comparison(base: Run, head: Run) -> Comparison:
    """What is kept of any two runs of a project; where nothing is, it is made and kept, so that it costs its
    first reader only. Raises InvalidInput where they are of two projects or one still goes on."""
    return queries.comparison(base, head) or store_comparison(base, head)


def _compared(base: Run, head: Run) -> dict[str, Any]:
    """The fields of the comparison; the errors of both runs are brought under today's signatures before."""
    _check_comparable(base, head)
    resign(base, head)
    before, after = queries.run_facts(base), queries.run_facts(head)
    delta = compare(before, after)
    names = queries.names_of(head.project, named_numbers(delta))
    sources = repository.read_sources(base, head, set(names.values()))
    try:
        explanation = explain(delta, before, after, names, sources)
    except Exception:  # nobody foresees all that a branch's files may hold, and the comparison matters more
        log.exception("the sources of a branch could not be read", base=base.pk, head=head.pk)
        explanation = explain(delta, before, after, names, queries.UNREADABLE)
    worse = worsened(delta.classes, after.outcomes, explanation.reasons, explanation.moves)
    return (
        explanation_fields(explanation)
        | causes_between(base, head)
        | {
            "classes": pack_classes(delta),
            "matrix": delta.cells(),
            "figures": delta.figures,
            "caveats": list(delta.caveats),
            "conditions": list(queries.conditions(base, head)),
            "worse": bool(worse) or not delta.head_finished,
        }
    )


def _check_comparable(base: Run, head: Run) -> None:
    if base.project_id != head.project_id:
        raise InvalidInput("Runs of two projects cannot be compared: their tests are not the same.")
    for run in (base, head):
        if run.is_active:
            raise InvalidInput(f"Run {run.pk} has not ended yet.", remedy="Compare when it has.")

"""A track's page: its iterations, and what the chosen one changed.

baseline, initial, retest 1, …  ──>  Iteration(run, change to the previous, improvement)
chosen ── against the baseline, against the previous ──> Against(title, pair, groups of tests)
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reports import queries as conclusions
from reports.actions import kept_comparison
from reports.deltas import improvement
from reports.models import Comparison
from reports.queries import Pair
from reports.transitions import DeltaClass
from reports.web import changes, notes
from reports.web.finding_counts import Change, Counts, Recorded, count_findings
from tracks import queries
from tracks.finding_statuses import FAULT_KINDS, FindingStatus
from tracks.models import AuditEntry, Finding, Run, Track

FIRST = 50
"""How many tests of a class the page names."""
_BROKE = [DeltaClass.NEWLY_FAILING.value, DeltaClass.NEWLY_ERRORING.value]
_CHANGED = [name for name in changes.KINDS if name in changes.MEMBERS[changes.CHANGED]]
_LISTED = [*_BROKE, *(name for name in _CHANGED if name not in _BROKE)]
"""What broke comes first here: it is what somebody has to work on."""


@dataclass(frozen=True)
class Iteration:
    """``improvement`` and ``change`` are to the iteration before; in ``same_as``, the first such, every test
    came out the same. Those of the first are to the baseline."""

    run: Run
    change: str
    improvement: str
    same_as: Run | None
    findings: Counts


@dataclass(frozen=True)
class Group:
    """The tests of one class; ``tests`` are the first ones as number, node id and note."""

    value: str
    kind: changes.Kind
    count: int
    tests: list[tuple[int, str, notes.Note]]


@dataclass(frozen=True)
class Against:
    title: str
    base: Run
    head: Run
    caveats: Sequence[str]
    conditions: Sequence[str]
    chips: list[changes.Chip]
    groups: list[Group]
    edits: notes.EditsShown


def iterations(track: Track, runs: Sequence[Run], baseline: Run | None) -> list[Iteration]:
    """The track's runs in their order, each with what it changed to the one before, the first to the
    baseline, and with what became of findings in it."""
    among = conclusions.comparisons_among([*runs, *([baseline] if baseline else [])])
    stored = {(each.base_id, each.head_id): each for each in among}
    outcomes = queries.outcomes_of(runs)
    seen: dict[bytes, Run] = {}
    found = []
    counts = count_findings([(run.pk, run.queued_at) for run in runs], _recorded(track))
    for previous, run, counted in zip([baseline, *runs], runs, counts, strict=False):
        same = seen.setdefault(np.trim_zeros(outcomes[run.pk], "b").tobytes(), run) if run.reported else run
        change = stored.get((previous.pk, run.pk)) if previous else None
        found.append(_iteration(run, change, None if same is run else same, counted))
    return found


def against(title: str, base: Run | None, head: Run) -> Against | None:
    """What ``head`` changed to ``base``, with the first tests of each class; None where it cannot be said."""
    if base is None or base.pk == head.pk or base.is_active or head.is_active or head.checks_only:
        return None
    pair = conclusions.pair_of(base, head, kept_comparison(base, head))
    first = {name: pair.classes[DeltaClass(name)][:FIRST].tolist() for name in _LISTED}
    shown = [number for numbers in first.values() for number in numbers]
    node_ids = queries.node_ids(head.project, notes.named(pair, shown))
    return Against(
        title=title,
        base=base,
        head=head,
        caveats=pair.caveats,
        conditions=pair.conditions,
        chips=changes.chips(pair.figures),
        groups=[_group(name, numbers, pair, node_ids) for name, numbers in first.items() if numbers],
        edits=notes.edits_of(pair),
    )


def _recorded(track: Track) -> list[Recorded]:
    """The track's faults, with what their histories tell of their statuses; claims change nothing of that."""
    faults = list(Finding.objects.filter(track=track, kind__in=FAULT_KINDS).only("found_in", "raised_at"))
    entries = queries.histories_of(faults, actions=("finding.ruled", "finding.status_set"))
    return [
        Recorded(each.found_in_id, each.raised_at, [_change(entry) for entry in entries[each.pk]])
        for each in faults
    ]


def _change(entry: AuditEntry) -> Change:
    return Change(FindingStatus(entry.after["status"]), entry.at, entry.after.get("run"))


def _iteration(run: Run, comparison: Comparison | None, same: Run | None, counts: Counts) -> Iteration:
    if comparison is None or run.checks_only:
        return Iteration(run, "", "", None, counts)
    figures = comparison.figures
    better = "none" if same else improvement(figures, worse=comparison.worse, caveats=comparison.caveats)
    return Iteration(run, changes.in_words(figures), better, same, counts)


def _group(name: str, numbers: list[int], pair: Pair, node_ids: dict[int, str]) -> Group:
    tests = [(number, node_ids[number], notes.note(pair, number, node_ids)) for number in numbers]
    return Group(name, changes.KINDS[name], pair.figures[name], tests)

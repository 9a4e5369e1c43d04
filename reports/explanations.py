"""Why the tests changed that changed, from the runs' own words and from the sources; pure.

Delta, RunFacts of both, node ids of what changed, Sources or why there are none
    ──> Explanation   reasons   {7: renamed or moved, 8: its module could not be collected, …}
                      moves     {7: Move(31, failed, passed)}   the vanished 7 is 31 now
                      parents   {8: 12}      12 is the entry of the module that hides 8
                      touched   {OWN: [3], PRODUCT: [5, 9]}
                      edits     what the branch did to its tests, None where git was not asked
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from reports.deltas import Delta
from reports.facts import RunFacts
from reports.source.edits import Edits, Touch, find_edits, touch_of
from reports.source.moves import find_moves
from reports.source.snapshots import Sources
from reports.transitions import DeltaClass
from reports.vanished import VanishedReason, entry_above, find_reasons
from tracks.statuses import Outcome
from tracks.vectors import OUTCOMES

TRACED = (
    DeltaClass.NEWLY_FAILING,
    DeltaClass.NEWLY_ERRORING,
    DeltaClass.FIXED,
    DeltaClass.VANISHED,
    DeltaClass.MUTED,
)
"""The classes of whose tests it is said what the branch changed."""
WITH_MODULE = (VanishedReason.UNCOLLECTED, VanishedReason.SKIPPED_MODULE)


@dataclass(frozen=True, slots=True)
class Move:
    """A test that goes on under another number, and its outcomes before and now."""

    now: int
    base: Outcome
    head: Outcome


@dataclass(frozen=True, eq=False)
class Explanation:
    """By test numbers. ``unread`` says why git could not be asked, "" where it could; ``bounds`` are
    sentences on what was too much to be looked at."""

    reasons: Mapping[int, VanishedReason]
    moves: Mapping[int, Move]
    parents: Mapping[int, int]
    touched: Mapping[Touch, list[int]]
    edits: Edits | None
    unread: str = ""
    bounds: tuple[str, ...] = ()

    def reason_in_words(self, test: int) -> str:
        """Why a vanished test did; where only git could tell and was not asked, that it is not known."""
        reason = self.reasons[test]
        if self.unread and reason is VanishedReason.UNKNOWN:
            return f"not known: {self.unread}"
        return reason.value


def named_numbers(delta: Delta) -> list[int]:
    """The tests whose node ids ``explain`` needs."""
    return sorted(test for name in (*TRACED, DeltaClass.ADDED) for test in delta.classes[name].tolist())


def explain(
    delta: Delta, base: RunFacts, head: RunFacts, names: Mapping[int, str], sources: Sources | str
) -> Explanation:
    """``names`` are the node ids of ``named_numbers`` at least; ``sources`` are words
    where git could not be asked."""
    vanished = {test: names[test] for test in delta.classes[DeltaClass.VANISHED].tolist()}
    added = {test: names[test] for test in delta.classes[DeltaClass.ADDED].tolist()}
    read = sources if isinstance(sources, Sources) else None
    moves = find_moves(vanished, added, read) if read else {}
    reasons = find_reasons(vanished, base, head, added=added.values(), moves=moves, sources=read)
    return Explanation(
        reasons=reasons,
        moves={
            test: Move(now, OUTCOMES[base.outcomes[test]], OUTCOMES[head.outcomes[now]])
            for test, now in moves.items()
            if reasons[test] is VanishedReason.MOVED
        },
        parents=_parents(vanished, reasons, head),
        touched=_touched(delta, names, reasons, read) if read else {},
        edits=find_edits(read) if read else None,
        unread="" if isinstance(sources, Sources) else sources,
        bounds=read.bounds if read else (),
    )


def _parents(
    vanished: Mapping[int, str], reasons: Mapping[int, VanishedReason], head: RunFacts
) -> dict[int, int]:
    """The collection error that hides each test."""
    hidden = [test for test, reason in reasons.items() if reason is VanishedReason.UNCOLLECTED]
    found = {test: entry_above(vanished[test], head.uncollected) for test in hidden}
    return {test: parent for test, parent in found.items() if parent is not None}


def _touched(
    delta: Delta, names: Mapping[int, str], reasons: Mapping[int, VanishedReason], sources: Sources
) -> dict[Touch, list[int]]:
    """The tests in TRACED whose files were read, by what the branch changed of them; without those that are
    gone with their module: what was done to it is not in their own code."""
    found: dict[Touch, list[int]] = defaultdict(list)
    by_function: dict[str, Touch] = {}
    for test in sorted(test for name in TRACED for test in delta.classes[name].tolist()):
        function = names[test].partition("[")[0]
        if reasons.get(test) in WITH_MODULE or not sources.was_read(function):
            continue
        if function not in by_function:
            by_function[function] = touch_of(function, sources)
        found[by_function[function]].append(test)
    return dict(found)

"""Where the tests went: the table of outcomes in base (rows) and head (columns); pure.

{"passed": {"error": 64}}   ──>   Row(passed, [Cell(passed, 515, same), …, Cell(error, 64, bad)])

good  broken → passed   bad  not broken → broken   warn  another kind of broken, gone, switched off
"""

from collections.abc import Mapping
from dataclasses import dataclass

from reports.deltas import Flow
from reports.transitions import DeltaClass, classify
from tracks.statuses import SHAPES, Outcome

_ALWAYS = (Outcome.PASSED, Outcome.FAILED, Outcome.ERROR, Outcome.SKIPPED, Outcome.ABSENT)
_TONES = {
    DeltaClass.FIXED: "good",
    DeltaClass.NEWLY_FAILING: "bad",
    DeltaClass.NEWLY_ERRORING: "bad",
    DeltaClass.VANISHED: "warn",
    DeltaClass.MUTED: "warn",
}


@dataclass(frozen=True, slots=True)
class Cell:
    base: Outcome
    head: Outcome
    count: int
    tone: str


@dataclass(frozen=True, slots=True)
class Row:
    outcome: Outcome
    cells: list[Cell]


def rows(cells: Mapping[str, Mapping[str, int]]) -> list[Row]:
    """The table; an outcome that neither run has is left out where it is a rare one."""
    shown = _shown(cells)
    return [Row(base, [_cell(base, head, cells) for head in shown]) for base in shown]


def flow(cells: Mapping[str, Mapping[str, int]]) -> Flow:
    pairs = [(base, head, count) for base, row in cells.items() for head, count in row.items()]
    gone = sum(count for _, head, count in pairs if head == Outcome.ABSENT)
    come = sum(count for base, _, count in pairs if base == Outcome.ABSENT)
    total = sum(count for *_, count in pairs)
    return Flow(base=total - come, gone=gone, come=come, head=total - gone)


def _shown(cells: Mapping[str, Mapping[str, int]]) -> list[Outcome]:
    seen = set(cells) | {head for row in cells.values() for head in row}
    return [outcome for outcome in SHAPES if outcome in _ALWAYS or outcome in seen]


def _cell(base: Outcome, head: Outcome, cells: Mapping[str, Mapping[str, int]]) -> Cell:
    count = cells.get(base, {}).get(head, 0)
    found = classify(base, head)
    if base is head or found in (DeltaClass.UNCHANGED, DeltaClass.ADDED, None):
        return Cell(base, head, count, "same")
    return Cell(base, head, count, _TONES.get(found, "warn"))

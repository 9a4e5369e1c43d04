"""What is said beside a changed test, and of what the branch did to its tests; computes from what is kept.

Pair, test 7  ──>  Note(reason, other name, parent and how many it hides, "edited")
Pair          ──>  EditsShown(lists, or why there are none)
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from reports.queries import Pair

TOUCHED = {
    "own": "its own code changed",
    "fixtures": "its fixtures or helpers changed",
    "product": "only product code changed",
    "unchanged": "no file changed",
}
NEVER_ASKED = "this comparison was made before OMC QA asked git"


@dataclass(frozen=True, slots=True)
class Note:
    """``other`` is the number under which the test goes on, or from which it came, ``outcomes`` what became
    of it there; ``parent`` is the entry whose collection error hides it, with ``hidden`` others in all."""

    reason: str = ""
    other: int | None = None
    other_name: str = ""
    is_former: bool = False
    outcomes: tuple[str, str] | None = None
    parent: int | None = None
    hidden: int = 0
    touch: str = ""
    edited: bool = False


@dataclass(frozen=True, slots=True)
class EditsShown:
    """``lists`` is as in Comparison.edits, empty where the branch did nothing to its tests."""

    unread: str
    lists: Mapping[str, Any]
    bounds: tuple[str, ...]


def named(pair: Pair, numbers: Iterable[int]) -> list[int]:
    """The tests, and those under whose names they go on or from which they came."""
    shown = list(numbers)
    others = [pair.moves[each]["now"] if each in pair.moves else pair.came_from.get(each) for each in shown]
    return [*shown, *(other for other in others if other is not None)]


def note(pair: Pair, number: int, node_ids: Mapping[int, str]) -> Note:
    former = pair.came_from.get(number)
    move = pair.moves.get(number) or (pair.moves[former] if former is not None else None)
    other = move["now"] if move and former is None else former
    parent = pair.parents.get(number)
    is_gone = number in pair.reasons and not move  # its reason says what was done to it
    touch = "" if is_gone else pair.touch.get(number, "")
    return Note(
        reason=pair.reasons.get(number, ""),
        other=other,
        other_name=node_ids[other] if other is not None else "",
        is_former=former is not None,
        outcomes=(move["base"], move["head"]) if move else None,
        parent=parent,
        hidden=len(pair.hidden[parent]) if parent is not None else 0,
        touch=TOUCHED.get(touch, ""),
        edited=touch == "own" and number in pair.fixed,
    )


def edits_of(pair: Pair) -> EditsShown:
    if pair.edits is None:
        return EditsShown(pair.unread or NEVER_ASKED, {}, ())
    lists = {name: each for name, each in pair.edits.items() if name != "bounds" and each["total"]}
    return EditsShown("", lists, tuple(pair.edits["bounds"]))

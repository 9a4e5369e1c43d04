"""The form in which a comparison is kept.

classes   one byte a test number: the index of its class in ``transitions.CLASSES``,
          NO_CLASS where it is in neither run; zlib
the rest  JSON, whose keys are test numbers as text
"""

import zlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from reports.deltas import Delta
from reports.explanations import Explanation, Move
from reports.transitions import CLASSES, NO_CLASS, DeltaClass
from tracks.execution.tail import clean
from tracks.statuses import Outcome
from tracks.vectors import Numbers

EDITS = 200
"""How many edits of a kind are kept, and how many settings of a file."""


def pack_classes(delta: Delta) -> bytes:
    """The bytes to store; ``unpack_classes`` reads them."""
    length = 1 + max((int(tests[-1]) for tests in delta.classes.values() if tests.size), default=-1)
    codes = np.full(length, NO_CLASS, np.uint8)
    for code, name in enumerate(CLASSES):
        codes[delta.classes[name]] = code
    return zlib.compress(codes.tobytes(), 1)


def unpack_classes(data: bytes) -> dict[DeltaClass, Numbers]:
    """The test numbers of each class, ascending."""
    codes = np.frombuffer(zlib.decompress(data), np.uint8)
    return {name: np.flatnonzero(codes == code) for code, name in enumerate(CLASSES)}


def explanation_fields(explanation: Explanation) -> dict[str, Any]:
    """The fields of a comparison that say why its tests changed; see ``reports.models.Comparison``."""
    hidden: dict[str, list[int]] = defaultdict(list)
    for test, parent in sorted(explanation.parents.items()):
        hidden[str(parent)].append(test)
    return {
        "vanished": {str(test): explanation.reason_in_words(test) for test in explanation.reasons},
        "moves": {str(test): asdict(move) for test, move in explanation.moves.items()},
        "hidden": hidden,
        "touched": {touch.name.lower(): tests for touch, tests in explanation.touched.items()},
        "edits": _edits(explanation),
        "unread": explanation.unread,
    }


def stored_moves(kept: Mapping[str, Any]) -> dict[int, Move]:
    """What each vanished test goes on as, of the field ``moves``."""
    return {
        int(number): Move(each["now"], Outcome(each["base"]), Outcome(each["head"]))
        for number, each in kept.items()
    }


def numbered(kept: Mapping[str, Any]) -> dict[int, Any]:
    """What is kept by test number, with numbers again."""
    return {int(number): each for number, each in kept.items()}


def _edits(explanation: Explanation) -> dict[str, Any] | None:
    """The first EDITS of each list, with how many there are; None where git was not asked."""
    if explanation.edits is None:
        return None
    lists = asdict(explanation.edits)
    cut = {name: {"total": len(each), "first": _storable(each)} for name, each in lists.items()}
    return {**cut, "bounds": explanation.bounds}


def _storable(said: Any) -> Any:
    """Names from a branch's files as the database takes them, bounded, in all that ``said`` holds."""
    if isinstance(said, dict):
        return {key: _storable(each) for key, each in said.items()}
    if isinstance(said, list | tuple):
        return [_storable(each) for each in said[:EDITS]]
    return clean(said) if isinstance(said, str) else said

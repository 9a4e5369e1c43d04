"""Which tests changed for the worse: one rule for comparisons and for criteria; pure.

classes of a comparison, the head's outcomes,     {5: "newly failing", 9: "vanished",
why tests vanished, what they go on as       ──>   12: "added broken", 14: "renamed and muted"}

A test that goes on by another name is what its outcomes before and now make it, under its number now. No loss
are tests that the branch never had, and entries that stood for a module that is collected now.
"""

from collections.abc import Mapping

from reports.explanations import Move
from reports.transitions import DeltaClass, classify
from reports.vanished import VanishedReason
from tracks.statuses import BROKEN_OUTCOMES
from tracks.vectors import CODES, Numbers, OutcomeVector

_WORSE = (DeltaClass.NEWLY_FAILING, DeltaClass.NEWLY_ERRORING, DeltaClass.MUTED)
_NO_LOSS = (VanishedReason.COLLECTED_NOW, VanishedReason.LATER)
_BROKEN = {CODES[outcome] for outcome in BROKEN_OUTCOMES}


def worsened(
    classes: Mapping[DeltaClass, Numbers],
    outcomes: OutcomeVector,
    reasons: Mapping[int, str],
    moves: Mapping[int, Move],
) -> dict[int, str]:
    """What became of each, in words, by test number; ``outcomes`` are the head's, ``reasons`` and ``moves``
    those of ``Explanation``, by the number of the vanished test."""
    found = {test: _words(name) for name in _WORSE for test in classes[name].tolist()}
    for test in classes[DeltaClass.VANISHED].tolist():
        if test not in moves and reasons.get(test) not in _NO_LOSS:
            found[test] = _words(DeltaClass.VANISHED)
    moved = {move.now for move in moves.values()}
    for test in classes[DeltaClass.ADDED].tolist():
        if test not in moved and int(outcomes[test]) in _BROKEN:
            found[test] = "added broken"
    for move in moves.values():
        if (name := classify(move.base, move.head)) in _WORSE:
            found[move.now] = f"renamed and {_words(name)}"
    return found


def _words(name: DeltaClass) -> str:
    return name.value.replace("_", " ")

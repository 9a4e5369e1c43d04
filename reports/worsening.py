"""Which tests changed for the worse: one rule for comparisons, criteria and gates; pure.

classes of a comparison, the head's outcomes,     {5: "newly failing", 9: "vanished",
why tests vanished, what they go on as       ──>   12: "added broken", 14: "renamed and muted"}

A test that goes on by another name is what its outcomes before and now make it, under its number now. No loss
are tests that the branch never had, and entries that stood for a module that is collected now.
"""

from collections.abc import Mapping

from reports.explanations import Move
from reports.statuses import LossKind
from reports.transitions import DeltaClass, classify
from reports.vanished import VanishedReason
from tracks.statuses import BROKEN_OUTCOMES, Outcome
from tracks.vectors import CODES, Numbers, OutcomeVector

_BREAKS = (DeltaClass.NEWLY_FAILING, DeltaClass.NEWLY_ERRORING)
_WORSE = (*_BREAKS, DeltaClass.MUTED)
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


def losses(
    classes: Mapping[DeltaClass, Numbers], reasons: Mapping[int, str], moves: Mapping[int, Move]
) -> dict[int, LossKind]:
    """The tests of the base that count no more, by their numbers there; arguments as of ``worsened``."""
    found = dict.fromkeys(classes[DeltaClass.MUTED].tolist(), LossKind.MUTED)
    for test in classes[DeltaClass.VANISHED].tolist():
        if test in moves:
            if classify(moves[test].base, moves[test].head) is DeltaClass.MUTED:
                found[test] = LossKind.MUTED
        elif reasons.get(test) not in _NO_LOSS:
            found[test] = LossKind.VANISHED
    return found


def no_losses(reasons: Mapping[int, str]) -> int:
    """How many of the tests that vanished are no loss."""
    return sum(reason in _NO_LOSS for reason in reasons.values())


def newly_broken(
    figures: Mapping[str, int], matrix: Mapping[str, Mapping[str, int]], moves: Mapping[int, Move]
) -> int:
    """How many tests of the head break that did not in the base, new ones too; ``figures`` and ``matrix`` are
    as a comparison keeps them, so that no outcomes have to be read."""
    added = matrix.get(Outcome.ABSENT, {})
    came = sum(move.head in BROKEN_OUTCOMES for move in moves.values())
    return (
        sum(figures.get(name, 0) for name in _BREAKS)
        + sum(added.get(outcome, 0) for outcome in BROKEN_OUTCOMES)
        - came
        + sum(classify(move.base, move.head) in _BREAKS for move in moves.values())
    )


def _words(name: DeltaClass) -> str:
    return name.value.replace("_", " ")

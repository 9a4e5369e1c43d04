"""Which tests count no more, and how many break newly; by what a comparison keeps."""

import numpy as np

from reports.explanations import Move
from reports.statuses import LossKind
from reports.transitions import CLASSES, DeltaClass
from reports.vanished import VanishedReason
from reports.worsening import losses, newly_broken, no_losses, worsened
from tracks.statuses import Outcome

PASSED, FAILED, SKIPPED = Outcome.PASSED, Outcome.FAILED, Outcome.SKIPPED
MOVES = {4: Move(14, PASSED, SKIPPED), 5: Move(15, PASSED, PASSED), 6: Move(16, PASSED, FAILED)}
REASONS = {
    2: VanishedReason.DELETED.value,
    3: VanishedReason.LATER.value,
    4: VanishedReason.MOVED.value,
    7: VanishedReason.COLLECTED_NOW.value,
    8: "not known: git could not be asked",
}


def classes(**numbers: list[int]) -> dict[DeltaClass, np.ndarray]:
    return {name: np.array(numbers.get(name.value, []), int) for name in CLASSES}


def test_what_goes_on_elsewhere_or_never_was_the_branchs_is_no_loss():
    found = losses(classes(muted=[1], vanished=[2, 3, 4, 5, 6, 7, 8]), REASONS, MOVES)
    assert found == {
        1: LossKind.MUTED,
        2: LossKind.VANISHED,
        4: LossKind.MUTED,
        8: LossKind.VANISHED,
    }
    assert no_losses(REASONS) == 2


def test_newly_broken_are_also_new_tests_and_those_that_broke_under_a_new_name():
    figures = {"newly_failing": 1, "newly_erroring": 2}
    matrix = {"absent": {"failed": 2, "error": 1, "passed": 9}, "passed": {"failed": 1}}
    assert newly_broken(figures, matrix, MOVES) == 1 + 2 + (3 - 1) + 1


def test_it_counts_what_a_comparison_calls_worse():
    outcomes = np.zeros(20, np.uint8)
    outcomes[[10, 16]] = 2
    given = classes(newly_failing=[1], vanished=[6], added=[10, 16])
    worse = worsened(given, outcomes, {}, {6: MOVES[6]})
    assert newly_broken({"newly_failing": 1}, {"absent": {"failed": 2}}, {6: MOVES[6]}) == len(worse) == 3

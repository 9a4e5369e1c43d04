"""What a comparison's classes are called."""

from reports.web import changes, matrix
from tracks.statuses import Outcome

NOTHING = {"unchanged": 600, "still_broken_same": 80}
TRACK_A = {"fixed": 48, "newly_erroring": 64, "still_broken_same": 19, "still_broken_different": 14}


def test_chips_name_each_change_and_gather_what_is_still_broken():
    said = [(chip.count, chip.label, chip.differently) for chip in changes.chips(TRACK_A)]
    assert said == [(48, "fixed", 0), (64, "newly erroring", 0), (33, "still broken", 14)]


def test_every_class_has_a_name_and_a_place_in_the_address():
    assert set(changes.KINDS) == set(changes.DeltaClass)
    assert set(changes.MEMBERS) == {*changes.DeltaClass, changes.STILL_BROKEN, changes.CHANGED, changes.ALL}


def test_an_unchanged_comparison_says_so():
    assert not changes.has_change(NOTHING)
    assert changes.in_words(NOTHING) == "no test changed its outcome"


def test_changes_in_words():
    assert changes.in_words(TRACK_A) == "48 fixed, 64 newly erroring, 14 still broken, differently"


def test_the_matrix_has_a_row_and_a_column_for_each_outcome_that_there_is():
    rows = matrix.rows({"passed": {"passed": 515, "error": 64}, "xfailed": {"absent": 1}})
    assert [row.outcome for row in rows] == [
        Outcome.PASSED,
        Outcome.FAILED,
        Outcome.ERROR,
        Outcome.SKIPPED,
        Outcome.XFAILED,
        Outcome.ABSENT,
    ]
    tones = {cell.head: (cell.count, cell.tone) for cell in rows[0].cells}
    assert tones[Outcome.PASSED] == (515, "same")
    assert tones[Outcome.ERROR] == (64, "bad")


def test_the_flow_adds_up():
    flow = matrix.flow({"passed": {"passed": 10, "absent": 2}, "absent": {"failed": 5}})
    assert (flow.base, flow.gone, flow.come, flow.head) == (12, 2, 5, 15)
    assert flow.base - flow.gone + flow.come == flow.head

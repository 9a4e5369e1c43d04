"""What a later run of the same commit shows otherwise."""

import numpy as np
import pytest

from reports.contradictions import Shown, contradiction
from tracks.statuses import Outcome, RunState, Standing
from tracks.vectors import CODES, NO_OUTCOMES

HOLDS, FAILS, UNKNOWN = Standing.HOLDS, Standing.FAILS, Standing.UNKNOWN


def shown(*outcomes: str, run: int = 2, state: RunState = RunState.FINISHED, standing: Standing = HOLDS):
    codes = [0, *(CODES[Outcome(each)] for each in outcomes)]
    return Shown(run, state, np.array(codes, np.uint8), {7: ("The page exists", standing)})


BEFORE = shown("passed", "passed", "failed", run=1)


@pytest.mark.parametrize(
    ("later", "said"),
    [
        (shown("passed", "passed", "passed"), ""),
        (shown("passed", "skipped", "error", "failed"), ""),
        (shown("passed", "failed", "failed"), "1 test that passed is broken"),
        (shown("error", "failed", "failed"), "2 tests that passed are broken"),
        (shown("passed"), "1 test that passed is missing"),
        (shown("error", state=RunState.INCOMPLETE), "is broken, 1 test that passed is missing"),
        (shown("passed", "passed", standing=FAILS), "“The page exists” does not hold"),
        (shown("passed", "passed", standing=UNKNOWN), ""),
        (shown(state=RunState.BROKEN), "it could not start"),
        *((shown(state=state), "") for state in sorted({RunState.FAULTED, RunState.LOST})),
        (shown(state=RunState.CANCELLED), ""),
    ],
)
def test_what_passed_and_does_not_any_more_contradicts(later, said):
    found = contradiction(BEFORE, later)
    assert (said in found) if said else found == ""
    if said:
        assert found.startswith("Run 2 at the same commit contradicts it: ")


def test_a_run_of_checks_alone_is_contradicted_by_its_checks():
    before = Shown(1, RunState.FINISHED, NO_OUTCOMES, {7: ("The page exists", HOLDS)})
    later = Shown(2, RunState.FINISHED, NO_OUTCOMES, {7: ("The page exists", FAILS)})
    assert "does not hold" in contradiction(before, later)
    assert contradiction(before, before) == ""


def test_what_did_not_hold_then_contradicts_nothing():
    before = shown("passed", run=1, standing=FAILS)
    assert contradiction(before, shown("passed", standing=FAILS)) == ""

"""What a later run of the same commit shows otherwise."""

import pytest

from reports.contradictions import contradiction
from tests.reports.deciding import HEAD, NEWER, a_run
from tracks.statuses import RunState

BEFORE = a_run(1, HEAD, passed=3, failed=1)


@pytest.mark.parametrize(
    ("later", "said"),
    [
        (a_run(2, HEAD, passed=3, failed=1), ""),
        (a_run(2, HEAD, passed=4, failed=0), ""),
        (a_run(2, HEAD, passed=2, failed=1), "2 passed, 3 before"),
        (a_run(2, HEAD, passed=3, failed=2), "2 failed, 1 before"),
        (a_run(2, HEAD, passed=3, failed=1, errors=1), "1 errors, 0 before"),
        (a_run(2, HEAD, passed=2, failed=2), "2 passed, 3 before; 2 failed, 1 before"),
        (a_run(2, NEWER, passed=2, failed=2), ""),
        (a_run(2, HEAD, RunState.INCOMPLETE, passed=9), "it is incomplete"),
        (a_run(2, NEWER, RunState.BROKEN), "it is broken"),
        *(
            (a_run(2, HEAD, state, passed=0), "")
            for state in (RunState.FAULTED, RunState.LOST, RunState.CANCELLED)
        ),
    ],
)
def test_figures_that_are_worse_contradict(later, said):
    expected = f"Run 2 at the same commit contradicts it: {said}." if said else ""
    assert contradiction(BEFORE, later) == expected


def test_gates_that_fail_now_are_named():
    said = contradiction(BEFORE, BEFORE, ["tests failed", "no test newly broken"])
    assert "these gates fail with it: tests failed, no test newly broken" in said
    lost = a_run(2, HEAD, RunState.LOST)
    assert contradiction(BEFORE, lost, ["the books balance"]) == ""

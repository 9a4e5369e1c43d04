"""The books, line by line."""

# ruff: noqa: E501 (tables)

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracks.books import Ledger, balance, killed_by
from tracks.events import SessionFinished
from tracks.statuses import BROKEN_OUTCOMES, Outcome, RunState

P, F, E = Outcome.PASSED, Outcome.FAILED, Outcome.ERROR


def ended(exit_code: int, collected: int, reported: int, **more: object) -> SessionFinished:
    return SessionFinished(exit_code, collected, reported, **more)  # type: ignore[arg-type]


BOOKS = [
    # what happened, collected, outcomes, session, exit code, stopped -> state, balanced, in the reason
    ("all passed", 3, {P: 3}, ended(0, 3, 3), 0, "", RunState.FINISHED, True, ""),
    ("some broke", 3, {P: 1, F: 1, E: 1}, ended(1, 3, 3), 1, "", RunState.FINISHED, True, ""),
    ("all skipped", 2, {Outcome.SKIPPED: 2}, ended(0, 2, 2), 0, "", RunState.FINISHED, True, ""),
    ("coverage", 2, {P: 2}, ended(1, 2, 2), 1, "", RunState.FINISHED, True, "coverage threshold"),
    ("a later command", 2, {P: 2}, ended(0, 2, 2), 3, "", RunState.FINISHED, True, "the test command with 3"),
    ("own exit code", 2, {P: 1, F: 1}, ended(1, 2, 2), 9, "", RunState.FINISHED, True, "with 9"),
    ("os._exit(0)", 3, {P: 1}, None, 0, "", RunState.INCOMPLETE, False, "1 of 3 tests have a result; 2 missing"),
    ("os._exit(0) at the end", 1, {P: 1}, None, 0, "", RunState.INCOMPLETE, False, "never finished"),
    ("os._exit(1)", 3, {P: 2}, None, 1, "", RunState.INCOMPLETE, False, "exit code 1"),
    ("the worker died", 3, {P: 2}, None, None, "", RunState.INCOMPLETE, False, "never seen"),
    ("segfault", 3, {P: 2}, None, -11, "", RunState.INCOMPLETE, False, "SIGSEGV"),
    ("killed, by a shell's word", 3, {P: 2}, None, 137, "", RunState.INCOMPLETE, False, "SIGKILL (out of memory?)"),
    ("a file too large", 3, {P: 2}, None, -25, "", RunState.INCOMPLETE, False, "a file passed the limit of its size"),
    ("time limit", 3, {P: 2}, None, -9, "the limit", RunState.INCOMPLETE, False, "Stopped: the limit. 2 of 3"),
    ("-x", 9, {P: 1, F: 1}, ended(1, 9, 2, stopped="stopping after 1 failures"), 1, "", RunState.INCOMPLETE,
     False, "stopping after 1 failures. 2 of 9 tests have a result; 7 missing"),
    ("xdist", 3, {P: 3}, ended(0, 3, 3, workers={"gw0": 2, "gw1": 1}), 0, "", RunState.FINISHED, True, ""),
    ("an xdist process too few", 3, {P: 3}, ended(0, 3, 3, workers={"gw0": 2}), 0, "", RunState.INCOMPLETE, False, "brought 2 from gw0"),
    ("interrupt", 3, {P: 1}, ended(2, 3, 1), 2, "", RunState.INCOMPLETE, False, "was interrupted"),
    ("interrupt in the last", 1, {P: 1}, ended(2, 1, 1), 2, "", RunState.INCOMPLETE, False, "was interrupted"),
    ("internal error", 3, {P: 1}, ended(3, 3, 1), 3, "", RunState.INCOMPLETE, False, "internal error"),
    ("internal error at once", 0, {}, ended(3, 0, 0), 3, "", RunState.INCOMPLETE, False, "internal error"),
    ("xdist gave up", 3, {P: 1, E: 1}, ended(1, 3, 2), 1, "", RunState.INCOMPLETE, False, "1 missing"),
    ("collect only", 3, {}, ended(0, 3, 0), 0, "", RunState.INCOMPLETE, False, "0 of 3"),
    ("lines lost", 2, {P: 2}, ended(0, 3, 3), 0, "", RunState.INCOMPLETE, False, "not what arrived"),
    ("too many", 2, {P: 3}, ended(0, 2, 3), 0, "", RunState.INCOMPLETE, False, "more results than tests"),
    ("|| true", 2, {F: 2}, ended(1, 2, 2), 0, "", RunState.INCOMPLETE, False, "|| true"),
    ("suppressed", 2, {F: 2}, ended(0, 2, 2), 0, "", RunState.INCOMPLETE, False, "although tests are broken"),
    ("no tests", 0, {}, ended(5, 0, 0), 5, "", RunState.BROKEN, False, "No tests were collected."),
    ("no tests, calmly", 0, {}, ended(0, 0, 0), 0, "", RunState.BROKEN, False, "No tests were collected."),
    ("all deselected", 0, {}, ended(5, 0, 0, deselected=4), 5, "", RunState.BROKEN, False, "all 4 were deselected"),
    ("wrong usage", 0, {}, ended(4, 0, 0), 4, "", RunState.BROKEN, False, "could not start"),
    ("stopped at once", 0, {}, None, -9, "cancelled", RunState.INCOMPLETE, False, "Stopped: cancelled"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("collected", "outcomes", "session", "exit_code", "stopped", "state", "balanced", "reason"),
    [row[1:] for row in BOOKS],
    ids=[str(row[0]) for row in BOOKS],
)
def test_the_books(
    collected: int,
    outcomes: dict[Outcome, int],
    session: SessionFinished | None,
    exit_code: int | None,
    stopped: str,
    state: RunState,
    balanced: bool,
    reason: str,
) -> None:
    found = balance(Ledger(collected, outcomes, session, exit_code, stopped))
    assert (found.state, found.balanced) == (state, balanced)
    assert reason in found.reason if reason else found.reason == ""


OF_CHECKS = [
    # what happened, checks asked, told -> state, reason
    ("all were looked at", 2, 2, RunState.FINISHED, ""),
    ("none was", 2, 0, RunState.INCOMPLETE, "0 of 2 checks have a result; 2 missing."),
    ("one was not", 2, 1, RunState.INCOMPLETE, "1 of 2 checks have a result; 1 missing."),
]


@pytest.mark.parametrize(
    ("asked", "told", "state", "reason"), [row[1:] for row in OF_CHECKS], ids=[row[0] for row in OF_CHECKS]
)
def test_the_books_of_checks_balance_with_tests_and_without(
    asked: int, told: int, state: RunState, reason: str
) -> None:
    alone = Ledger(0, {}, None, None, checks_only=True, checks_asked=asked, checks_told=told)
    beside = Ledger(3, {P: 3}, ended(0, 3, 3), 0, checks_asked=asked, checks_told=told)
    for ledger in (alone, beside):
        found = balance(ledger)
        assert (found.state, found.balanced, found.reason) == (state, state is RunState.FINISHED, reason)
    stopped = balance(replace(beside, stopped="the limit"))
    assert stopped.reason.startswith("Stopped: the limit")


COUNTS = st.integers(0, 4)
SESSIONS = st.none() | st.builds(SessionFinished, st.integers(0, 5), COUNTS, COUNTS, COUNTS)
LEDGERS = st.builds(
    Ledger,
    COUNTS,
    st.dictionaries(st.sampled_from([P, F, E, Outcome.SKIPPED]), COUNTS, max_size=2),
    SESSIONS,
    st.none() | st.integers(-15, 140),
    st.sampled_from(["", "", "", "the limit"]),
)


@given(LEDGERS)
def test_a_finished_run_has_a_result_for_every_test_and_hides_no_failure(ledger: Ledger) -> None:
    found = balance(ledger)
    assert found.balanced == (found.state is RunState.FINISHED)
    assert found.balanced or found.reason
    if found.balanced:
        session = ledger.session_finished
        assert session and ledger.collected == ledger.reported == session.collected == session.reported > 0
        assert not ledger.stopped and ledger.exit_code is not None
        broken = sum(ledger.outcomes.get(outcome, 0) for outcome in BROKEN_OUTCOMES)
        assert ledger.exit_code != 0 or not broken


@pytest.mark.parametrize(
    ("code", "number"), [(0, 0), (1, 0), (-9, 9), (137, 9), (139, 11), (127, 0), (255, 0)]
)
def test_which_signal_an_exit_code_stands_for(code: int, number: int) -> None:
    assert killed_by(code) == number

"""Errors that follow from an earlier one: what ties them to their cause, and what does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.breaks import Break, Uncollected
from reports.cascades import Cascade, CascadeKind, find_cascades
from reports.poisoned import LOOK_BACK
from reports.poisons import original_error, recognise
from tracks.statuses import Phase

ROLLED_BACK = (
    "This Session's transaction has been rolled back due to a previous exception during flush. To begin a "
    "new transaction with this Session, first issue Session.rollback(). Original exception was: "
    "(sqlite3.IntegrityError) UNIQUE constraint failed: users.email [SQL: INSERT INTO users]"
)
UNIQUE = "(sqlite3.IntegrityError) UNIQUE constraint failed: users.email [SQL: INSERT INTO users]"


def a_break(
    test: int,
    *,
    at: int | None = None,
    module: str = "tests/test_a.py",
    inside: str = "",
    phase: Phase = Phase.SETUP,
    error: str = "ValueError: no",
    signature: str = "",
    text: str = "",
    fixture: str = "",
    scope: str = "",
) -> Break:
    """A broken test that ran at place ``at``, else its number; its error is its signature and text."""
    exception, _, message = error.partition(": ")
    return Break(
        test=test,
        node="::".join(filter(None, (module, inside, f"test_{test}[a::b]"))),
        phase=phase,
        signature=signature or error,
        exception=exception,
        message=message,
        text=text or error,
        place=test if at is None else at,
        fixture=fixture,
        fixture_scope=scope,
    )


def failed(test: int, error: str = "AssertionError: assert 1 == 2", **told: str) -> Break:
    return a_break(test, phase=Phase.CALL, error=error, **told)


def tied(*breaks: Break) -> list[tuple[CascadeKind, int, tuple[int, ...]]]:
    return [(each.kind, each.cause, each.followers) for each in find_cascades(breaks)]


def test_a_module_that_could_not_be_collected_hides_its_tests() -> None:
    (cascade,) = find_cascades([], [Uncollected(9, "tests/test_b.py", (3, 1, 2))])
    assert cascade == Cascade(CascadeKind.COLLECTION, 9, (1, 2, 3), "tests/test_b.py could not be collected")
    assert cascade.sentence == "1 cause, 3 tests follow: tests/test_b.py could not be collected."


def test_a_module_that_hides_nothing_is_no_cascade() -> None:
    assert find_cascades([], [Uncollected(9, "tests/test_b.py", ())]) == ()


@pytest.mark.parametrize("scope", ["class", "module", "package", "session"])
def test_a_shared_fixture_fails_for_the_first_test_and_all_others_follow(scope: str) -> None:
    breaks = [a_break(test, inside="TestX", fixture="db", scope=scope) for test in (3, 1, 2)]
    (cascade,) = find_cascades(breaks)
    assert (cascade.kind, cascade.cause, cascade.followers) == (CascadeKind.FIXTURE, 1, (2, 3))
    assert cascade.because == f"the fixture db, one for the whole {scope}, failed"


@pytest.mark.parametrize(
    ("scope", "homes"),
    [
        ("class", [{"inside": "TestX"}, {"inside": "TestY"}]),
        ("class", [{}, {}]),
        ("module", [{"module": "tests/test_a.py"}, {"module": "tests/test_b.py"}]),
        ("package", [{"module": "tests/a/test_a.py"}, {"module": "tests/b/test_a.py"}]),
        ("function", [{}, {}]),
    ],
)
def test_a_fixture_is_not_shared_beyond_its_scope(scope: str, homes: list[dict[str, str]]) -> None:
    assert tied(*(a_break(n, fixture="db", scope=scope, **home) for n, home in enumerate(homes))) == []


def test_one_fixture_that_fails_in_two_ways_failed_twice() -> None:
    breaks = [
        a_break(test, fixture="db", scope="session", error=error)
        for test, error in enumerate("aabb", start=1)
    ]
    assert tied(*breaks) == [(CascadeKind.FIXTURE, 1, (2,)), (CascadeKind.FIXTURE, 3, (4,))]


def test_without_the_fixtures_name_the_same_setup_text_in_one_module_is_one_failure() -> None:
    other_module = a_break(4, module="tests/test_b.py")
    other_text = a_break(5, text="another")
    assert tied(a_break(1), a_break(2), a_break(3), other_module, other_text) == [
        (CascadeKind.FIXTURE, 1, (2, 3))
    ]


def test_the_same_error_in_the_call_is_no_shared_fixture() -> None:
    assert tied(failed(1), failed(2), failed(3)) == []


POISONS = [
    f"sqlalchemy.exc.PendingRollbackError: {ROLLED_BACK.partition(' Original')[0]}",
    "psycopg.errors.InFailedSqlTransaction: current transaction is aborted, commands ignored",
    "django.db.transaction.TransactionManagementError: An error occurred in the current transaction. "
    "You can't execute queries until the end of the 'atomic' block.",
    "RuntimeError: Event loop is closed",
    "RuntimeError: Task <Task pending> got Future <Future pending> attached to a different loop",
    "RuntimeError: <asyncio.locks.Lock object> is bound to a different event loop",
    "psycopg.OperationalError: the connection is closed",
    "psycopg2.InterfaceError: connection already closed",
    "psycopg2.InterfaceError: cursor already closed",
    "psycopg.OperationalError: server closed the connection unexpectedly",
    "asyncpg.exceptions.InterfaceError: cannot perform operation: another operation is in progress",
    "sqlite3.ProgrammingError: Cannot operate on a closed database.",
    "RuntimeError: Session is closed",
    "RuntimeError: Cannot send a request, as the client has been closed.",
    "sqlite3.OperationalError: database is locked",
]


@pytest.mark.parametrize("error", POISONS)
def test_a_message_that_speaks_of_a_state_left_behind_follows_the_test_that_left_it(error: str) -> None:
    followers = [a_break(test, error=error) for test in (2, 3)]
    assert tied(failed(1), *followers) == [(CascadeKind.POISONED, 1, (2, 3))]


@pytest.mark.parametrize(
    "error",
    [
        "AssertionError: assert 'the connection is closed' in ''",
        ": assert 'the connection is closed' in ''",
        ": AssertionError: the connection is closed",
        "sqlite3.InterfaceError: Error binding parameter 0 - probably unsupported type.",
        "ValueError: the account is locked",
        "psycopg.OperationalError: connection refused",
    ],
)
def test_other_messages_speak_of_no_such_state(error: str) -> None:
    exception, _, message = error.partition(": ")
    assert recognise(exception, message) is None


CLOSED = "RuntimeError: Event loop is closed"


def test_what_follows_in_the_call_follows_too() -> None:
    assert tied(failed(1), failed(2, CLOSED)) == [(CascadeKind.POISONED, 1, (2,))]


def test_passed_tests_in_between_did_not_need_the_state_and_end_nothing() -> None:
    assert tied(failed(1), a_break(3, error=CLOSED), a_break(7, error=CLOSED)) == [
        (CascadeKind.POISONED, 1, (3, 7))
    ]


def test_a_call_right_after_a_passed_test_is_its_own_doing() -> None:
    assert tied(failed(1), failed(3, CLOSED)) == []


def test_into_another_module_only_broken_tests_lead() -> None:
    directly = a_break(2, error=CLOSED, module="tests/test_b.py")
    later = a_break(2, at=3, error=CLOSED, module="tests/test_b.py")
    assert tied(failed(1), directly) == [(CascadeKind.POISONED, 1, (2,))]
    assert tied(failed(1), later) == []


def test_the_first_test_with_such_a_message_is_a_cause_if_nothing_broke_before() -> None:
    lost = failed(1, "psycopg.OperationalError: server closed the connection unexpectedly")
    closed = a_break(2, error="psycopg.OperationalError: the connection is closed")
    assert tied(lost, closed) == [(CascadeKind.POISONED, 1, (2,))]


def test_tests_with_one_such_message_do_not_follow_each_other() -> None:
    assert tied(a_break(1, error=CLOSED), a_break(2, error=CLOSED)) == []


@pytest.mark.parametrize(
    ("place", "module"),
    [
        pytest.param(6, "tests/test_a.py", id="after a passed test, in the module"),
        pytest.param(4, "tests/test_b.py", id="directly after, in another module"),
    ],
)
def test_an_error_of_its_own_within_the_stretch_does_not_take_the_stretch_over(
    place: int, module: str
) -> None:
    last = a_break(4, at=place, error=CLOSED, module=module)
    breaks = [failed(1), a_break(2, error=CLOSED), failed(3, "KeyError: 'id'"), last]
    assert tied(*breaks) == [(CascadeKind.POISONED, 1, (2, 4))]


def test_a_rolled_back_session_names_its_cause_wherever_it_is() -> None:
    cause = failed(1, f"sqlalchemy.exc.IntegrityError: {UNIQUE}", module="tests/test_z.py")
    unrelated = failed(5)
    follower = a_break(6, error=f"sqlalchemy.exc.PendingRollbackError: {ROLLED_BACK}")
    assert original_error(ROLLED_BACK) == "(sqlite3.IntegrityError) UNIQUE constraint failed: users.email"
    assert tied(cause, unrelated, follower) == [(CascadeKind.POISONED, 1, (6,))]


def test_a_rolled_back_session_whose_cause_no_broken_test_shows_follows_none() -> None:
    """The test that caused it expected its error, and passed."""
    assert tied(failed(1), a_break(2, error=f"sqlalchemy.exc.PendingRollbackError: {ROLLED_BACK}")) == []


def test_a_cause_too_many_errors_away_is_not_looked_for() -> None:
    cause = failed(1, f"sqlalchemy.exc.IntegrityError: {UNIQUE}")
    between = [failed(2 + n, f"ValueError: {n}") for n in range(LOOK_BACK)]
    follower = a_break(999, error=f"sqlalchemy.exc.PendingRollbackError: {ROLLED_BACK}")
    assert tied(cause, *between[1:], follower) == [(CascadeKind.POISONED, 1, (999,))]
    assert tied(cause, *between, follower) == []


UNKNOWN = "StateError: left over"


def unknown(test: int, **told: str) -> Break:
    return a_break(test, error=UNKNOWN, fixture="state", scope="function", **told)


def test_an_unknown_setup_error_directly_after_a_failed_test_follows_it() -> None:
    (cascade,) = find_cascades([failed(1), unknown(2), unknown(3)])
    assert (cascade.kind, cascade.cause, cascade.followers) == (CascadeKind.POISONED, 1, (2, 3))


@pytest.mark.parametrize(
    "breaks",
    [
        pytest.param([failed(1), unknown(2)], id="one only"),
        pytest.param([failed(1), unknown(3), unknown(4)], id="a passed test in between"),
        pytest.param([failed(1), unknown(2), unknown(4)], id="a passed test among them"),
        pytest.param([unknown(2), unknown(3)], id="nothing before"),
        pytest.param([a_break(1), unknown(2), unknown(3)], id="the one before broke in setup too"),
        pytest.param([failed(1, module="tests/test_b.py"), unknown(2), unknown(3)], id="in another module"),
        pytest.param(
            [failed(1), unknown(2), unknown(3), unknown(9, module="tests/test_b.py")], id="elsewhere too"
        ),
    ],
)
def test_an_unknown_setup_error_is_not_tied_to_what_it_may_not_follow(breaks: list[Break]) -> None:
    assert tied(*breaks) == []


def test_a_shared_fixture_is_stronger_evidence_than_a_state_left_behind() -> None:
    shared = [a_break(test, error=CLOSED, fixture="loop", scope="session") for test in (2, 3)]
    assert tied(failed(1), *shared) == [
        (CascadeKind.POISONED, 1, (2,)),
        (CascadeKind.FIXTURE, 2, (3,)),
    ]


def test_what_a_shared_fixture_explains_is_not_explained_by_its_place() -> None:
    shared = [a_break(test, fixture="db", scope="session") for test in (2, 3)]
    assert tied(failed(1), *shared) == [(CascadeKind.FIXTURE, 2, (3,))]


def test_the_largest_cascade_comes_first() -> None:
    small, large = Uncollected(8, "tests/a.py", (1,)), Uncollected(9, "tests/b.py", (2, 3))
    assert [each.cause for each in find_cascades([], [small, large])] == [9, 8]


ERRORS = ["AssertionError: assert 1 == 2", "ValueError: no", CLOSED, POISONS[1], UNKNOWN]
breaks_of_a_run = st.lists(
    st.builds(
        lambda module, phase, error, fixture, gap: (module, phase, error, fixture, gap),
        st.sampled_from(["tests/test_a.py", "tests/test_b.py"]),
        st.sampled_from([Phase.SETUP, Phase.CALL, Phase.TEARDOWN]),
        st.sampled_from(ERRORS),
        st.sampled_from([("", ""), ("db", "session"), ("db", "module"), ("db", "function")]),
        st.integers(0, 2),
    ),
    max_size=25,
)


@given(breaks_of_a_run)
def test_each_test_follows_one_cause_that_ran_before_it(
    drawn: list[tuple[str, Phase, str, tuple[str, str], int]],
) -> None:
    place, breaks = 0, []
    for test, (module, phase, error, (fixture, scope), gap) in enumerate(drawn, start=1):
        place += 1 + gap
        breaks.append(
            a_break(test, at=place, module=module, phase=phase, error=error, fixture=fixture, scope=scope)
        )
    cascades = find_cascades(reversed(breaks))
    followers = [test for cascade in cascades for test in cascade.followers]
    assert len(followers) == len(set(followers))
    assert all(cascade.cause < min(cascade.followers) for cascade in cascades)
    assert len({(cascade.kind, cascade.cause) for cascade in cascades}) == len(cascades)

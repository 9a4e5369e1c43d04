import pytest

from app.accounts import users
from app.agents.sessions import SessionManager


@pytest.fixture
def manager(session):
    return SessionManager(session)


@pytest.fixture
def user(session):
    return users.create(session, email="agent.owner@example.org")


def test_a_session_starts_new(manager, user):
    record = manager.create(user.id, "  BTC trend ")
    assert (record.goal, record.status, record.result) == ("BTC trend", "new", {})


def test_a_session_needs_a_goal(manager, user):
    with pytest.raises(ValueError, match="needs a goal"):
        manager.create(user.id, "   ")


def test_an_unknown_session_is_said(manager):
    with pytest.raises(LookupError, match="no agent session 99"):
        manager.get(99)


@pytest.mark.parametrize(
    "path", [("running", "completed"), ("running", "failed", "running"), ("running", "waiting", "running")]
)
def test_allowed_moves(manager, user, path):
    record = manager.create(user.id, "BTC trend")
    for status in path:
        manager.move(record.id, status)
    assert record.status == path[-1]


@pytest.mark.parametrize("path", [("completed",), ("running", "completed", "running")])
def test_forbidden_moves(manager, user, path):
    record = manager.create(user.id, "BTC trend")
    for status in path[:-1]:
        manager.move(record.id, status)
    with pytest.raises(ValueError, match="cannot become"):
        manager.move(record.id, path[-1])


def test_sessions_are_listed_by_owner_and_status(manager, user):
    first, second = (manager.create(user.id, goal) for goal in ("BTC trend", "ETH risk"))
    manager.move(second.id, "running")
    assert manager.of_user(user.id) == [first, second]
    assert manager.of_user(user.id, "running") == [second]
    assert manager.of_user(user.id + 1) == []

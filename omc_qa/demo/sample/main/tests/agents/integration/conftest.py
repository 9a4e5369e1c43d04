import pytest

from app.accounts import users
from app.agents.orchestrator import AgentOrchestrator


@pytest.fixture
def orchestrator(session):
    return AgentOrchestrator(session)


@pytest.fixture
def started(session, orchestrator):
    """A session of an agent, ready to be executed."""
    user = users.create(session, email="agent.owner@example.org")
    return orchestrator.start(user.id, "BTC trend")

from unittest.mock import patch

import pytest

from app.agents.artifacts import ArtifactStore
from app.agents.state import WorkflowState

PRICES = {"BTC": [100.0, 104.0, 98.0, 106.0, 110.0]}


def ended(**changes):
    return WorkflowState(goal="BTC trend", symbol="BTC", status="completed", report="# BTC").with_(**changes)


class TestWorkflow:
    """What the orchestrator makes of the ways in which a workflow can end."""

    async def test_a_completed_workflow_leaves_its_report(self, session, orchestrator, started):
        with patch.object(orchestrator, "run_workflow", return_value=ended()):
            await orchestrator.execute(started.id, PRICES)
        assert ArtifactStore(session, started.id).get("report.md").content == "# BTC"

    @pytest.mark.parametrize("findings", [{"trend": "up"}, {"risk": 0.05}, {"trend": "up", "strength": 70.0}])
    async def test_findings_are_kept(self, orchestrator, started, findings):
        with patch.object(orchestrator, "run_workflow", return_value=ended(findings=findings)):
            await orchestrator.execute(started.id, PRICES)
        assert orchestrator.get_session_state(started.id)["findings"] == findings

    async def test_a_question_waits_for_its_answer(self, orchestrator, started):
        waiting = ended(status="waiting", question="Which market do you mean?")
        with patch.object(orchestrator, "run_workflow", return_value=waiting):
            await orchestrator.execute(started.id, PRICES)
        state = orchestrator.get_session_state(started.id)
        assert (state["status"], state["question"]) == ("waiting", "Which market do you mean?")

    @pytest.mark.parametrize("error", [ConnectionError("feed is away"), KeyError("BTC")], ids=["connection", "key"])
    async def test_an_error_fails_the_session(self, orchestrator, started, error):
        with patch.object(orchestrator, "run_workflow", side_effect=error):
            state = await orchestrator.execute(started.id, PRICES)
        assert (state.status, state.report) == ("failed", f"{type(error).__name__}: {error}")

    async def test_a_failed_session_can_run_again(self, orchestrator, started):
        with patch.object(orchestrator, "run_workflow", side_effect=[TimeoutError("too slow"), ended()]) as run:
            await orchestrator.execute(started.id, PRICES)
            await orchestrator.execute(started.id, PRICES)
        assert run.await_count == 2
        assert started.status == "completed"


@pytest.mark.parametrize(
    ("goal", "status"),
    [
        ("BTC trend", "completed"),
        ("BTC risk and momentum", "completed"),
        ("ETH trend", "failed"),
        ("How is it going?", "waiting"),
    ],
)
async def test_from_goal_to_end(orchestrator, started, goal, status):
    record = orchestrator.start(started.user_id, goal)
    assert (await orchestrator.execute(record.id, PRICES)).status == status

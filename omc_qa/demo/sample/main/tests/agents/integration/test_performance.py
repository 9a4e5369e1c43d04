import asyncio
from unittest.mock import patch

import pytest

from app import synthetic
from app.agents.state import WorkflowState

DONE = WorkflowState(goal="BTC trend", status="completed", report="# BTC")


class TestVolume:
    async def test_a_large_history_reaches_the_workflow_whole(self, orchestrator, started):
        history = synthetic.prices(20_000)
        with patch.object(orchestrator, "run_workflow", return_value=DONE) as run:
            await orchestrator.execute(started.id, {"BTC": history})
        assert run.await_args.args[0].prices == {"BTC": history}

    async def test_a_run_asks_for_one_workflow(self, orchestrator, started):
        with patch.object(orchestrator, "run_workflow", return_value=DONE) as run:
            await orchestrator.execute(started.id, {})
        run.assert_awaited_once()

    async def test_the_states_of_many_sessions(self, session, orchestrator, started):
        records = [orchestrator.start(started.user_id, f"BTC trend {n}") for n in range(50)]
        states = [orchestrator.get_session_state(session, record.id) for record in records]
        assert {state["status"] for state in states} == {"new"}

    @pytest.mark.parametrize("length", [100, 2_000, 20_000])
    async def test_histories_of_any_length(self, orchestrator, started, length):
        state = await orchestrator.execute(started.id, {"BTC": synthetic.prices(length)})
        assert state.status == "completed"


class TestScale:
    async def test_many_runs_one_after_another(self, orchestrator, started):
        with patch.object(orchestrator, "run_workflow", return_value=DONE) as run:
            for n in range(20):
                record = orchestrator.start(started.user_id, f"BTC trend {n}")
                await orchestrator.execute(record.id, {})
        assert run.await_count == 20

    async def test_runs_at_the_same_time(self, orchestrator, started):
        records = [orchestrator.start(started.user_id, f"BTC trend {n}") for n in range(10)]
        with patch.object(orchestrator, "run_workflow", return_value=DONE):
            states = await asyncio.gather(*(orchestrator.execute(record.id, {}) for record in records))
        assert [state.status for state in states] == ["completed"] * 10

import pytest

PRICES = {"BTC": [100.0, 104.0, 98.0]}


@pytest.mark.parametrize(("goal", "model"), [("BTC trend", "small"), ("BTC trend, and explain it " * 6, "large")])
def test_long_goals_get_the_large_model(orchestrator, started, goal, model):
    assert orchestrator.start(started.user_id, goal).model == model


async def test_a_completed_session_does_not_run_again(orchestrator, started):
    await orchestrator.execute(started.id, PRICES)
    with pytest.raises(ValueError, match="completed cannot become running"):
        await orchestrator.execute(started.id, PRICES)


async def test_a_waiting_session_runs_again(orchestrator, started):
    record = orchestrator.start(started.user_id, "trend")
    await orchestrator.execute(record.id, PRICES)
    assert record.status == "waiting"
    assert (await orchestrator.execute(record.id, PRICES)).question == "Which market do you mean?"


def test_the_state_of_a_new_session(orchestrator, started):
    assert orchestrator.get_session_state(started.id) == {"status": "new", "goal": "BTC trend"}

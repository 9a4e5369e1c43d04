import pytest

from app.agents import nodes
from app.agents.state import WorkflowState

PRICES = [100.0, 104.0, 98.0, 106.0, 110.0]


def state(**changes):
    return WorkflowState(goal="BTC trend", prices={"BTC": PRICES}, symbol="BTC").with_(**changes)


@pytest.mark.parametrize("symbol", ["BTC", "ETH", "SOL", "XRP"])
@pytest.mark.parametrize("step", ["trend", "risk"])
async def test_plan_finds_market_and_step(symbol, step):
    planned = await nodes.plan(WorkflowState(goal=f"What is the {step} of {symbol}?"))
    assert (planned.symbol, planned.steps, planned.status) == (symbol, (step,), "running")


@pytest.mark.parametrize(
    ("goal", "question"),
    [
        ("What is the trend?", "Which market do you mean?"),
        ("Tell me about BTC", "What would you like to know about it?"),
        ("", "Which market do you mean?"),
        ("risk of DOGE", "Which market do you mean?"),
    ],
)
async def test_plan_asks_when_it_does_not_understand(goal, question):
    planned = await nodes.plan(WorkflowState(goal=goal))
    assert (planned.question, planned.status) == (question, "waiting")


@pytest.mark.parametrize("known", [2, 3, 5])
async def test_retrieve_goes_on_with_enough_prices(known):
    assert (await nodes.retrieve(state(prices={"BTC": PRICES[:known]}))).status == "running"


@pytest.mark.parametrize("known", [0, 1])
async def test_retrieve_fails_without_prices(known):
    failed = await nodes.retrieve(state(prices={"BTC": PRICES[:known]}))
    assert (failed.status, failed.report) == ("failed", f"Only {known} prices of BTC are known.")


@pytest.mark.parametrize(
    ("step", "finding"), [("trend", "up"), ("risk", 0.0577), ("strength", 72.7), ("average", 103.6)]
)
async def test_analyse_finds_what_was_asked(step, finding):
    assert (await nodes.analyse(state(steps=(step,)))).findings == {step: finding}


@pytest.mark.parametrize(
    "steps", [("trend", "risk"), ("average", "trend"), ("risk", "strength", "average"), tuple(nodes.ANALYSES)]
)
async def test_analyse_keeps_the_order_of_the_steps(steps):
    assert tuple((await nodes.analyse(state(steps=steps))).findings) == steps


@pytest.mark.parametrize(
    ("findings", "line"),
    [
        ({"trend": "up"}, "| Trend | up |"),
        ({"risk": 0.0577}, "| Deepest fall | 5.8% |"),
        ({"strength": 72.7}, "| Relative strength | 73 (overbought) |"),
        ({"average": 103.6}, "| Average price | 103.60 |"),
    ],
)
async def test_report_shows_the_finding(findings, line):
    reported = await nodes.report(state(findings=findings))
    assert line in reported.report.splitlines()
    assert reported.status == "completed"


@pytest.mark.parametrize("node", [nodes.retrieve, nodes.report])
async def test_nodes_leave_their_input_alone(node):
    before = state(findings={"trend": "up"})
    await node(before)
    assert before == state(findings={"trend": "up"})


@pytest.mark.parametrize(
    ("goal", "status"),
    [("BTC trend and risk", "completed"), ("ETH trend", "failed"), ("trend", "waiting"), ("BTC average", "completed")],
)
async def test_the_nodes_in_a_row(goal, status):
    current = WorkflowState(goal=goal, prices={"BTC": PRICES})
    for node in nodes.WORKFLOW:
        if current.status == "running":
            current = await node(current)
    assert current.status == status

import pytest

from app.agents.planner import plan


@pytest.mark.parametrize(
    ("goal", "symbol"),
    [
        ("Trend of BTC", "BTC"), ("trend of XBT please", "BTC"), ("ETH: momentum?", "ETH"), ("Is SOL safe?", "SOL"),
        ("XRP rsi", "XRP"), ("BTC against ETH", "BTC"), ("the BTCX fund", None), ("btc", None), ("", None),
    ],
)  # fmt: skip
def test_market(goal, symbol):
    assert plan(goal).symbol == symbol


@pytest.mark.parametrize(
    ("goal", "steps"),
    [
        ("BTC trend", ("trend",)),
        ("Where does BTC's momentum point?", ("trend",)),
        ("BTC up or down?", ("trend",)),
        ("How risky? Show the drawdown of BTC", ("risk",)),
        ("Is BTC volatile", ("risk",)),
        ("BTC RSI", ("strength",)),
        ("Is BTC oversold?", ("strength",)),
        ("BTC moving average", ("average",)),
        ("smoothed BTC prices", ("average",)),
        ("BTC risk and trend", ("trend", "risk")),
        ("everything on BTC", ()),
    ],
)
def test_steps(goal, steps):
    assert plan(goal).steps == steps


@pytest.mark.parametrize(
    ("goal", "question"),
    [
        ("BTC trend", ""),
        ("BTC", "What would you like to know about it?"),
        ("trend", "Which market do you mean?"),
        ("hello", "Which market do you mean?"),
    ],
)
def test_question(goal, question):
    assert plan(goal).question == question

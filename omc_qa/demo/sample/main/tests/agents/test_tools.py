import pytest

from app.agents.tools import Toolbox, ToolError

PRICES = {"BTC": [100.0, 120.0, 90.0, 110.0], "ETH": [10.0], "SOL": []}


@pytest.fixture
def toolbox():
    return Toolbox(PRICES)


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("last_price", {"symbol": "BTC"}, 110),
        ("last_price", {"symbol": "ETH"}, 10),
        ("average", {"symbol": "BTC", "length": 1}, 110),
        ("average", {"symbol": "BTC", "length": 2}, 100),
        ("average", {"symbol": "BTC", "length": 4}, 105),
        ("average", {"symbol": "ETH", "length": 1}, 10),
        ("drawdown", {"symbol": "BTC"}, 0.25),
        ("drawdown", {"symbol": "ETH"}, 0),
    ],
)
async def test_tools(toolbox, name, arguments, expected):
    assert await toolbox.call(name, arguments) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("name", "arguments", "reason"),
    [
        ("last_price", {}, "last_price needs symbol"),
        ("average", {"symbol": "BTC"}, "average needs length"),
        ("last_price", {"symbol": 1}, "symbol of last_price must be str"),
        ("average", {"symbol": "BTC", "length": "2"}, "length of average must be int"),
        ("average", {"symbol": "BTC", "length": True}, "length of average must be int"),
        ("average", {"symbol": "BTC", "length": 2.0}, "length of average must be int"),
        ("drawdown", {"symbol": "BTC", "length": 2}, "drawdown does not know length"),
        ("last_price", {"symbol": "BTC", "b": 1, "a": 2}, "last_price does not know a, b"),
    ],
)
async def test_arguments_are_checked(toolbox, name, arguments, reason):
    with pytest.raises(ToolError, match=reason):
        await toolbox.call(name, arguments)


@pytest.mark.parametrize("symbol", ["SOL", "XRP", ""])
@pytest.mark.parametrize("name", ["last_price", "drawdown"])
async def test_a_market_without_prices_is_said(toolbox, name, symbol):
    with pytest.raises(ToolError, match="no prices of"):
        await toolbox.call(name, {"symbol": symbol})


@pytest.mark.parametrize("name", ["", "buy"])
async def test_an_unknown_tool_is_refused_with_those_there_are(toolbox, name):
    with pytest.raises(ToolError, match="there are average, drawdown, last_price"):
        await toolbox.call(name, {})

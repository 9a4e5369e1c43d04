import pytest

from app.collectors import news


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Bitcoin rises", ["BTC"]),
        ("ETH and BTC rise", ["ETH", "BTC"]),
        ("Ether, Ethereum, ETH", ["ETH"]),
        ("$SOL leads", ["SOL"]),
        ("Tether is not ETH", ["USDT", "ETH"]),
        ("sol and eth in lower case", []),
        ("Markets are quiet", []),
        ("", []),
    ],
)
def test_currencies(text, found):
    assert news.currencies(text) == found


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("Prices surge", 1.0),
        ("Prices crash", -1.0),
        ("A gain", 0.5),
        ("A fine", -0.5),
        ("ETF approved", 0.5),
        ("Bank adopts it", 0.5),
        ("Rally after the crash", 0.0),
        ("Record gain", 0.5),
        ("Hacks and bans", -1.0),
        ("No ban", 1.0),
        ("Never a hack", -1.0),
        ("No delay", 0.5),
        ("Nothing to see", 0.0),
        ("", 0.0),
    ],
)
def test_sentiment(text, score):
    assert news.sentiment(text) == score

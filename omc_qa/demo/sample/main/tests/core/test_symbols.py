import pytest

from app.core.symbols import Pair, canonical, parse_pair


@pytest.mark.parametrize(
    ("code", "expected"),
    [("btc", "BTC"), (" eth ", "ETH"), ("XBT", "BTC"), ("eth2", "ETH"), ("USDT.e", "USDT"), ("AUD", "AUD")],
)
def test_codes_have_one_spelling(code, expected):
    assert canonical(code) == expected


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("BTC/AUD", Pair("BTC", "AUD")),
        ("btc-aud", Pair("BTC", "AUD")),
        ("XBT_AUD", Pair("BTC", "AUD")),
        ("eth:btc", Pair("ETH", "BTC")),
        ("BTCAUD", Pair("BTC", "AUD")),
        ("ethbtc", Pair("ETH", "BTC")),
        ("SOLUSDT", Pair("SOL", "USDT")),
        (" XRP/USD ", Pair("XRP", "USD")),
        ("AUD/USD", Pair("AUD", "USD")),
    ],
)
def test_pairs_are_read(text, pair):
    assert parse_pair(text) == pair


@pytest.mark.parametrize("text", ["", "BTC", "AUD", "B/AUD", "BTC/AUD/USD", "BTC AUD", "BTC/€", "/"])
def test_what_is_no_pair(text):
    with pytest.raises(ValueError, match="is not a trading pair"):
        parse_pair(text)


@pytest.mark.parametrize("text", ["BTC/XBT"])
def test_a_currency_is_not_traded_for_itself(text):
    with pytest.raises(ValueError, match="for itself"):
        parse_pair(text)


def test_a_pair_turned_round():
    assert str(parse_pair("BTC/AUD").inverse()) == "AUD/BTC"


def test_pairs_are_sorted_by_base():
    assert sorted(map(parse_pair, ["ETHAUD", "BTCUSD", "BTCAUD"])) == [*map(parse_pair, ["BTCAUD", "BTCUSD", "ETHAUD"])]

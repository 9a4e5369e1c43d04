from decimal import Decimal

import pytest

from app.trading.recorder import OrderRecorder

TRADES = [
    ("buy", "BTC/AUD", 2, 100),
    ("sell", "BTC/AUD", 1, 130),
    ("buy", "ETH/AUD", 5, 20),
    ("sell", "ETH/AUD", 5, 18),
]


@pytest.fixture
def api(session, make_api):
    return make_api(session)


@pytest.fixture
def trader(session, api, sign_up, now):
    """A signed-in account with trades; returns its token."""
    user_id, token = sign_up(api, "api.trader@example.org")
    for side, symbol, quantity, price in TRADES:
        OrderRecorder(session).record(
            user_id, side, symbol, Decimal(quantity), Decimal(price), at=now, status="filled"
        )
    return token


def test_the_total(api, trader):
    assert api("GET", "/pnl", token=trader).body["realised"] == "20.00"


def test_by_symbol(api, trader):
    assert api("GET", "/pnl", token=trader).body["by_symbol"] == {"BTC/AUD": "30.00", "ETH/AUD": "-10.00"}


@pytest.mark.parametrize("path", ["/pnl/DOGE", "/pnl/BTC-AUD", "/pnl/BTC"])
def test_a_symbol_without_trades(api, trader, path):
    assert api("GET", path, token=trader).status == 404


@pytest.mark.parametrize("token", ["", "garbage", "a.b"])
def test_a_token_is_needed(api, trader, token):
    assert api("GET", "/pnl", token=token).status == 401


def test_a_new_account_has_no_profit(api, sign_up):
    _, token = sign_up(api, "api.new@example.org")
    assert api("GET", "/pnl", token=token).body == {"realised": "0.00", "by_symbol": {}}


def test_accounts_do_not_see_each_other(api, trader, sign_up):
    _, token = sign_up(api, "api.other@example.org")
    assert api("GET", "/pnl", token=token).body["by_symbol"] == {}


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_profit_is_only_read(api, trader, method):
    assert api(method, "/pnl", token=trader).body == {"error": "use GET"}


def test_a_path_below_a_symbol_is_not_found(api, trader):
    assert api("GET", "/pnl/BTC/AUD", token=trader).status == 404

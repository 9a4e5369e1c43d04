from collections import deque
from datetime import timedelta
from decimal import Decimal

import pytest

from app.accounts import users
from app.ledgers.pnl import ProfitAndLoss, _take
from app.trading.recorder import OrderRecorder


def test_the_oldest_lots_are_taken_first():
    lots = deque([(Decimal(1), Decimal(10)), (Decimal(2), Decimal(20))])
    assert _take(lots, Decimal(2)) == 30
    assert list(lots) == [(1, 20)]


@pytest.fixture
def user(session):
    return users.create(session, email="ledger@example.org")


@pytest.fixture
def ledger(session, user, now):
    """Writes trades, one an hour, and gives their profit and loss."""

    def ledger(*trades, symbol="BTC/AUD", status="filled", fee="0"):
        recorder = OrderRecorder(session)
        for n, (side, quantity, price) in enumerate(trades):
            at = now - timedelta(hours=len(trades) - n)
            amounts = Decimal(quantity), Decimal(price)
            recorder.record(user.id, side, symbol, *amounts, at=at, status=status, fee=Decimal(fee))
        return ProfitAndLoss(session, user.id)

    return ledger


@pytest.mark.parametrize(
    ("trades", "realised"),
    [
        ([], "0.00"),
        ([("buy", 1, 100)], "0.00"),
        ([("buy", 1, 100), ("sell", 1, 120)], "20.00"),
        ([("buy", 1, 100), ("sell", 1, 90)], "-10.00"),
        ([("buy", 1, 100), ("buy", 1, 200), ("sell", 1, 150)], "50.00"),
        ([("buy", 1, 100), ("buy", 1, 200), ("sell", 2, 150)], "0.00"),
        ([("buy", 2, 100), ("sell", 1, 110), ("sell", 1, 130)], "40.00"),
        ([("buy", 3, "0.333"), ("sell", 3, "0.335")], "0.01"),
    ],
)
def test_realised(ledger, trades, realised):
    assert str(ledger(*trades).realised()) == realised


@pytest.mark.parametrize(
    ("trades", "price", "unrealised"),
    [
        ([("buy", 1, 100)], 130, 30),
        ([("buy", 1, 100), ("buy", 1, 200), ("sell", 1, 150)], 210, 10),
        ([("buy", 1, 100), ("sell", 1, 150)], 500, 0),
    ],
)
def test_unrealised(ledger, trades, price, unrealised):
    assert ledger(*trades).unrealised("BTC/AUD", Decimal(price)) == unrealised


@pytest.mark.parametrize(("fee", "realised"), [("1", "18.00"), ("10", "0.00"), ("0.005", "19.99")])
def test_fees_lower_the_gain(ledger, fee, realised):
    assert str(ledger(("buy", 1, 100), ("sell", 1, 120), fee=fee).realised()) == realised


@pytest.mark.parametrize("status", ["open", "cancelled"])
def test_only_filled_orders_count(ledger, status):
    assert ledger(("buy", 1, 100), ("sell", 1, 120), status=status).realised() == 0


def test_selling_what_was_not_bought_is_an_error(ledger):
    with pytest.raises(ValueError, match="more than was bought"):
        ledger(("buy", 1, 100), ("sell", 2, 120)).realised()


@pytest.mark.parametrize(("hours", "realised"), [(5, 40), (2, 30)])
def test_realised_since(ledger, now, hours, realised):
    trades = ledger(("buy", 2, 100), ("sell", 1, 110), ("sell", 1, 130))
    assert trades.realised(since=now - timedelta(hours=hours) + timedelta(minutes=30)) == realised


def test_symbols_are_kept_apart(ledger):
    ledger(("buy", 1, 100), ("sell", 1, 120))
    both = ledger(("buy", 1, 10), ("sell", 1, 5), symbol="ETH/AUD")
    assert both.by_symbol() == {"BTC/AUD": "20.00", "ETH/AUD": "-5.00"}

from datetime import timedelta
from decimal import Decimal

import pytest

from app.trading.recorder import OrderRecorder


@pytest.fixture
def record(db, trader, now):
    """Records an order of the trader; what is not said is plain."""
    recorder = OrderRecorder(db)

    def record(side="buy", symbol="BTC/AUD", quantity=1, price=100, at=now, **options):
        return recorder.record(trader.id, side, symbol, Decimal(quantity), Decimal(price), at=at, **options)

    record.recorder = recorder
    return record


@pytest.mark.parametrize("side", ["buy", "sell"])
def test_an_order_is_open_at_first(record, side):
    assert (record(side).side, record(side).status) == (side, "open")


@pytest.mark.parametrize("side", ["", "hold", "BUY"])
def test_unknown_sides_are_refused(record, side):
    with pytest.raises(ValueError, match="unknown side"):
        record(side)


@pytest.mark.parametrize(("quantity", "price"), [(0, 100), (-1, 100), (1, 0)])
def test_quantity_and_price_are_positive(record, quantity, price):
    with pytest.raises(ValueError, match="are positive"):
        record(quantity=quantity, price=price)


@pytest.mark.parametrize("status", ["filled", "cancelled", "rejected"])
def test_an_open_order_moves(record, status):
    assert record.recorder.move(record(), status).status == status


@pytest.mark.parametrize(("end", "after"), [("filled", "cancelled"), ("cancelled", "filled"), ("rejected", "open")])
def test_an_ended_order_does_not(record, end, after):
    order = record.recorder.move(record(), end)
    with pytest.raises(ValueError, match=f"is {end} cannot become {after}"):
        record.recorder.move(order, after)


def test_the_history_starts_with_the_newest(record, trader, now):
    older, newer = record(at=now - timedelta(days=1)), record()
    assert record.recorder.history(trader.id) == [newer, older]


def test_the_history_by_status(record, trader):
    record()
    filled = record(status="filled")
    assert record.recorder.history(trader.id, status="filled") == [filled]


def test_the_history_by_symbol(record, trader):
    record()
    ether = record(symbol="ETH/AUD")
    assert record.recorder.history(trader.id, symbol="ETH/AUD") == [ether]


def test_amounts_are_exact(db, record):
    order = record(quantity="0.1", price="0.3")
    db.refresh(order)
    assert order.value == Decimal("0.03")


def test_turnover_counts_filled_orders(record, trader):
    record(quantity=5)
    record(quantity=2, status="filled")
    record("sell", quantity=1, price=150, status="filled")
    assert record.recorder.turnover(trader.id) == 350

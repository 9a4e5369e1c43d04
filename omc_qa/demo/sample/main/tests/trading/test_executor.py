from decimal import Decimal

import pytest

from app.trading.executor import PaperExecutor


@pytest.mark.parametrize(
    ("side", "market", "price"),
    [("buy", 1000, "1000.50"), ("sell", 1000, "999.50"), ("buy", 10, "10.00"), ("sell", 60_000, "59970.00")],
)
def test_the_price_slips_against_the_trader(side, market, price):
    assert PaperExecutor().fill(side, Decimal(1), Decimal(market)).price == Decimal(price)


@pytest.mark.parametrize(("rate", "fee"), [("0", "0.00"), ("0.001", "2.00"), ("0.01", "20.01")])
def test_fees(rate, fee):
    assert PaperExecutor(fee_rate=Decimal(rate)).fill("buy", Decimal(2), Decimal(1000)).fee == Decimal(fee)


def test_nothing_is_not_filled():
    with pytest.raises(ValueError, match="nothing to fill"):
        PaperExecutor().fill("buy", Decimal(0), Decimal(1000))

from datetime import timedelta
from decimal import Decimal

import pytest

from app.trading.recorder import OrderRecorder
from app.trading.safety import SafetyViolation


@pytest.fixture
def trade(db, trader, now):
    """Records a filled trade of the trader."""

    def trade(side, value, at=now, algorithm=None):
        recorder = OrderRecorder(db)
        return recorder.record(
            trader.id, side, "BTC/AUD", Decimal(1), Decimal(value), at=at, status="filled", algorithm=algorithm
        )

    return trade


class TestPositionLimit:
    @pytest.mark.parametrize("value", [1, 1999, 2000])
    def test_within(self, safety, trader, now, value):
        safety.check(trader.id, Decimal(value), now=now)

    @pytest.mark.parametrize("value", ["2000.01", "10000"])
    def test_beyond(self, safety, trader, now, value):
        with pytest.raises(SafetyViolation, match="position limit exceeded"):
            safety.check(trader.id, Decimal(value), now=now)


class TestDailyLoss:
    @pytest.mark.parametrize(("bought", "sold", "loss"), [(500, 400, 100), (500, 500, 0), (500, 700, 0)])
    def test_a_closed_trade(self, safety, trade, trader, now, bought, sold, loss):
        trade("buy", bought)
        trade("sell", sold)
        assert safety.daily_loss(trader.id, now) == loss

    def test_yesterday_does_not_count(self, safety, trade, trader, now):
        trade("buy", 1800, at=now - timedelta(days=1))
        assert safety.daily_loss(trader.id, now) == 0

    def test_beyond(self, safety, trade, trader, now):
        trade("buy", 1900)
        trade("sell", 1300)
        with pytest.raises(SafetyViolation, match="daily loss limit exceeded: 600"):
            safety.check(trader.id, Decimal(10), now=now)


class TestExposure:
    def test_within(self, safety, trade, trader, algorithm, now):
        trade("buy", 1000, algorithm=algorithm)
        safety.check(trader.id, Decimal(900), now=now, algorithm=algorithm)

    def test_beyond(self, safety, trade, trader, algorithm, now):
        trade("buy", 1500, at=now - timedelta(days=1), algorithm=algorithm)
        with pytest.raises(SafetyViolation, match="exposure of 'Momentum' limited to 2000 AUD"):
            safety.check(trader.id, Decimal(600), now=now, algorithm=algorithm)

    def test_selling_frees_it(self, safety, trade, algorithm):
        trade("buy", 1500, algorithm=algorithm)
        trade("sell", 1400, algorithm=algorithm)
        assert safety.exposure(algorithm) == 100


class TestStop:
    def test_nothing_is_traded(self, safety, trader, now):
        safety.stop()
        with pytest.raises(SafetyViolation, match="trading is stopped"):
            safety.check(trader.id, Decimal(1), now=now)

    def test_until_it_is_resumed(self, safety, trader, now):
        safety.stop()
        safety.resume()
        safety.check(trader.id, Decimal(1), now=now)

    def test_a_stop_comes_before_every_other_limit(self, safety, trader, now):
        safety.stop()
        with pytest.raises(SafetyViolation, match="trading is stopped"):
            safety.check(trader.id, Decimal(10_000), now=now)

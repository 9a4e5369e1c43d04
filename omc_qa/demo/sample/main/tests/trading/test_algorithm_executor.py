from decimal import Decimal

import pytest

from app.trading.algorithms import AlgorithmExecutor, Signal
from app.trading.safety import SafetyViolation

PRICE = Decimal(50_000)


@pytest.fixture
def executor(db, safety):
    return AlgorithmExecutor(db, safety)


@pytest.mark.parametrize(("strength", "side"), [("0.2", "buy"), ("1", "buy"), ("-0.2", "sell"), ("-1", "sell")])
def test_a_signal_becomes_an_order(executor, algorithm, now, strength, side):
    order = executor.step(algorithm, Signal(Decimal(strength), PRICE), now=now)
    assert (order.side, order.status, order.algorithm_id) == (side, "filled", algorithm.id)


@pytest.mark.parametrize("strength", ["0", "0.19", "-0.19"])
def test_a_weak_signal_does_not(executor, algorithm, now, strength):
    assert executor.step(algorithm, Signal(Decimal(strength), PRICE), now=now) is None


@pytest.mark.parametrize(("strength", "quantity"), [("1", "0.004"), ("0.5", "0.002")])
def test_a_stronger_signal_trades_more(executor, algorithm, now, strength, quantity):
    assert executor.step(algorithm, Signal(Decimal(strength), PRICE), now=now).quantity == Decimal(quantity)


def test_a_buyer_pays_slip_and_fee(executor, algorithm, now):
    order = executor.step(algorithm, Signal(Decimal(1), PRICE), now=now)
    assert (order.price, order.fee) == (Decimal("50025.00"), Decimal("0.20"))


def test_a_paused_algorithm_does_nothing(executor, algorithm, now):
    executor.pause(algorithm)
    assert executor.step(algorithm, Signal(Decimal(1), PRICE), now=now) is None


def test_a_deployed_algorithm_runs(executor, trader):
    deployed = executor.deploy(trader.id, "Mean reversion", "ETH/AUD")
    assert (deployed.owner_id, deployed.is_running) == (trader.id, True)


def test_a_stop_holds_algorithms_too(executor, safety, algorithm, now):
    safety.stop()
    with pytest.raises(SafetyViolation, match="trading is stopped"):
        executor.step(algorithm, Signal(Decimal(1), PRICE), now=now)

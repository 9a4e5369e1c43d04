"""Indicators over a list of prices, oldest first."""

import math
from collections.abc import Sequence

Prices = Sequence[float]


def sma(prices: Prices, length: int) -> float:
    """The plain average of the last prices."""
    _enough(prices, length)
    return sum(prices[-length:]) / length


def ema(prices: Prices, length: int) -> float:
    """An average in which recent prices weigh more."""
    _enough(prices, length)
    weight, value = 2 / (length + 1), prices[0]
    for price in prices[1:]:
        value += weight * (price - value)
    return value


def rsi(prices: Prices, length: int = 14) -> float:
    """Relative strength, 0 (only falls) to 100 (only rises)."""
    _enough(prices, length + 1)
    changes = [now - before for before, now in zip(prices, prices[1:], strict=False)][-length:]
    gains, losses = sum(c for c in changes if c > 0), -sum(c for c in changes if c < 0)
    if gains == losses == 0:
        return 50.0
    return 100.0 * gains / (gains + losses)


def drawdown(prices: Prices) -> float:
    """The deepest fall from a peak, as a share of the peak."""
    peak, deepest = 0.0, 0.0
    for price in prices:
        peak = max(peak, price)
        deepest = max(deepest, (peak - price) / peak)
    return deepest


def volatility(prices: Prices) -> float:
    """Standard deviation of the relative changes."""
    _enough(prices, 3)
    changes = [now / before - 1 for before, now in zip(prices, prices[1:], strict=False)]
    mean = sum(changes) / len(changes)
    return math.sqrt(sum((change - mean) ** 2 for change in changes) / (len(changes) - 1))


def trend(prices: Prices) -> str:
    change = prices[-1] / prices[0] - 1
    return "flat" if abs(change) < 0.01 else "up" if change > 0 else "down"


def _enough(prices: Prices, needed: int) -> None:
    if needed < 1 or len(prices) < needed:
        raise ValueError(f"{needed} prices are needed, {len(prices)} given")

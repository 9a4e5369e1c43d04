import pytest

from app.agents import indicators

RISING, FALLING = [1.0, 2.0, 3.0, 4.0, 5.0], [5.0, 4.0, 3.0, 2.0, 1.0]
FLAT, WAVE = [2.0, 2.0, 2.0, 2.0, 2.0], [10.0, 12.0, 9.0, 12.0, 10.0]


@pytest.mark.parametrize(
    ("prices", "length", "expected"),
    [(RISING, 1, 5), (RISING, 2, 4.5), (RISING, 5, 3), (FALLING, 2, 1.5), (FLAT, 4, 2), (WAVE, 5, 10.6)],
)
def test_sma(prices, length, expected):
    assert indicators.sma(prices, length) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("prices", "length", "expected"),
    [(FLAT, 3, 2), (RISING, 1, 5), (RISING, 3, 4.0625), (FALLING, 3, 1.9375), (WAVE, 3, 10.5), ([7.0], 1, 7)],
)
def test_ema(prices, length, expected):
    assert indicators.ema(prices, length) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("prices", "expected"), [(RISING, 100), (FALLING, 0), (FLAT, 50), (WAVE, 50), ([10, 13, 12, 13, 12], 200 / 3)]
)
def test_rsi(prices, expected):
    assert indicators.rsi(prices, 4) == pytest.approx(expected)


@pytest.mark.parametrize("length", [1, 2, 3, 4])
def test_rsi_stays_between_its_ends(length):
    assert 0 <= indicators.rsi(WAVE, length) <= 100


@pytest.mark.parametrize(
    ("prices", "expected"), [(RISING, 0), (FALLING, 0.8), (FLAT, 0), (WAVE, 0.25), ([4, 2, 8, 2], 0.75)]
)
def test_drawdown(prices, expected):
    assert indicators.drawdown(prices) == pytest.approx(expected)


@pytest.mark.parametrize(("prices", "expected"), [(FLAT, 0), ([1, 2, 4, 8], 0), ([100, 110, 99], 0.141421)])
def test_volatility(prices, expected):
    assert indicators.volatility(prices) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(
    ("prices", "expected"), [(RISING, "up"), (FALLING, "down"), (FLAT, "flat"), (WAVE, "flat"), ([100, 101.5], "up")]
)
def test_trend(prices, expected):
    assert indicators.trend(prices) == expected


@pytest.mark.parametrize(
    ("call", "prices"),
    [
        (lambda prices: indicators.sma(prices, 6), RISING),
        (lambda prices: indicators.sma(prices, 0), RISING),
        (lambda prices: indicators.ema(prices, 2), [1.0]),
        (lambda prices: indicators.rsi(prices), RISING),
        (lambda prices: indicators.volatility(prices), [1.0, 2.0]),
        (lambda prices: indicators.sma(prices, 1), []),
    ],
    ids=["sma too long", "sma of nothing", "ema too long", "rsi too long", "volatility of two", "no prices"],
)
def test_too_few_prices_are_refused(call, prices):
    with pytest.raises(ValueError, match="prices are needed"):
        call(prices)

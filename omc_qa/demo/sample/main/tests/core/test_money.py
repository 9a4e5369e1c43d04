from decimal import Decimal

import pytest

from app.core.money import parse_amount, quantise, split, unit


@pytest.mark.parametrize(("currency", "smallest"), [("AUD", "0.01"), ("JPY", "1"), ("BTC", "0.00000001")])
def test_unit(currency, smallest):
    assert unit(currency) == Decimal(smallest)


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"),
    [("1.005", "AUD", "1.00"), ("1.015", "AUD", "1.02"), ("2.5", "JPY", "2"), ("3.5", "JPY", "4"),
     ("-1.005", "USD", "-1.00"), ("0.123456785", "BTC", "0.12345678"), ("7", "EUR", "7.00")],
)  # fmt: skip
def test_quantise_rounds_halves_to_even(amount, currency, rounded):
    assert str(quantise(Decimal(amount), currency)) == rounded


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [("12", "AUD", "12.00"), ("$12.5", "AUD", "12.50"), ("1,234.50", "USD", "1234.50"), (" 3 ", "JPY", "3"),
     ("-0.5", "EUR", "-0.50"), ("0.00000001", "BTC", "1E-8")],
)  # fmt: skip
def test_amounts_are_read(text, currency, amount):
    assert parse_amount(text, currency) == Decimal(amount)


@pytest.mark.parametrize(
    ("text", "currency", "reason"),
    [("", "AUD", "is not an amount"), ("ten", "AUD", "is not an amount"), ("Infinity", "AUD", "is not an amount"),
     ("1.005", "AUD", "has more places"), ("0.5", "JPY", "has more places"), ("1", "XYZ", "unknown currency")],
)  # fmt: skip
def test_what_is_no_amount(text, currency, reason):
    with pytest.raises(ValueError, match=reason):
        parse_amount(text, currency)


@pytest.mark.parametrize(
    ("total", "weights", "currency", "shares"),
    [
        ("10", (1, 1), "AUD", ("5", "5")),
        ("10", (1, 1, 1), "AUD", ("3.34", "3.33", "3.33")),
        ("0.05", (1, 1, 1), "AUD", ("0.02", "0.02", "0.01")),
        ("100", (70, 20, 10), "JPY", ("70", "20", "10")),
        ("1", (0, 1), "EUR", ("0", "1")),
        ("1", (3,), "BTC", ("1",)),
    ],
)
def test_a_split_adds_up(total, weights, currency, shares):
    made = split(Decimal(total), weights, currency)
    assert made == [Decimal(share) for share in shares]
    assert sum(made) == Decimal(total)


@pytest.mark.parametrize("weights", [(), (0, 0)])
def test_a_split_needs_weight(weights):
    with pytest.raises(ValueError, match="positive weight"):
        split(Decimal(1), weights, "AUD")

"""Exact amounts: every currency has its number of places, and no cent is lost or made."""

from collections.abc import Sequence
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal, InvalidOperation

PLACES = {"AUD": 2, "USD": 2, "EUR": 2, "JPY": 0, "USDT": 6, "BTC": 8, "ETH": 8}


def unit(currency: str) -> Decimal:
    """The smallest amount of a currency: 0.01 AUD, 1 JPY."""
    try:
        return Decimal(1).scaleb(-PLACES[currency])
    except KeyError:
        raise ValueError(f"unknown currency {currency!r}") from None


def quantise(amount: Decimal, currency: str) -> Decimal:
    return amount.quantize(unit(currency), rounding=ROUND_HALF_EVEN)


def parse_amount(text: str, currency: str) -> Decimal:
    """Read what a person typed: `1,234.50`, `$12`, ` 3 `."""
    try:
        amount = Decimal(text.strip().lstrip("$").replace(",", ""))
    except InvalidOperation:
        raise ValueError(f"{text!r} is not an amount") from None
    if not amount.is_finite():
        raise ValueError(f"{text!r} is not an amount")
    if amount != quantise(amount, currency):
        raise ValueError(f"{text!r} has more places than {currency} has")
    return quantise(amount, currency)


def split(total: Decimal, weights: Sequence[int], currency: str) -> list[Decimal]:
    """Shares of a total that add up to it: the smallest units left over go to the first shares."""
    if not weights or sum(weights) <= 0:
        raise ValueError("a split needs a positive weight")
    smallest = unit(currency)
    shares = [(total * w / sum(weights)).quantize(smallest, rounding=ROUND_DOWN) for w in weights]
    left = int((total - sum(shares)) / smallest)
    return [share + (smallest if n < left else 0) for n, share in enumerate(shares)]

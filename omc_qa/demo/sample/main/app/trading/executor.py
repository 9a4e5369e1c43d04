"""Paper trading: what an order would cost, with the exchange's fee and the price's slip."""

from dataclasses import dataclass
from decimal import Decimal

from app.core.money import quantise


@dataclass(frozen=True)
class Fill:
    price: Decimal
    value: Decimal
    fee: Decimal


class PaperExecutor:
    def __init__(self, *, fee_rate: Decimal = Decimal("0.001"), slip: Decimal = Decimal("0.0005")) -> None:
        self.fee_rate, self.slip = fee_rate, slip

    def fill(self, side: str, quantity: Decimal, market: Decimal) -> Fill:
        """A buyer pays a little more than the market price, a seller gets a little less."""
        if quantity <= 0:
            raise ValueError("nothing to fill")
        price = quantise(market * (1 + self.slip if side == "buy" else 1 - self.slip), "AUD")
        value = quantise(price * quantity, "AUD")
        return Fill(price, value, quantise(value * self.fee_rate, "AUD"))

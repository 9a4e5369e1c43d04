"""A position: what is held and what it cost, by weighted average."""

from dataclasses import dataclass, replace
from decimal import Decimal

ZERO = Decimal(0)


@dataclass(frozen=True)
class Holding:
    quantity: Decimal = ZERO
    cost: Decimal = ZERO

    @property
    def average(self) -> Decimal:
        return self.cost / self.quantity if self.quantity else ZERO

    def buy(self, quantity: Decimal, price: Decimal, fee: Decimal = ZERO) -> "Holding":
        return Holding(self.quantity + quantity, self.cost + quantity * price + fee)

    def sell(self, quantity: Decimal) -> "Holding":
        if quantity > self.quantity:
            raise ValueError(f"cannot sell {quantity}: only {self.quantity} held")
        if quantity == self.quantity:
            return Holding()
        return replace(self, quantity=self.quantity - quantity, cost=self.cost - quantity * self.average)

    def unrealised(self, price: Decimal) -> Decimal:
        return self.quantity * price - self.cost

"""Profit and loss of a user, first bought first sold."""

from collections import deque
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.money import quantise
from app.models import Order


class ProfitAndLoss:
    def __init__(self, session: Session, user_id: int) -> None:
        self.session, self.user_id = session, user_id

    def orders(self, symbol: str | None = None) -> list[Order]:
        """The filled orders, oldest first."""
        query = select(Order).where(Order.user_id == self.user_id, Order.status == "filled")
        if symbol is not None:
            query = query.where(Order.symbol == symbol)
        return list(self.session.scalars(query.order_by(Order.at, Order.id)))

    def realised(self, symbol: str | None = None, since: datetime | None = None) -> Decimal:
        lots: dict[str, deque[tuple[Decimal, Decimal]]] = {}
        total = Decimal(0)
        for order in self.orders(symbol):
            queue = lots.setdefault(order.symbol, deque())
            counts = since is None or order.at >= since
            if order.side == "buy":
                queue.append((order.quantity, order.price + order.fee / order.quantity))
            else:
                gain = order.value - order.fee - _take(queue, order.quantity)
                total += gain if counts else 0
        return quantise(total, "AUD")

    def unrealised(self, symbol: str, price: Decimal) -> Decimal:
        queue: deque[tuple[Decimal, Decimal]] = deque()
        for order in self.orders(symbol):
            if order.side == "buy":
                queue.append((order.quantity, order.price + order.fee / order.quantity))
            else:
                _take(queue, order.quantity)
        return quantise(sum((q * (price - cost) for q, cost in queue), Decimal(0)), "AUD")

    def by_symbol(self) -> dict[str, str]:
        symbols = sorted({order.symbol for order in self.orders()})
        return {symbol: str(self.realised(symbol)) for symbol in symbols}


def _take(lots: deque[tuple[Decimal, Decimal]], quantity: Decimal) -> Decimal:
    """The cost of the oldest lots that make up a quantity; they leave the queue."""
    cost = Decimal(0)
    while quantity > 0:
        if not lots:
            raise ValueError(f"sold {quantity} more than was bought")
        held, price = lots.popleft()
        used = min(held, quantity)
        cost, quantity = cost + used * price, quantity - used
        if held > used:
            lots.appendleft((held - used, price))
    return cost

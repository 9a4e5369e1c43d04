"""Every order that was placed, and what became of it."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Algorithm, Order

TRANSITIONS = {
    "open": {"filled", "cancelled", "rejected"},
    "filled": set(),
    "cancelled": set(),
    "rejected": set(),
}


class OrderRecorder:
    def __init__(self, session: Session) -> None:
        self.session = session

    def record(self, user_id: int, side: str, symbol: str, quantity: Decimal, price: Decimal, *, at: datetime,
               status: str = "open", algorithm: Algorithm | None = None, fee: Decimal = Decimal(0)) -> Order:
        if side not in ("buy", "sell"):
            raise ValueError(f"unknown side {side!r}")
        if quantity <= 0 or price <= 0:
            raise ValueError("quantity and price are positive")
        order = Order(
            user_id=user_id, side=side, symbol=symbol, quantity=quantity, price=price, at=at, status=status,
            fee=fee, algorithm_id=algorithm.id if algorithm else None,
        )
        self.session.add(order)
        self.session.flush()
        return order

    def move(self, order: Order, status: str) -> Order:
        if status not in TRANSITIONS[order.status]:
            raise ValueError(f"an order that is {order.status} cannot become {status}")
        order.status = status
        self.session.flush()
        return order

    def history(self, user_id: int, *, status: str | None = None, symbol: str | None = None) -> list[Order]:
        query = select(Order).where(Order.user_id == user_id)
        if status is not None:
            query = query.where(Order.status == status)
        if symbol is not None:
            query = query.where(Order.symbol == symbol)
        return list(self.session.scalars(query.order_by(Order.at.desc(), Order.id.desc())))

    def turnover(self, user_id: int) -> Decimal:
        return sum((order.value for order in self.history(user_id, status="filled")), Decimal(0))

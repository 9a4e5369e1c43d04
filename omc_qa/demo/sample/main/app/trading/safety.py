"""Limits that every order passes before it is placed."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Algorithm, Order


class SafetyViolation(RuntimeError):
    """The order would break a limit."""


class SafetyManager:
    def __init__(self, session: Session, *, portfolio: Decimal, loss_limit: Decimal = Decimal("0.05"),
                 position_limit: Decimal = Decimal("0.20")) -> None:
        self.session, self.portfolio = session, portfolio
        self.loss_limit, self.position_limit = loss_limit * portfolio, position_limit * portfolio
        self.stopped = False

    def check(self, user_id: int, value: Decimal, *, now: datetime, algorithm: Algorithm | None = None) -> None:
        """Raises SafetyViolation with the first limit that an order of this value would break."""
        if self.stopped:
            raise SafetyViolation("trading is stopped")
        if value > self.position_limit:
            raise SafetyViolation(f"position limit exceeded: {value} of {self.position_limit} AUD")
        loss = self.daily_loss(user_id, now)
        if loss > self.loss_limit:
            raise SafetyViolation(f"daily loss limit exceeded: {loss} of {self.loss_limit} AUD")
        if algorithm is not None and self.exposure(algorithm) + value > algorithm.exposure_limit:
            raise SafetyViolation(f"exposure of {algorithm.name!r} limited to {algorithm.exposure_limit} AUD")

    def daily_loss(self, user_id: int, now: datetime) -> Decimal:
        """What went out since midnight and did not come back."""
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        query = select(Order).where(Order.user_id == user_id, Order.status == "filled", Order.at >= midnight)
        flow = sum((_signed(order) for order in self.session.scalars(query)), Decimal(0))
        return max(flow, Decimal(0))

    def exposure(self, algorithm: Algorithm) -> Decimal:
        query = select(Order).where(Order.algorithm_id == algorithm.id, Order.status != "cancelled")
        return max(sum((_signed(order) for order in self.session.scalars(query)), Decimal(0)), Decimal(0))

    def stop(self) -> None:
        self.stopped = True

    def resume(self) -> None:
        self.stopped = False


def _signed(order: Order) -> Decimal:
    return order.value if order.side == "buy" else -order.value

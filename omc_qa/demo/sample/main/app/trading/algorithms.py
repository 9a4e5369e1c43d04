"""Runs a user's algorithms: signal in, checked and recorded order out."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from app.models import Algorithm, Order
from app.trading.executor import PaperExecutor
from app.trading.recorder import OrderRecorder
from app.trading.safety import SafetyManager


@dataclass(frozen=True)
class Signal:
    """Buy above zero, sell below, by how sure the algorithm is (-1 to 1)."""

    strength: Decimal
    price: Decimal


class AlgorithmExecutor:
    THRESHOLD = Decimal("0.2")
    BUDGET = Decimal(200)

    def __init__(self, session: Session, safety: SafetyManager) -> None:
        self.session, self.safety = session, safety
        self.recorder, self.paper = OrderRecorder(session), PaperExecutor()

    def deploy(self, owner_id: int, name: str, symbol: str) -> Algorithm:
        algorithm = Algorithm(owner_id=owner_id, name=name, symbol=symbol, is_running=True)
        self.session.add(algorithm)
        self.session.flush()
        return algorithm

    def pause(self, algorithm: Algorithm) -> None:
        algorithm.is_running = False
        self.session.flush()

    def step(self, algorithm: Algorithm, signal: Signal, *, now: datetime) -> Order | None:
        """One decision; None when the signal is too weak or the algorithm is paused."""
        if not algorithm.is_running or abs(signal.strength) < self.THRESHOLD:
            return None
        side = "buy" if signal.strength > 0 else "sell"
        quantity = (self.BUDGET * abs(signal.strength) / signal.price).quantize(Decimal("0.00000001"))
        fill = self.paper.fill(side, quantity, signal.price)
        self.safety.check(algorithm.owner_id, fill.value, now=now, algorithm=algorithm)
        return self.recorder.record(
            algorithm.owner_id, side, algorithm.symbol, quantity, fill.price, at=now, status="filled",
            algorithm=algorithm, fee=fill.fee,
        )

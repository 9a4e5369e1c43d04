"""How a collector is doing: its last calls, and what they add up to."""

from collections import deque
from dataclasses import dataclass


@dataclass(frozen=True)
class Call:
    seconds: float
    items: int
    error: str = ""


class CollectorMetrics:
    def __init__(self, window: int = 50) -> None:
        self.calls: deque[Call] = deque(maxlen=window)

    def add(self, seconds: float, items: int = 0, error: str = "") -> None:
        if seconds < 0:
            raise ValueError("a call cannot take less than no time")
        self.calls.append(Call(seconds, items, error))

    @property
    def success_rate(self) -> float:
        return sum(not call.error for call in self.calls) / len(self.calls) if self.calls else 1.0

    @property
    def items(self) -> int:
        return sum(call.items for call in self.calls)

    def percentile(self, percent: int) -> float:
        """The duration that this percentage of the calls stayed within (nearest rank)."""
        if not 0 < percent <= 100:
            raise ValueError(f"{percent} is not a percentage above 0")
        ordered = sorted(call.seconds for call in self.calls)
        return ordered[-(-percent * len(ordered) // 100) - 1] if ordered else 0.0

    def streak(self) -> int:
        """Failures in a row, up to now."""
        failures = 0
        for call in reversed(self.calls):
            if not call.error:
                break
            failures += 1
        return failures

    def health(self) -> str:
        if self.streak() >= 3 or self.success_rate < 0.5:
            return "down"
        return "degraded" if self.success_rate < 0.9 else "healthy"

"""Is the collected data fit to trade on: complete, fresh, and without impossible values?"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import CatalystEvent, NewsSentiment, PriceTick, SocialPost

SOURCES = {
    "prices": (PriceTick, timedelta(minutes=5)),
    "news": (NewsSentiment, timedelta(hours=6)),
    "social": (SocialPost, timedelta(hours=1)),
    "catalysts": (CatalystEvent, timedelta(days=7)),
}


@dataclass(frozen=True)
class SourceQuality:
    rows: int
    age: timedelta | None
    fresh: bool


def gaps(times: list[datetime], step: timedelta) -> list[datetime]:
    """The moments at which a value was due and did not come."""
    missing = []
    for earlier, later in zip(times, times[1:], strict=False):
        due = earlier + step
        while due < later:
            missing.append(due)
            due += step
    return missing


def outliers(prices: list[Decimal], limit: Decimal = Decimal("0.2")) -> list[int]:
    """Positions of the prices that jump from the one before by more than the limit."""
    pairs = list(zip(prices, prices[1:], strict=False))
    return [n for n, (before, now) in enumerate(pairs, start=1) if abs(now - before) > limit * before]


class QualityMonitor:
    def __init__(self, session: Session, now: datetime) -> None:
        self.session, self.now = session, now

    def source(self, name: str) -> SourceQuality:
        model, allowed = SOURCES[name]
        rows, newest = self.session.execute(select(func.count(model.id), func.max(model.at))).one()
        age = None if newest is None else self.now - newest
        return SourceQuality(rows, age, age is not None and age <= allowed)

    def report(self) -> dict[str, SourceQuality]:
        return {name: self.source(name) for name in SOURCES}

    def score(self) -> float:
        """The share of the sources that are fresh."""
        report = self.report()
        return sum(source.fresh for source in report.values()) / len(report)

"""Made-up people and prices for demonstrations: the same seed makes the same ones."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

RISK_PROFILES = ("low", "medium", "high")


@dataclass(frozen=True)
class Profile:
    email: str
    risk_profile: str
    budget: int


def profiles(count: int, seed: int = 1) -> list[Profile]:
    """Every profile draws from its own stream, so that asking for more does not change the first ones."""
    made = []
    for number in range(1, count + 1):
        risk, budget = random.Random(seed), random.Random(seed * 1000 + number)
        made.append(Profile(f"trader{number}@example.org", risk.choice(RISK_PROFILES), budget.randrange(1, 50) * 1000))
    return made


def prices(count: int, *, start: float = 100.0, swing: float = 0.02, seed: int = 1) -> list[float]:
    """A random walk that never reaches zero."""
    stream, walk = random.Random(seed), [start]
    for _ in range(count - 1):
        walk.append(round(walk[-1] * (1 + stream.uniform(-swing, swing)), 4))
    return walk


def times(count: int, *, start: datetime, step: timedelta) -> list[datetime]:
    return [start + n * step for n in range(count)]

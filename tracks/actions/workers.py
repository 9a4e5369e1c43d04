"""What workers tell of themselves, at their start, every few seconds, and when they are stopped."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracks.models import Worker
from tracks.statuses import Tier

FORGET_AFTER = timedelta(days=7)


@dataclass(frozen=True)
class Standing:
    """What a worker is and has."""

    host: str
    slots: int
    tags: Sequence[str]
    tier: Tier | None
    problem: str
    pythons: Sequence[str]
    version: str


def introduce(name: str, standing: Standing, *, now: datetime) -> None:
    """Note a worker that starts; those that have been gone for a week are forgotten."""
    Worker.objects.update_or_create(
        name=name,
        defaults={
            "host": standing.host,
            "slots": standing.slots,
            "tags": sorted(standing.tags),
            "tier": standing.tier or "",
            "problem": standing.problem,
            "pythons": list(standing.pythons),
            "version": standing.version,
            "started_at": now,
            "seen_at": now,
            "left_at": None,
        },
    )
    Worker.objects.filter(seen_at__lt=now - FORGET_AFTER).delete()


def see(name: str, *, now: datetime) -> bool:
    """Note that the worker lives; False where it was never introduced, or has left."""
    return bool(Worker.objects.filter(name=name, left_at=None).update(seen_at=now))


def note_reaping(name: str, *, now: datetime) -> None:
    """Note that the worker has looked after lost runs, to the end."""
    Worker.objects.filter(name=name).update(reaped_at=now)


def dismiss(name: str, *, now: datetime) -> None:
    """Note that the worker was stopped in order."""
    Worker.objects.filter(name=name).update(left_at=now)

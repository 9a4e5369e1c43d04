"""Whether the installation works: for load balancers and monitors, as data.

status   ok        all of it works
         degraded  pages work, but runs do not or will not; ``problems`` says why
         down      the database does not answer
"""

import time
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from kombu.exceptions import OperationalError as BrokerError

from tracks import queries

BROKER_SECONDS = 2


@dataclass(frozen=True, slots=True)
class Health:
    status: str
    problems: list[str]
    database: dict[str, Any]
    broker: dict[str, Any]
    workers: dict[str, int]
    queue: dict[str, Any]
    reaper: dict[str, Any]

    def as_data(self) -> dict[str, Any]:
        """Ages are in seconds, None where there is nothing that has one."""
        return asdict(self)


def examine(*, now: datetime) -> Health:
    broker = _broker()
    try:
        began = time.monotonic()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        database = {"ok": True, "milliseconds": round(1000 * (time.monotonic() - began), 1)}
        load = queries.load(now=now)
    except (DatabaseError, InterfaceError):
        return Health("down", ["The database does not answer."], {"ok": False}, broker, {}, {}, {})
    problems = _problems(load, broker, now)
    return Health(
        status="degraded" if problems else "ok",
        problems=problems,
        database=database,
        broker=broker,
        workers={"alive": load.workers, "slots": load.slots, "busy": load.busy},
        queue={"waiting": load.waiting, "oldest_seconds": _age(load.oldest, now)},
        reaper={"age_seconds": _age(load.reaped_at, now)},
    )


def _problems(load: queries.Load, broker: dict[str, Any], now: datetime) -> list[str]:
    found = []
    if not broker["ok"]:
        found.append("The broker does not answer: runs start when it is back.")
    if not load.workers:
        found.append("No worker is alive: runs wait in the queue.")
    elif load.reaped_at is None or now - load.reaped_at > timedelta(seconds=6 * settings.REAPER_SECONDS):
        found.append("The reaper has not finished for too long: lost runs stay where they are.")
    if load.workers:
        lacking = (", ".join(needs) for needs in load.unserved)
        found += [f"A run waits, and no worker has the tags that it needs: {tags}." for tags in lacking]
    return found


def _broker() -> dict[str, Any]:
    try:
        with current_app.connection_for_read() as broker:
            broker.ensure_connection(max_retries=1, interval_start=0, timeout=BROKER_SECONDS)
    except (BrokerError, OSError):
        return {"ok": False}
    return {"ok": True}


def _age(then: datetime | None, now: datetime) -> float | None:
    return None if then is None else round((now - then).total_seconds(), 1)

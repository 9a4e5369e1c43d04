"""When to ask again: waits that double, and which answers are worth another try."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")
RETRIED = {408, 425, 429, 500, 502, 503, 504}


class SourceError(RuntimeError):
    def __init__(self, status: int) -> None:
        super().__init__(f"the source answered {status}")
        self.status = status


def delay(attempt: int, *, first: float = 0.5, longest: float = 30.0) -> float:
    """Seconds to wait after the n-th failed attempt (the first is 1)."""
    if attempt < 1:
        raise ValueError("attempts are counted from 1")
    return float(min(first * 2 ** (attempt - 1), longest))


async def retry(fetch: Callable[[], Awaitable[T]], *, attempts: int = 3, first: float = 0.0) -> T:
    for attempt in range(1, attempts + 1):
        try:
            return await fetch()
        except SourceError as error:
            if error.status not in RETRIED or attempt == attempts:
                raise
            await asyncio.sleep(delay(attempt, first=first))
    raise ValueError("at least one attempt is needed")

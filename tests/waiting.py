"""Tests wait for what is to come to pass, never for a time."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def wait_for(condition: Callable[[], T], seconds: float = 60, *, every: float = 0.1) -> T:
    """What the condition said when it first held; fails where it does not in time."""
    until = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < until, "it did not come to pass in time"
        time.sleep(every)
    return value

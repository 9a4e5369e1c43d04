"""Locks between processes, as files: they end with the process that holds them.

waiting(path)  yields a Heartbeat every 0.2 s until the lock is ours, returns it
holding(path)  the same as a ``with`` block, for callers outside a run
free(path)     the lock if nobody has it, else None

A ``shared`` lock can be held by many, and keeps those out who want it alone.
"""

import fcntl
import os
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from tracks.events import Heartbeat

STEP_SECONDS = 0.2

T = TypeVar("T")


class FileLock:
    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def release(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def free(path: Path, *, shared: bool = False) -> FileLock | None:
    # Close-on-exec (Python's default) keeps the lock from living on in a command that we start.
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return FileLock(descriptor)


def waiting(path: Path, *, shared: bool = False) -> Generator[Heartbeat, None, FileLock]:
    while (lock := free(path, shared=shared)) is None:
        yield Heartbeat()
        time.sleep(STEP_SECONDS)
    return lock


@contextmanager
def holding(path: Path) -> Iterator[None]:
    lock = exhaust(waiting(path))
    try:
        yield
    finally:
        lock.release()


def exhaust(steps: Generator[object, None, T]) -> T:
    """Run a generator to its end, for callers that need no heartbeats."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result: T = end.value
            return result

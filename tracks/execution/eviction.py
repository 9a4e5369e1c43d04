"""Environments and download caches, kept within a size: what was used longest ago goes first.

environments/<key>/          caches/<key>/
environments/<key>.size      caches/<key>.size     its bytes, measured when it was built or filled;
                                                   last touched when it was last used
environments/<key>.use       caches/<key>.use      a shared lock of everybody who uses it
"""

import os
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

from tracks.events import Heartbeat
from tracks.execution import locks, usage
from tracks.execution.spec import Places
from tracks.execution.workspace import remove


@dataclass(frozen=True, slots=True)
class Entry:
    folder: Path
    size: int
    used: float


def using(folder: Path) -> Generator[Heartbeat, None, locks.FileLock]:
    """Keep a folder from being removed until the lock is released; waits while it is being removed."""
    lock = yield from locks.waiting(_beside(folder, "use"), shared=True)
    if (size := _beside(folder, "size")).exists():
        os.utime(size)
    return lock


def measure(folder: Path) -> Generator[Heartbeat, None, None]:
    """Note what a folder takes on the disk: once it is built or filled, not at each use."""
    found = yield from usage.size(folder)
    _beside(folder, "size").write_text(str(found), encoding="ascii")


def evict(places: Places, limit: int) -> list[Path]:
    """Remove what nobody uses now until all take at most ``limit`` bytes together; returns what went."""
    entries = sorted(_entries(places), key=lambda entry: entry.used)
    total = sum(entry.size for entry in entries)
    gone = []
    for entry in entries:
        if total <= limit:
            break
        if _removed(entry.folder):
            total -= entry.size
            gone.append(entry.folder)
    return gone


def _entries(places: Places) -> Iterator[Entry]:
    for root in (places.environments, places.caches):
        for size in root.glob("*.size"):
            try:
                yield Entry(size.with_suffix(""), int(size.read_text(encoding="ascii")), size.stat().st_mtime)
            except (FileNotFoundError, ValueError):
                continue  # another worker removes it, or is writing it


def _removed(folder: Path) -> bool:
    lock = locks.free(_beside(folder, "use"))
    if lock is None:
        return False
    try:
        remove(folder)
        _beside(folder, "size").unlink(missing_ok=True)
    finally:
        lock.release()
    return True


def _beside(folder: Path, kind: str) -> Path:
    return folder.with_name(f"{folder.name}.{kind}")

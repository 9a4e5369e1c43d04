"""Environments, download caches and submodules' mirrors, kept within a size: the longest unused goes first.

environments/<key>/          caches/<key>/         and submodules/<key>.git/ in the same way
environments/<key>.size      caches/<key>.size     its bytes; missing where they may have changed since
environments/<key>.use       caches/<key>.use      a shared lock of everybody who uses it, last touched
                                                   when it was last used

What a killed worker was building, and what a failing set-up has downloaded, has no size: it is measured
and counted like all the rest.
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
    os.utime(_beside(folder, "use"))
    return lock


def measure(folder: Path) -> Generator[Heartbeat, None, None]:
    """Note what a folder takes on the disk: once it is built or filled, not at each use."""
    found = yield from usage.size(folder)
    if folder.exists():
        _beside(folder, "size").write_text(str(found), encoding="ascii")


def forget(folder: Path) -> None:
    """What was measured of it holds no more."""
    _beside(folder, "size").unlink(missing_ok=True)


def evict(places: Places, limit: int) -> Generator[Heartbeat, None, list[Path]]:
    """Remove what nobody uses now until all take at most ``limit`` bytes together; returns what went."""
    roots = (places.environments, places.caches, places.submodules)
    folders = [path for root in roots for path in root.iterdir()]
    for folder in folders:
        if folder.is_dir() and not _beside(folder, "size").exists():
            yield from measure(folder)
    entries = sorted(_entries(folders), key=lambda entry: entry.used)
    total = sum(entry.size for entry in entries)
    gone = []
    for entry in entries:
        if total <= limit:
            break
        if _removed(entry.folder):
            total -= entry.size
            gone.append(entry.folder)
    return gone


def _entries(folders: list[Path]) -> Iterator[Entry]:
    for folder in folders:
        size, use = _beside(folder, "size"), _beside(folder, "use")
        try:
            used = use.stat().st_mtime if use.exists() else 0.0
            yield Entry(folder, int(size.read_text(encoding="ascii")), used)
        except (FileNotFoundError, ValueError):
            continue  # no folder, or another worker removes it, or is writing of it


def _removed(folder: Path) -> bool:
    lock = locks.free(_beside(folder, "use"))
    if lock is None:
        return False
    try:
        remove(folder)
        forget(folder)
    finally:
        lock.release()
    return True


def _beside(folder: Path, kind: str) -> Path:
    return folder.with_name(f"{folder.name}.{kind}")

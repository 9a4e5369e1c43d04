"""What processes and folders take of this machine, measured from outside of any jail.

    memory(pids, enough)   bytes of physical memory that these processes hold together
    tasks(pids, enough)    how many threads they have together
    Disk(folders)          bytes that the folders hold, as ``du`` found them last
    size(*folders)         the same, waited for

Both look at what a job could have made: a process that has ended, or a tree of any depth and shape,
is no matter, and links are never followed.
"""

import os
import subprocess
import time
from collections.abc import Collection, Generator, Sequence
from contextlib import closing, suppress
from pathlib import Path

from tracks.events import Heartbeat

PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
STEP_SECONDS = 0.05
DISK_SECONDS = 1.0
DISK_SHARE = 50
"""``du`` takes one part in so many of a processor's time."""


def memory(pids: Collection[int], enough: int) -> int:
    """Exact only where it is more than ``enough``.

    Resident sizes count what processes share once for each of them: their sum can only be too high.
    So the proportional ones, for which the kernel walks through page tables, are asked for only where
    that sum is too much.
    """
    resident = {pid: _resident(pid) for pid in pids}
    if sum(resident.values()) <= enough:
        return sum(resident.values())
    return sum(_proportional(pid, size) for pid, size in resident.items())


def tasks(pids: Collection[int], enough: int) -> int:
    """How many threads these processes have; counted only as long as there may not be ``enough``."""
    found = len(pids)
    for pid in pids if found < enough else ():
        with suppress(OSError):
            found += Path(f"/proc/{pid}/task").stat().st_nlink - 3
    return found


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_bytes().split()[1]) * PAGE_BYTES
    except (OSError, IndexError):
        return 0


def _proportional(pid: int, resident: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_bytes().splitlines()
    except OSError:
        return resident
    sizes = (int(line.split()[1]) for line in lines if line.startswith(b"Pss:"))
    return next(sizes, 0) * 1024


class Disk:
    """Measures now and then, in a process of its own: a large tree must not hold up the run."""

    def __init__(self, folders: Sequence[Path], already: int = 0) -> None:
        """``already`` is what they hold that does not count, in bytes."""
        self._folders = folders
        self._already = already
        self._measuring: subprocess.Popen[bytes] | None = None
        self._next = 0.0
        self._bytes = 0
        self.measured = False
        """At least once."""

    def held(self) -> int:
        """What was found last; 0 before anything was."""
        now = time.monotonic()
        if self._measuring:
            self._look(self._measuring, now)
        elif now >= self._next:
            self._measuring = subprocess.Popen(
                ("du", "-sk", "--", *map(str, self._folders)),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        return self._bytes

    def close(self) -> None:
        if self._measuring:
            self._measuring.kill()
            self._measuring.communicate()

    def _look(self, measuring: "subprocess.Popen[bytes]", now: float) -> None:
        pid, status, used = os.wait4(measuring.pid, os.WNOHANG)
        if not pid:
            return
        measuring.returncode = status
        said, _ = measuring.communicate()
        sizes = [line.split()[0] for line in said.splitlines() if line.strip()]
        held = sum(int(size) for size in sizes if size.isdigit()) * 1024
        self._bytes = max(0, held - self._already)
        self.measured = True
        self._measuring = None
        self._next = now + max(DISK_SECONDS, DISK_SHARE * (used.ru_utime + used.ru_stime))


def size(*folders: Path) -> Generator[Heartbeat, None, int]:
    """What folders take on the disk, in bytes; others may make and remove files in them meanwhile."""
    with closing(Disk(folders)) as disk:
        while not disk.measured:
            yield Heartbeat()
            time.sleep(STEP_SECONDS)
            disk.held()
        return disk.held()

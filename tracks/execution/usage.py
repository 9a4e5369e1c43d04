"""What processes and folders take of this machine, measured from outside of any jail.

    memory(pids, enough)   bytes of physical memory that these processes hold together
    tasks(pids, enough)    how many threads they have together
    Disk(folders)          bytes that the folders hold, as ``du`` found them last
    FullFiles(folders, …)  whether a file in them has reached the limit of its size
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
"""``du`` and ``find`` each take one part in so many of a processor's time."""


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


class Repeated:
    """A command that is run now and then, beside the run: a large tree must not hold it up."""

    def __init__(self) -> None:
        self._running: subprocess.Popen[bytes] | None = None
        self._next = 0.0
        self.ended = False
        """At least once."""

    def argv(self) -> Sequence[str]:
        raise NotImplementedError

    def take(self, said: bytes) -> None:
        """What the command has printed."""
        raise NotImplementedError

    def look(self) -> None:
        """Start it if it is time, take what it has found if it has ended."""
        now = time.monotonic()
        if self._running:
            self._reap(self._running, now)
        elif now >= self._next:
            self._running = subprocess.Popen(
                self.argv(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )

    def close(self) -> None:
        if self._running:
            self._running.kill()
            self._running.communicate()

    def _reap(self, running: "subprocess.Popen[bytes]", now: float) -> None:
        pid, status, used = os.wait4(running.pid, os.WNOHANG)
        if not pid:
            return
        running.returncode = status
        self.take(running.communicate()[0])
        self.ended = True
        self._running = None
        self._next = now + max(DISK_SECONDS, DISK_SHARE * (used.ru_utime + used.ru_stime))


class Disk(Repeated):
    def __init__(self, folders: Sequence[Path], already: int = 0) -> None:
        """``already`` is what they hold that does not count, in bytes."""
        super().__init__()
        self._folders = folders
        self._already = already
        self._bytes = 0

    def held(self) -> int:
        """What was found last; 0 before anything was."""
        self.look()
        return self._bytes

    def argv(self) -> Sequence[str]:
        return ("du", "-sk", "--", *map(str, self._folders))

    def take(self, said: bytes) -> None:
        sizes = [line.split()[0] for line in said.splitlines() if line.strip()]
        held = sum(int(size) for size in sizes if size.isdigit()) * 1024
        self._bytes = max(0, held - self._already)


class FullFiles(Repeated):
    """Files as large as the kernel lets them become, written since this was made.

    Python ignores the signal of that limit: its programs only see that a write fails, and most go on."""

    def __init__(self, folders: Sequence[Path], limit: int) -> None:
        super().__init__()
        self._folders = folders
        self._limit = limit
        self._since = time.time()
        self._any = False

    def found(self) -> bool:
        """Whether there was one when somebody last looked."""
        self.look()
        return self._any

    def argv(self) -> Sequence[str]:
        full = ("-type", "f", "-size", f"+{self._limit - 1}c", "-newermt", f"@{self._since}")
        return ("find", *map(str, self._folders), *full, "-printf", "1", "-quit")

    def take(self, said: bytes) -> None:
        self._any = bool(said)


def size(*folders: Path) -> Generator[Heartbeat, None, int]:
    """What folders take on the disk, in bytes; others may make and remove files in them meanwhile."""
    with closing(Disk(folders)) as disk:
        while not disk.ended:
            yield Heartbeat()
            time.sleep(STEP_SECONDS)
            disk.held()
        return disk.held()

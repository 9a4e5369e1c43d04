"""The limits of one command: each that strikes says which it was, and in which test.

    wall clock      the limit of 3600 s for test was reached in a.py::test_it
    one test        a.py::test_it ran for more than 600 s
    silence         no output for 600 s in a.py::test_it
    memory          more than 8 GiB of memory in a.py::test_it          of all processes together
    processes       more than 512 processes in a.py::test_it            threads count, too
    file size       a file of more than 1 GiB in a.py::test_it          workspace, home
    disk            more than 10 GiB on the disk in a.py::test_it       workspace, home, services, and
                                                                        what a set-up adds elsewhere
    output          more than 1 GiB of output in a.py::test_it

Measured from outside, every half second or so: it works with and without a sandbox, and asks for no
control groups. What grows faster is held back by the kernel's own limits, see ``Jail.rlimits``.
"""

import time
from collections.abc import Iterator

from tracks.execution import keeper, usage
from tracks.execution.processes import Deadline
from tracks.execution.progress import Progress
from tracks.execution.spec import Limits
from tracks.execution.usage import Disk, FullFiles

STEP_SECONDS = 0.5
SHARE = 50
"""Measuring takes one part in so many of a processor's time."""
UNITS = ((1024**3, "GiB"), (1024**2, "MiB"), (1024, "KiB"))


class LimitsWatch:
    """Of a set-up, a command before or after. ``top`` is the process below which all others are."""

    def __init__(
        self, deadline: Deadline, limits: Limits, top: int, disk: Disk, full_files: FullFiles
    ) -> None:
        self._deadline = deadline
        self._limits = limits
        self._top = top
        self._disk = disk
        self._full_files = full_files
        self._printed = 0
        self._next = 0.0

    def heard(self, size: int) -> None:
        self._printed += size

    def verdict(self) -> str:
        """The first limit that has been passed, or ""."""
        if verdict := self._deadline.verdict():
            return verdict + self._where()
        now = time.monotonic()
        if now < self._next:
            return ""
        began = time.thread_time()
        verdict = next(self._passed(now), "")
        # Not by the clock on the wall: where a job takes all processors, it is most needed.
        self._next = now + max(STEP_SECONDS, SHARE * (time.thread_time() - began))
        return verdict

    def _passed(self, now: float) -> Iterator[str]:
        limits = self._limits
        pids = keeper.below(self._top, set())
        if usage.memory(pids, limits.memory_bytes) > limits.memory_bytes:
            yield f"more than {readable(limits.memory_bytes)} of memory{self._where()}"
        if usage.tasks(pids, limits.processes) > limits.processes:
            yield f"more than {limits.processes} processes{self._where()}"
        if self._disk.held() > limits.disk_bytes:
            yield f"more than {readable(limits.disk_bytes)} on the disk{self._where()}"
        if self._full_files.found():
            yield f"a file of more than {readable(limits.file_bytes)}{self._where()}"
        if self._printed > limits.output_bytes:
            yield f"more than {readable(limits.output_bytes)} of output{self._where()}"

    def _where(self) -> str:
        return ""


class TestsWatch(LimitsWatch):
    """Of the test command: knows which tests run, and expects to hear of them."""

    __test__ = False

    def __init__(
        self,
        deadline: Deadline,
        limits: Limits,
        top: int,
        disk: Disk,
        full_files: FullFiles,
        progress: Progress,
    ) -> None:
        super().__init__(deadline, limits, top, disk, full_files)
        self._progress = progress
        self._lively = time.monotonic()

    def heard(self, size: int) -> None:
        super().heard(size)
        self._lively = time.monotonic()

    def _passed(self, now: float) -> Iterator[str]:
        if self._progress.look(now):
            self._lively = now
        test, seconds = self._progress.longest(now)
        if seconds > self._limits.one_test_seconds:
            yield f"{test} ran for more than {self._limits.one_test_seconds:g} s"
        if now - self._lively > self._limits.silent_seconds:
            yield f"no output for {self._limits.silent_seconds:g} s{self._where()}"
        yield from super()._passed(now)

    def _where(self) -> str:
        return self._progress.where()


def readable(size: int) -> str:
    """Bytes for a person: "8 GiB"."""
    for unit, name in UNITS:
        if size >= unit:
            return f"{size / unit:.4g} {name}"
    return f"{size} bytes"

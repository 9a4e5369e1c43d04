"""Processor time of this process and all below it, the servers that it has started among them.

/proc/<pid>/stat   utime stime            of each living process
                   cutime cstime          of those below it that have ended and were waited for
"""

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PARENT, UTIME, CSTIME = 1, 11, 14
"""Places in ``stat`` behind the process's name."""


def seconds(top: int | None = None) -> float:
    """Of ``top`` (else of this process) and its descendants, since each began. In steps of a tick (10 ms)."""
    times, children = _all()
    total, waiting = 0.0, [top or os.getpid()]
    while waiting:
        pid = waiting.pop()
        total += times.get(pid, 0.0)
        waiting.extend(children.get(pid, ()))
    return total


def _all() -> tuple[dict[int, float], dict[int, list[int]]]:
    """The seconds of every living process, and the processes below it."""
    times: dict[int, float] = {}
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has ended
        pid = int(folder.name)
        times[pid] = sum(map(int, fields[UTIME : CSTIME + 1])) / TICKS
        children.setdefault(int(fields[PARENT]), []).append(pid)
    return times, children


def child(word: str) -> int:
    """The process directly below this one whose command line has ``word`` in it."""
    found = _all()[1].get(os.getpid(), [])
    return next(pid for pid in found if word in Path(f"/proc/{pid}/cmdline").read_text())

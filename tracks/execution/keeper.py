"""Runs one command without a sandbox and lets nothing of it live on. A script, not a module.

    worker ── SIGTERM ──> keeper ──> /bin/sh -c LINE ──> pytest ──> (daemonised, setsid'ed …)
              or dies        └── all of these are its descendants, whatever they do

On Linux the keeper is the subreaper of the command: a process that double-forks becomes the
keeper's own child, so that "everything below me" is what the command started and nothing else.
It would not do to make the worker itself the subreaper: it could not tell one run's orphans from
another's. When the command ends, when the worker asks or when the worker dies, the keeper kills
what is left and ends as the command did. Elsewhere only the process group is killed.

    python -I -S keeper.py MEMORY_BYTES FILE_BYTES COMMAND…
"""

import contextlib
import ctypes
import os
import resource
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
KILL_SECONDS = 10.0


class Stop(Exception):
    """The worker wants the command to end, or has died."""


def stop(number: int, frame: FrameType | None) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise Stop


def descendants() -> set[int]:
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        with contextlib.suppress(OSError, ValueError, IndexError):
            # "pid (name) state ppid": the name may itself hold brackets and spaces.
            fields = (entry / "stat").read_bytes().rpartition(b")")[2].split()
            parents[int(entry.name)] = int(fields[1])
    found = {os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {os.getpid()}


def reap() -> None:
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def kill_all(group: int) -> None:
    deadline = time.monotonic() + KILL_SECONDS
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)
    while sys.platform == "linux" and time.monotonic() < deadline:
        reap()
        left = descendants()
        if not left:
            return
        for pid in left:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.01)


def limit(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    with contextlib.suppress(ValueError, OSError):  # macOS refuses RLIMIT_AS
        resource.setrlimit(kind, (value, value))


def start(memory: int, file_size: int, command: Sequence[str]) -> int:
    pid = os.fork()
    if pid:
        return pid
    try:
        os.setpgid(0, 0)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        # No RLIMIT_NPROC: without a user namespace it counts every process of the user.
        limit(resource.RLIMIT_AS, memory)
        limit(resource.RLIMIT_FSIZE, file_size)
        limit(resource.RLIMIT_CORE, 0)
        os.execvp(command[0], list(command))  # noqa: S606
    except OSError as error:
        os.write(2, f"{command[0]}: {error.strerror}\n".encode())
    finally:
        os._exit(127)


def end_as(status: int) -> None:
    """Exit as the command did: with its code, or by its signal."""
    if os.WIFSIGNALED(status):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        number = os.WTERMSIG(status)
        with contextlib.suppress(OSError, ValueError):
            signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
    os._exit(os.waitstatus_to_exitcode(status))


def main() -> None:
    parent = os.getppid()
    signal.signal(signal.SIGTERM, stop)
    if sys.platform == "linux":
        libc = ctypes.CDLL(None)
        libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:
        return
    group = start(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
    status = signal.SIGKILL.value
    try:
        while True:
            ended, status = os.waitpid(-1, 0)
            if ended == group:
                break
    except Stop:
        status = signal.SIGKILL.value
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    kill_all(group)
    end_as(status)


if __name__ == "__main__":
    main()

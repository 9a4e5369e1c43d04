"""Starts, reaps and kills the commands of one run. A script, not a module: standard library only.

    worker ══ control: a socket, our standard input ══ keeper ──> command ──> whatever it starts
      │
      ├─> {"argv": […], "env": {…}, "cwd": "/w", "limits": {"AS": 1073741824, …}, "lives_on": true}
      │                         start this; unless it lives on, what it leaves running is killed at its end
      ├─> {"kill": true}        kill the command and what has come of it, not what was there before it
      └─> end of file           kill everything: the run is over, or the worker has died

    keeper ─> {"ready": true}, then {"status": wait status} for each command

In a sandbox the keeper is the first process of the run's pid namespace: orphans become its children,
nothing inside can kill it, and the kernel ends all others with it. It makes itself undumpable, so
that the commands, which are the same user, can neither trace it nor look at its descriptors.

Without a sandbox it is the subreaper of its commands, which on Linux gives it the orphans too:
"everything below me" is what the run has started and nothing else. Elsewhere only the process group
of a command is killed.

Every run waits for it to start: it imports little.

    python -I -S keeper.py
"""

import contextlib
import ctypes
import json
import os
import resource
import select
import signal
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

PR_SET_DUMPABLE = 4
PR_SET_CHILD_SUBREAPER = 36
READ_BYTES = 65536
GENTLE_SECONDS = 1.0
KILL_SECONDS = 10.0
FIRST = 1


class Keeper:
    def __init__(self, control: int) -> None:
        self._control = control
        self._woken = _wakened_by_children()
        self._rest = b""
        self._command = 0
        self._lives_on = True
        self._status: int | None = None
        """Of a command that has ended, until it is told."""
        self._spared: set[int] = set()
        """What ran before the command did: it outlives the command."""

    def serve(self) -> None:
        """Do what is asked until the worker closes the control."""
        self._tell(ready=True)
        while True:
            readable, _, _ = select.select([self._control, self._woken], [], [])
            if self._woken in readable:
                os.read(self._woken, READ_BYTES)
            self._reap()
            if self._control in readable:
                chunk = self._heard()
                if not chunk:
                    return
                for request in self._requests(chunk):
                    self._do(request)
            self._tell_end()

    def end(self) -> None:
        """Kill all that is left; of a namespace's first process the kernel does so itself, at once."""
        if os.getpid() != FIRST:
            self._spared = set()
            self._kill()

    def _heard(self) -> bytes:
        try:
            return os.read(self._control, READ_BYTES)
        except ConnectionResetError:  # closed before all that we said was read
            return b""

    def _requests(self, chunk: bytes) -> "Iterator[dict[str, Any]]":
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        yield from map(json.loads, lines)

    def _do(self, request: "dict[str, Any]") -> None:
        if "argv" in request:
            self._spared = below(os.getpid(), set())
            self._lives_on = request["lives_on"]
            self._command = start(request)
        elif self._command:
            self._kill()

    def _kill(self) -> None:
        began = time.monotonic()
        group = self._command
        while (passed := time.monotonic() - began) < KILL_SECONDS:
            if passed > GENTLE_SECONDS and os.getpid() == FIRST:
                # They multiply faster than they can be counted. This gets all at once, the spared too.
                send(-1)
            elif group:
                send(-group)
            self._reap()
            left = below(os.getpid(), self._spared)
            if not left and not self._command:
                return
            for pid in left:
                send(pid)
            time.sleep(0.005)

    def _reap(self) -> None:
        with contextlib.suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                if ended[0] == self._command:
                    self._command, self._status = 0, ended[1]

    def _tell_end(self) -> None:
        if self._status is not None:
            if not self._lives_on:
                self._kill()
            self._tell(status=self._status)
            self._status = None

    def _tell(self, **message: "Any") -> None:
        with contextlib.suppress(BrokenPipeError):  # the worker has died: the next read says so
            os.write(self._control, json.dumps(message).encode() + b"\n")


def _wakened_by_children() -> int:
    """What becomes readable when a child ends."""
    woken, waker = os.pipe()
    os.set_blocking(waker, False)
    signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda number, frame: None)
    return woken


def below(top: int, spared: set[int]) -> set[int]:
    """The descendants of a process, but for the spared and theirs."""
    children: dict[int, list[int]] = {}
    for entry in os.scandir("/proc") if sys.platform == "linux" else ():
        if entry.name.isdigit():
            with contextlib.suppress(OSError, ValueError, IndexError):
                # "pid (name) state ppid": the name may itself hold brackets and spaces.
                with open(f"/proc/{entry.name}/stat", "rb") as stat:  # noqa: PTH123
                    fields = stat.read().rpartition(b")")[2].split()
                children.setdefault(int(fields[1]), []).append(int(entry.name))
    found: set[int] = set()
    ahead = [top]
    while ahead:
        new = [pid for pid in children.get(ahead.pop(), ()) if pid not in spared]
        found.update(new)
        ahead += new
    return found


def send(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, signal.SIGKILL)


def start(request: "dict[str, Any]") -> int:
    pid = os.fork()
    if pid:
        return pid
    try:
        os.setpgid(0, 0)
        for number in (signal.SIGPIPE, signal.SIGXFSZ):  # Python ignores them, and exec keeps that
            signal.signal(number, signal.SIG_DFL)
        for name, value in request["limits"].items():
            limit(getattr(resource, f"RLIMIT_{name}"), value)
        first_to_go()
        os.chdir(request["cwd"])
        os.execvpe(request["argv"][0], request["argv"], request["env"])  # noqa: S606
    except OSError as error:
        os.write(2, f"{request['argv'][0]}: {error.strerror}\n".encode())
    finally:
        os._exit(127)


def limit(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    with contextlib.suppress(ValueError, OSError):  # macOS refuses RLIMIT_AS
        resource.setrlimit(kind, (value, value))


def first_to_go() -> None:
    """When this machine runs out of memory, the kernel is to take the tests and not the worker."""
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w", encoding="ascii") as score:  # noqa: PTH123
        score.write("1000")


def take_control() -> int:
    """Our standard input, out of the reach of the commands, which get an empty one."""
    control = os.dup(0)
    empty = os.open(os.devnull, os.O_RDONLY)
    os.dup2(empty, 0)
    os.close(empty)
    return control


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if sys.platform == "linux":
        libc = ctypes.CDLL(None)
        libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
        libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    keeper = Keeper(take_control())
    try:
        keeper.serve()
    finally:
        keeper.end()


if __name__ == "__main__":
    main()

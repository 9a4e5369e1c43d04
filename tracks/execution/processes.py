"""A command while it runs, as an iterator: its output as it comes, a heartbeat, its end.

    for event in stream(command, watch=…, log=…):   Log | Heartbeat …
    -> Ended(exit_code, seconds, stopped)            the generator's return value

    follow(running, watch, log)   the same for whatever can be followed: see ``Running``

Output is read until the *process* ends, not until end of file: a daemon that it leaves behind
holds the pipe open for ever. ``stream`` is for programs that we trust (git), on this machine;
what a branch brings is run in a jail, see ``session``.
"""

import codecs
import contextlib
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from tracks.events import Heartbeat, Log

HEARTBEAT_SECONDS = 0.4
STEP_SECONDS = 0.1
TRICKLE_SECONDS = 0.02
"""pytest prints a dot a test: waiting makes one event of many, and leaves the processor to it."""
READ_BYTES = 65536
PIPE_BYTES = 1024**2
"""As much as a pipe can hold: what a command has printed is no further behind its end."""
LOG_BYTES = 16 * 1024**2
TAIL_CHARACTERS = 16384


@dataclass(frozen=True, slots=True)
class Command:
    argv: tuple[str, ...]
    env: dict[str, str] = field(repr=False)
    cwd: Path = Path("/")


@dataclass(frozen=True, slots=True)
class Ended:
    exit_code: int
    """Negative: the number of the signal that killed it."""
    seconds: float
    stopped: str = ""


class LogBook:
    """What a run's commands printed: bounded for storage, and the end of it for error messages."""

    def __init__(self, limit: int = LOG_BYTES) -> None:
        self._left = limit
        self._limit = limit
        self._cut = False
        self._tail = ""

    def take(self, text: str) -> str:
        """``text`` as far as the run's log still has room for it, fit to be stored."""
        text = text.replace("\0", "\N{REPLACEMENT CHARACTER}")  # the only one that PostgreSQL refuses
        tail = self._tail + text
        self._tail = f"…{tail[-TAIL_CHARACTERS:]}" if len(tail) > TAIL_CHARACTERS else tail
        if self._cut:
            return ""
        size = len(text.encode("utf-8", "replace"))
        if size <= self._left:
            self._left -= size
            return text
        kept = text.encode("utf-8", "replace")[: self._left].decode("utf-8", "ignore")
        self._cut = True
        return f"{kept}\n[the log is cut here: it passed {self._limit // 1024**2} MiB]\n"

    def last_lines(self, count: int = 40) -> str:
        return "\n".join(self._tail.strip().splitlines()[-count:])

    def clear_tail(self) -> None:
        """A new command begins: its error message must not quote the one before."""
        self._tail = ""


class Running(Protocol):
    """A command that has been started; ``pipe`` gives its output and never blocks."""

    @property
    def pipe(self) -> int: ...

    @property
    def signs(self) -> tuple[int, ...]:
        """Descriptors beside the pipe that become readable when the command ends."""

    def exit_code(self) -> int | None:
        """None while it runs."""


class Watch(Protocol):
    """Says when a command has to be stopped."""

    def heard(self, size: int) -> None:
        """The command has printed so many bytes."""

    def verdict(self) -> str:
        """Why it has to be stopped now, or ""."""


class Deadline:
    def __init__(self, seconds: float, name: str) -> None:
        """``name`` is what the verdict calls the command."""
        self._seconds = seconds
        self._name = name
        self._at = time.monotonic() + seconds

    def heard(self, size: int) -> None:
        """What is said makes no difference."""

    def verdict(self) -> str:
        late = time.monotonic() >= self._at
        return f"the limit of {self._seconds:g} s for {self._name} was reached" if late else ""


def stream(command: Command, *, watch: Watch, log: LogBook) -> Generator[Log | Heartbeat, None, Ended]:
    """Run ``command`` until it ends or ``watch`` stops it."""
    log.clear_tail()
    began = time.monotonic()
    with subprocess.Popen(
        command.argv,
        env=command.env,
        cwd=command.cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    ) as process:
        try:
            stopped = yield from follow(_Process(process), watch, log)
        finally:
            kill_group(process)
        return Ended(process.returncode, time.monotonic() - began, stopped)


class _Process:
    """A child of ours; the end of its output is a sign of its end."""

    signs = ()

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process
        self.pipe = output_of(process)

    def exit_code(self) -> int | None:
        return self._process.poll()


def output_of(process: "subprocess.Popen[bytes]") -> int:
    """The descriptor of what a process prints, which from now on never blocks."""
    if process.stdout is None:
        raise ValueError("the process was started without a pipe")
    os.set_blocking(process.stdout.fileno(), False)
    return process.stdout.fileno()


def follow(running: Running, watch: Watch, log: LogBook) -> Generator[Log | Heartbeat, None, str]:
    """Yield until the command ends ("") or has to be stopped (why)."""
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    spoke = time.monotonic()
    left = PIPE_BYTES
    with selectors.DefaultSelector() as selector:
        for descriptor in (running.pipe, *running.signs):
            selector.register(descriptor, selectors.EVENT_READ)
        while True:
            ended = running.exit_code() is not None
            if not ended:
                _wait(selector)
            chunk = _read(running.pipe)
            if chunk is None and running.pipe in selector.get_map():
                selector.unregister(running.pipe)
            if chunk:
                watch.heard(len(chunk))
                if text := log.take(decoder.decode(chunk)):
                    yield Log(text)
                if len(chunk) < READ_BYTES // 2 and not ended:
                    time.sleep(TRICKLE_SECONDS)
            if ended:
                left -= len(chunk or b"")
                if not chunk or left <= 0:
                    return ""
            elif stopped := watch.verdict():
                return stopped
            if time.monotonic() - spoke >= HEARTBEAT_SECONDS:
                spoke = time.monotonic()
                yield Heartbeat()


def _wait(selector: selectors.BaseSelector) -> None:
    if selector.get_map():
        selector.select(STEP_SECONDS)
    else:
        time.sleep(STEP_SECONDS)


def _read(pipe: int) -> bytes | None:
    """What the pipe holds: b"" if nothing now, None at its end."""
    try:
        return os.read(pipe, READ_BYTES) or None
    except BlockingIOError:
        return b""


def kill_group(process: "subprocess.Popen[bytes]") -> None:
    """End a process and its group; one that has ended is no matter."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()

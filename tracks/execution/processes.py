"""One command as an iterator: its output as it comes, a heartbeat, its end.

    for event in stream(command, limit=…, log=…):   Log | Heartbeat …
    -> Ended(exit_code, seconds, stopped)            the generator's return value

Output is read until the *process* ends, not until end of file: a daemon that it leaves behind
holds the pipe open for ever. Closing the generator (a cancel, a lost lease) kills the command and
everything below it: under bubblewrap with its pid namespace, without it by ``keeper.py``.
"""

import codecs
import contextlib
import os
import selectors
import signal
import subprocess
import tempfile
import time
from collections.abc import Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from tracks.events import Heartbeat, Log

HEARTBEAT_SECONDS = 0.4
STEP_SECONDS = 0.1
TRICKLE_SECONDS = 0.02
"""pytest prints a dot a test: waiting makes one event of many, and leaves the processor to it."""
READ_BYTES = 65536
LOG_BYTES = 16 * 1024**2
TAIL_CHARACTERS = 16384
KILL_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Command:
    argv: tuple[str, ...]
    env: dict[str, str] = field(repr=False)
    cwd: Path = Path("/")
    stdin: bytes = field(default=b"", repr=False)
    keeper: bool = False
    """``argv`` starts a keeper, which is asked to kill what it keeps before it is killed itself."""


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
        self._tail = (self._tail + text)[-TAIL_CHARACTERS:]
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


def stream(
    command: Command, *, limit: float, log: LogBook, name: str
) -> Generator[Log | Heartbeat, None, Ended]:
    """Run ``command`` for at most ``limit`` seconds; ``name`` is what the message calls it."""
    log.clear_tail()
    began = time.monotonic()
    with (
        _holding(command.stdin) as stdin,
        subprocess.Popen(
            command.argv,
            env=command.env,
            cwd=command.cwd,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        ) as process,
    ):
        try:
            in_time = yield from _follow(process, began + limit, log)
            stopped = "" if in_time else f"the limit of {limit:g} s for {name} was reached"
        finally:
            _kill(process, keeper=command.keeper)
        return Ended(process.returncode, time.monotonic() - began, stopped)


def _holding(data: bytes) -> IO[bytes]:
    """A file and not a pipe: nobody has to feed it."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the caller closes it)
    file.write(data)
    file.seek(0)
    return file


def _follow(
    process: "subprocess.Popen[bytes]", deadline: float, log: LogBook
) -> Generator[Log | Heartbeat, None, bool]:
    """Yield until the process ends (True) or its time is up (False)."""
    pipe = process.stdout.fileno() if process.stdout else -1
    os.set_blocking(pipe, False)
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    spoke = time.monotonic()
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        open_pipe = True
        while True:
            ended = process.poll() is not None
            if open_pipe and not ended:
                selector.select(STEP_SECONDS)
            elif not ended:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(STEP_SECONDS)
            chunk = _read(pipe) if open_pipe else b""
            if chunk is None:
                open_pipe = False
                selector.unregister(pipe)
            if text := log.take(decoder.decode(chunk)) if chunk else "":
                yield Log(text)
            if chunk and len(chunk) < READ_BYTES // 2:
                time.sleep(TRICKLE_SECONDS)
            if ended and not chunk:
                return True
            now = time.monotonic()
            if now >= deadline:
                return False
            if now - spoke >= HEARTBEAT_SECONDS:
                spoke = now
                yield Heartbeat()


def _read(pipe: int) -> bytes | None:
    """What the pipe holds: b"" if nothing now, None at its end."""
    try:
        return os.read(pipe, READ_BYTES) or None
    except BlockingIOError:
        return b""


def _kill(process: "subprocess.Popen[bytes]", *, keeper: bool) -> None:
    """End the process, its group and what holds its pipe; a process that has ended is no matter."""
    if keeper and process.poll() is None:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(KILL_SECONDS)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()

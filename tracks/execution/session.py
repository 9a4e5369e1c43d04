"""One jail from its start to its end: the worker's side of ``keeper.py``.

    with closing(jail.open(box)) as session:
        ended = yield from session.run(request, watch=…, log=…)      Log | Heartbeat … -> Ended

Commands run one after the other; what one of them leaves running (a server, a daemon)
lives on until the session is closed, if its request says so, and prints into the log of whatever command
runs then. Stopping
a command, or closing the generator that follows it, kills what that command has started. Closing the
session kills everything in it.
"""

import json
import os
import select
import signal
import socket
import subprocess
import time
from collections.abc import Generator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Any

from tracks.errors import ToolError
from tracks.events import Heartbeat, Log
from tracks.execution.processes import (
    PIPE_BYTES,
    READ_BYTES,
    Ended,
    LogBook,
    Watch,
    follow,
    kill_group,
    output_of,
)

START_SECONDS = 20.0
KILL_SECONDS = 15.0
"""More than the keeper gives itself."""


@dataclass(frozen=True, slots=True)
class Request:
    """A command as the keeper starts it; ``limits`` are those of the kernel, by RLIMIT_ name. What it leaves
    running is killed at its end unless it ``lives_on``."""

    argv: Sequence[str]
    env: dict[str, str] = field(repr=False)
    cwd: str
    limits: dict[str, int]
    lives_on: bool = True


class Session:
    def __init__(self, process: "subprocess.Popen[bytes]", control: socket.socket) -> None:
        """``process`` leads to a keeper that has the other end of ``control``.

        Raises ToolError when the jail does not start.
        """
        self._process = process
        self._control = control
        self._rest = b""
        self._code: int | None = None
        self.pipe = output_of(process)
        self.signs = (control.fileno(),)
        if not any("ready" in message for message in self._heard_within(START_SECONDS)):
            last_words = self._output().strip()
            self.close()
            raise ToolError(
                "The jail for the run's commands does not start.",
                remedy="Its last words say why.",
                detail=last_words,
            )

    @property
    def pid(self) -> int:
        """Below it are all processes of the session, as this machine sees them."""
        return self._process.pid

    def run(self, request: Request, *, watch: Watch, log: LogBook) -> Generator[Log | Heartbeat, None, Ended]:
        log.clear_tail()
        began = time.monotonic()
        self._code = None
        self._ask(**asdict(request))
        try:
            stopped = yield from follow(self, watch, log)
        finally:
            self._stop()
        if stopped and (text := log.take(self._output())):
            yield Log(text)
        return Ended(self._code or 0, time.monotonic() - began, stopped)

    def exit_code(self) -> int | None:
        self._take(self._heard_within(0))
        return self._code

    def close(self) -> None:
        """End all that is left in the jail, and wait until it has ended."""
        self._control.close()
        if self._process.stdout:
            self._process.stdout.close()  # or what prints its last words into a full pipe would wait
        try:
            self._process.wait(KILL_SECONDS)
        except subprocess.TimeoutExpired:
            kill_group(self._process)

    def _stop(self) -> None:
        """Kill the command if it still runs; the whole session if that cannot be done."""
        if self._code is None:
            self._ask(kill=True)
            self._take(self._heard_within(KILL_SECONDS))
        if self._code is None:
            kill_group(self._process)
            self._code = -signal.SIGKILL

    def _ask(self, **request: Any) -> None:
        with suppress(BrokenPipeError):  # the jail has ended: what is heard next says so
            self._control.sendall(json.dumps(request).encode() + b"\n")

    def _heard_within(self, seconds: float) -> list[dict[str, Any]]:
        """What the keeper says, waiting for its next word if need be; its end counts as a status."""
        if not select.select([self._control], [], [], seconds)[0]:
            return []
        try:
            chunk = self._control.recv(READ_BYTES)
        except ConnectionResetError:  # it ended before it had read all that was asked
            chunk = b""
        if not chunk:
            return [{"ended": self._process.wait()}]
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        return [json.loads(line) for line in lines]

    def _take(self, messages: list[dict[str, Any]]) -> None:
        for message in messages:
            if "status" in message:
                self._code = os.waitstatus_to_exitcode(message["status"])
            elif "ended" in message and self._code is None:
                self._code = message["ended"] or -signal.SIGKILL

    def _output(self) -> str:
        """What has been printed and not yet read."""
        text = b""
        with suppress(BlockingIOError):
            while len(text) < PIPE_BYTES and (chunk := os.read(self.pipe, READ_BYTES)):
                text += chunk
        return text.decode("utf-8", "replace")

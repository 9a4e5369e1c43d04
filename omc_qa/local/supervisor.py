"""The product in one terminal: servers, web and workers, started, watched and stopped together.

    with Installation(home, jobs=2).running() as installation:    everything answers now
        installation.watch()                                      until Ctrl-C; restarts what dies

kill -9 of this process takes all the others with it (see ``processes.spawn``).
"""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from types import FrameType

import django
from django.core.management import call_command

from omc_qa.local import servers
from omc_qa.local.errors import LocalError
from omc_qa.local.home import PROJECT_DIR, Home
from omc_qa.local.processes import spawn, stop, tail

READY_WITHIN = 30.0
RESTARTS = 5
"""A process that died so often is not started again."""


class Stopped(BaseException):
    """Somebody asked us to stop: SIGTERM, SIGHUP. ``except Exception`` does not catch it."""


@dataclass
class _Process:
    name: str
    start: Callable[[], subprocess.Popen[bytes]]
    handle: subprocess.Popen[bytes]
    stop_seconds: float
    restarts: int = 0


@dataclass
class Installation:
    home: Home
    port: int = 8000
    jobs: int = 2
    """How many runs go on at once."""
    say: Callable[[str], None] = print
    _processes: list[_Process] = field(default_factory=list)
    _environment: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @contextmanager
    def running(self, *, web: bool = True) -> Iterator["Installation"]:
        """Servers up, database migrated, Django set up in this process, web and worker answering.

        Raises LocalError when one of them does not start. Everything is stopped at the end.
        """
        with ExitStack() as stack:
            stack.enter_context(_signals_stop_us())
            stack.enter_context(self.home.held())
            self._environment = dict(os.environ) | stack.enter_context(servers.running(self.home))
            self._environment["DJANGO_SETTINGS_MODULE"] = "omc_qa.settings"
            os.environ.update(self._environment)
            os.environ.setdefault("OMC_QA_LOG_LEVEL", "WARNING")  # this terminal is for people
            django.setup()
            call_command("migrate", verbosity=0, interactive=False)
            stack.callback(self._stop)
            if web:
                self.port = free_port(self.port)
                self._environment.setdefault("OMC_QA_URL", self.url)
            self._add("worker", self._start_worker, stop_seconds=15)
            if web:
                self._add("web", self._start_web, stop_seconds=5)
                self._wait_for_web()
                self.home.note_url(self.url)
            yield self

    def watch(self) -> None:
        """Keep the processes alive until somebody stops us; raises LocalError when one keeps dying."""
        while True:
            self.check()
            time.sleep(0.5)

    def check(self) -> None:
        """Start again what has died; raises LocalError for what has died too often."""
        for process in self._processes:
            if process.handle.poll() is None:
                continue
            if process.restarts >= RESTARTS:
                raise LocalError(
                    f"The {process.name} keeps ending. Its last words:\n{self._last_words(process.name)}"
                )
            self.say(f"The {process.name} ended unexpectedly; it is started again.")
            process.restarts += 1
            process.handle = process.start()

    def _add(self, name: str, start: Callable[[], subprocess.Popen[bytes]], *, stop_seconds: float) -> None:
        self._processes.append(_Process(name, start, start(), stop_seconds))

    def _start_worker(self) -> subprocess.Popen[bytes]:
        # A SIGTERM then means: stop taking work, give the running ones five seconds, requeue them.
        environment = self._environment | {"REMAP_SIGTERM": "SIGQUIT"}
        argv = [sys.executable, "-m", "celery", "--workdir", str(PROJECT_DIR), "-A", "omc_qa", "worker"]
        options = [
            "--concurrency",
            str(self.jobs),
            "--loglevel",
            "INFO",
            "--without-gossip",
            "--without-mingle",
        ]
        log = self.home.logs / "worker.log"
        # With us its database and broker go too: there is nothing left that it could end in order.
        dies = signal.SIGKILL
        return spawn([*argv, *options], log=log, environment=environment, on_parents_death=dies)

    def _start_web(self) -> subprocess.Popen[bytes]:
        argv = [sys.executable, "-m", "gunicorn", "omc_qa.wsgi", "--chdir", str(PROJECT_DIR)]
        options = ["--bind", f"127.0.0.1:{self.port}", "--workers", "2"]
        return spawn([*argv, *options], log=self.home.logs / "web.log", environment=self._environment)

    def _wait_for_web(self) -> None:
        until = time.monotonic() + READY_WITHIN
        while not _answers(self.port):
            if time.monotonic() > until or self._processes[-1].handle.poll() is not None:
                raise LocalError(f"The web server did not start. Its last words:\n{self._last_words('web')}")
            time.sleep(0.1)

    def _last_words(self, name: str) -> str:
        return tail(self.home.logs / f"{name}.log")

    def _stop(self) -> None:
        self.say("Stopping …")
        for process in self._processes:  # all at once, then wait for each
            if process.handle.poll() is None:
                process.handle.terminate()
        for process in self._processes:
            stop(process.handle, seconds=process.stop_seconds)
        self._processes.clear()


def free_port(wanted: int) -> int:
    """``wanted``, or the next port that is free; raises LocalError when none of fifty is."""
    for port in range(wanted, wanted + 50):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise LocalError(f"No port from {wanted} to {wanted + 49} is free. Name another with --port.")


def _answers(port: int) -> bool:
    """Whether the web server answers, be it with an error: it may want another host's name, or HTTPS."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/")
        connection.getresponse()
    except (http.client.HTTPException, ConnectionError, TimeoutError):
        return False
    finally:
        connection.close()
    return True


@contextmanager
def _signals_stop_us() -> Iterator[None]:
    def raise_stopped(signum: int, frame: FrameType | None) -> None:
        raise Stopped

    previous = {number: signal.signal(number, raise_stopped) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)

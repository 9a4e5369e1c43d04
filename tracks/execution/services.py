"""The servers of a run: empty at its start, gone at its end, and nobody else's.

    Services(bench) ──> mounts for the run's jail ──start(session)──> variables of before, test and after

They run in the run's own jail, from the worker's binaries. Where the jail has a loopback of its own
they listen on their usual ports, as a suite that names no address expects. Where the loopback is this
machine's (the host's network, no sandbox) they take free ports, and passwords: others could reach them.
A free port may be another's before the server listens on it: the server is then started again on a new one.
"""

import os
import secrets
import socket
import time
from collections.abc import Generator
from pathlib import Path

from tracks.errors import ToolError
from tracks.events import Heartbeat, Log
from tracks.execution import locks, servers, workspace
from tracks.execution.processes import Deadline, LogBook
from tracks.execution.sandbox import Bare, Mount
from tracks.execution.servers import Server
from tracks.execution.session import Request, Session
from tracks.execution.workbench import Workbench
from tracks.statuses import Network, ServiceKind

USUAL_PORTS = {ServiceKind.POSTGRES: 5432, ServiceKind.REDIS: 6379}
READY = b"ready to accept connections"
IN_USE = b"address already in use"
PORTS_TRIED = 5
ENDED = b"[the server has ended]"
READY_SECONDS = 30.0
LAUNCH_SECONDS = 10.0
STEP_SECONDS = 0.03
LOG_BYTES = 65536

# $1 is the log; then come the server's script and its arguments.
LAUNCH = f"""
log=$1; shift
{{ /bin/sh -c "$@"; echo "{ENDED.decode()}"; }} >"$log" 2>&1 </dev/null &
"""
# $1 is the server's folder.
STOP_POSTGRES = """
pid=$(head -n 1 "$1/data/postmaster.pid") && kill -QUIT "$pid" && while kill -0 "$pid"; do sleep 0.02; done
"""


class Services:
    def __init__(self, bench: Workbench) -> None:
        """Raises SubjectError for a variable that asks for what there is not, ToolError for a server
        that is not installed or cannot run here."""
        self._bench = bench
        self._mount = Mount(bench.folders.services, "/omc-qa/services", writable=True)
        self._own_loopback = not isinstance(bench.run_jail, Bare) and bench.spec.network is not Network.HOST
        self._taken: set[int] = set()
        self._servers: dict[str, Server] = {}
        self._names = [self._add(service.kind) for service in bench.spec.services]
        self.variables()  # what is wrong with them is said before anything starts

    def variables(self) -> dict[str, str]:
        """Final once the servers have started."""
        return {
            name: self._servers[server].address.filled(template, name)
            for service, server in zip(self._bench.spec.services, self._names, strict=True)
            for name, template in service.variables.items()
        }

    def mounts(self) -> list[Mount]:
        parts = {part for server in self._servers.values() for part in server.parts}
        return [self._mount, *(Mount(part, str(part)) for part in sorted(parts))] if self._servers else []

    def start(self, session: Session) -> Generator[Log | Heartbeat, None, None]:
        """All of them at once. Raises ToolError when one does not start."""
        for name in self._names:
            yield from self._launch(session, name)
        for place in range(len(self._names)):
            said = yield from self._first_words(session, place)
            server = self._servers[self._names[place]]
            _check(server.title, said)
            yield Log(self._bench.log.take(f"[{server.title} listens on port {server.address.port}]\n"))

    def _first_words(self, session: Session, place: int) -> Generator[Log | Heartbeat, None, bytes]:
        """What a server that was launched says; of the last one where its port was another's."""
        said = yield from _said(self._mount.source / self._names[place] / "log")
        for _ in range(PORTS_TRIED - 1):
            if self._own_loopback or IN_USE not in said.lower():
                break
            self._names[place] = self._add(self._bench.spec.services[place].kind)
            yield from self._launch(session, self._names[place])
            said = yield from _said(self._mount.source / self._names[place] / "log")
        return said

    def _launch(self, session: Session, name: str) -> Generator[Log | Heartbeat, None, None]:
        workspace.give(self._mount.source / name, self._bench.run_jail)
        log = f"{self._seen(name)}/log"
        yield from self._run(session, ("/bin/sh", "-c", LAUNCH, "sh", log, *self._servers[name].script))

    def stop(self, session: Session) -> None:
        """The end of the jail is the end of its servers; without one, a killed PostgreSQL would leave
        shared memory behind."""
        if isinstance(self._bench.run_jail, Bare):
            for name in self._names:
                argv = ("/bin/sh", "-c", STOP_POSTGRES, "sh", self._seen(name))
                locks.exhaust(self._run(session, argv))

    def _add(self, kind: ServiceKind) -> str:
        """The name of a server's folder, which is made."""
        name = str(len(self._servers))
        self._servers[name] = self._server(name, kind)
        return name

    def _server(self, name: str, kind: ServiceKind) -> Server:
        folder = self._mount.source / name
        folder.mkdir()
        port = self._port(kind)
        if kind is ServiceKind.REDIS:
            return servers.redis(folder, self._seen(name), port, "" if self._own_loopback else _secret())
        if os.getuid() == 0 and isinstance(self._bench.run_jail, Bare):
            raise ToolError(
                "The run needs PostgreSQL, which does not run as root.",
                remedy="Make the sandbox work on this worker, or start the worker as another user.",
            )
        # The password that suites try which are told none.
        return servers.postgres(
            folder, self._seen(name), port, "postgres" if self._own_loopback else _secret()
        )

    def _port(self, kind: ServiceKind) -> int:
        port = USUAL_PORTS[kind] if self._own_loopback else _free_port()
        while port in self._taken:
            port += 1
        self._taken.add(port)
        return port

    def _seen(self, name: str) -> str:
        return f"{self._bench.run_jail.seen(self._mount)}/{name}"

    def _run(self, session: Session, argv: tuple[str, ...]) -> Generator[Log | Heartbeat, None, None]:
        """Without the project's variables: PGDATA or LD_PRELOAD are meant for its tests."""
        env = {"PATH": self._bench.run_jail.path(), "LANG": "C.UTF-8"}
        watch = Deadline(LAUNCH_SECONDS, "a service")
        yield from session.run(Request(argv, env, "/", {}), watch=watch, log=LogBook())


def _said(log: Path) -> Generator[Heartbeat, None, bytes]:
    """What a server says until it is ready, has ended or takes too long."""
    until = time.monotonic() + READY_SECONDS
    while READY not in (said := _read(log)).lower() and ENDED not in said and time.monotonic() < until:
        yield Heartbeat()
        time.sleep(STEP_SECONDS)
    return said


def _check(title: str, said: bytes) -> None:
    if READY not in said.lower():
        raise ToolError(
            f"The run's {title} did not start.",
            remedy="Its last lines say why; the worker has to be able to run it.",
            detail=said.decode("utf-8", "replace").strip(),
        )


def _read(log: Path) -> bytes:
    try:
        descriptor = os.open(log, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return b""  # not begun yet
    with os.fdopen(descriptor, "rb") as file:
        return file.read(LOG_BYTES)


def _secret() -> str:
    return secrets.token_hex(16)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((servers.HOST, 0))
        port: int = probe.getsockname()[1]
        return port

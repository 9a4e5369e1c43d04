"""Where one local installation keeps everything, and the environment that its processes share.

var/<name>/            <name>: up, demo, try; or OMC_QA_HOME
  secrets.json         secret key and database password, made once, readable by the owner only
  pg15/ valkey/        the embedded servers' data, named after the server's major version
  data/                mirrors, environments, workspaces of runs
  logs/                one file a process
  url                  where its dashboard is served
  lock                 held by the supervisor that runs here
/tmp/omc-qa-<digest>/  the servers' unix sockets: their paths may not pass 107 bytes
"""

import fcntl
import hashlib
import json
import os
import secrets
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from omc_qa.local.errors import LocalError

PROJECT_DIR = Path(__file__).resolve().parent.parent.parent
UNPRIVILEGED = 65534
"""The user that PostgreSQL runs as where we are root: it refuses root."""


@dataclass(frozen=True)
class Home:
    root: Path

    @classmethod
    def default(cls, name: str = "up") -> "Home":
        """The home of that name under ``var/``, unless OMC_QA_HOME names a folder."""
        named = os.environ.get("OMC_QA_HOME")
        return cls(Path(named).resolve() if named else PROJECT_DIR / "var" / name)

    @property
    def sockets(self) -> Path:
        digest = hashlib.sha256(str(self.root).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"omc-qa-{digest}"

    @property
    def servers(self) -> Path:
        """The folder of the servers' data: the home, or, for root's servers, which run as another
        user, a folder that this user can reach where the home cannot be."""
        if os.getuid() != 0 or _reachable(self.root):
            return self.root
        return Path("/var/tmp") / self.sockets.name  # noqa: S108 made with mode 0711 by prepare()

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def data(self) -> Path:
        return self.root / "data"

    def prepare(self) -> None:
        """Make the folders, each no wider open than its users need."""
        self.root.mkdir(parents=True, exist_ok=True)
        for folder in (self.logs, self.data):
            folder.mkdir(exist_ok=True, mode=0o700)
        for folder in (self.servers, self.sockets):
            _make_own(folder)
        if os.getuid() == 0:
            os.chown(self.sockets, UNPRIVILEGED, UNPRIVILEGED, follow_symlinks=False)

    def secret(self, name: str) -> str:
        """A random word of this home, made at its first use."""
        self.root.mkdir(parents=True, exist_ok=True)
        path = self.root / "secrets.json"
        known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
        if name not in known:
            known[name] = secrets.token_urlsafe(48)
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                json.dump(known, file)
        return known[name]

    def database_url(self, name: str) -> str:
        """How a database of the embedded PostgreSQL is reached."""
        return f"postgresql://omc_qa:{self.secret('database')}@/{name}?host={self.sockets}"

    def environment(self) -> dict[str, str]:
        """What this home's processes find in their environment: where one's own environment names a
        database or a Redis already, that one is used and none is embedded."""
        own = {
            "DATABASE_URL": self.database_url("omc_qa"),
            "REDIS_URL": f"redis+socket://{self.sockets}/valkey.sock",
            "OMC_QA_SECRET_KEY": self.secret("key"),
            "OMC_QA_DATA": str(self.data),
            "OMC_QA_HOME": str(self.root),
        }
        return {name: os.environ.get(name) or value for name, value in own.items()}

    def note_url(self, url: str) -> None:
        """Remember where this home's dashboard is served."""
        (self.root / "url").write_text(url)

    def url(self) -> str:
        """Where this home's dashboard is served, or was last."""
        noted = self.root / "url"
        return noted.read_text() if noted.exists() else "http://127.0.0.1:8000"

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the home for one supervisor; raises LocalError where another one runs in it."""
        self.prepare()
        with (self.root / "lock").open("a+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                lock.seek(0)
                raise LocalError(
                    f"OMC QA already runs in {self.root} (process {lock.read().strip() or 'unknown'}). "
                    "Stop it there, or set OMC_QA_HOME to another folder."
                ) from error
            lock.truncate(0)
            lock.write(str(os.getpid()))
            lock.flush()
            yield

    def remove(self) -> None:
        """Throw everything away; raises LocalError while something runs here."""
        with self.held():
            shutil.rmtree(self.sockets, ignore_errors=True)
            shutil.rmtree(self.servers, ignore_errors=True)
            shutil.rmtree(self.root, ignore_errors=True)


def _make_own(folder: Path) -> None:
    """Make a folder that others may pass through but not write to; its name can be guessed, so one that is
    there already has to be ours. Raises LocalError where it is not."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o711)
    found = folder.lstat()
    owners = {os.getuid(), UNPRIVILEGED} if os.getuid() == 0 else {os.getuid()}
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in owners or found.st_mode & 0o022:
        raise LocalError(f"{folder} is somebody else's or open to others. Remove it, then start again.")


def _reachable(folder: Path) -> bool:
    """Whether the unprivileged user can pass through every parent folder."""
    return all(
        not parent.exists() or parent.stat().st_mode & 0o001 for parent in [folder.parent, *folder.parents]
    )

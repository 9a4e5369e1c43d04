"""Where a run's commands are started: its folders, its jails, its environment's variables, its log.

bench.execute(argv, …)             one command of the set-up, in a jail of its own
bench.session(mounts)              the jail of before, test and after
bench.run(session, argv, …)        a command in it            Log | Heartbeat … -> Ended
"""

import os
import shutil
import sys
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from pathlib import Path, PurePosixPath

from tracks.events import Heartbeat, Log
from tracks.execution import sandbox, workspace
from tracks.execution.processes import Deadline, Ended, LogBook, Watch
from tracks.execution.progress import Progress
from tracks.execution.sandbox import Box, Jail, Mount
from tracks.execution.session import Request, Session
from tracks.execution.spec import RunSpec
from tracks.execution.usage import Disk, FullFiles
from tracks.execution.watch import LimitsWatch, TestsWatch
from tracks.execution.workspace import Folders
from tracks.statuses import Network


class Workbench:
    def __init__(self, spec: RunSpec, jail: Jail, folders: Folders, mirror: Path) -> None:
        """``jail`` is the set-up's; the run's own is derived from it."""
        self.spec = spec
        self.jail = jail
        self.run_jail = jail.of_slot(folders.slot)
        self.folders = folders
        self.mirror = mirror
        self.log = LogBook()
        # The workspace borrows its objects from the mirror: without them git does not work in it.
        objects = Mount(mirror / "objects", str(mirror / "objects"))
        self._mounts = [folders.mount(), objects, Mount(folders.tools, "/omc-qa/tools")]
        self._path = [jail.path()]
        self._used: list[Mount] = []
        self._programs: list[str] = []
        self._variables: dict[str, str] = {}
        self._add_uv()
        workspace.give(folders.setup, self.jail)
        workspace.give(folders.home, self.run_jail)

    def _add_uv(self) -> None:
        uv = find_uv()
        if uv is None:
            return
        if isinstance(self.jail, sandbox.Bare):
            (self.folders.tools / "bin").mkdir()
            (self.folders.tools / "bin" / "uv").symlink_to(uv)
            self._path.insert(0, str(self.folders.tools / "bin"))
        else:
            self._mounts.append(Mount(uv, "/omc-qa/bin/uv"))
            self._path.insert(0, "/omc-qa/bin")

    def root(self) -> str:
        """The folder in which the commands run, as they see it."""
        return str(PurePosixPath(self.jail.seen(self.folders.mount()), self.spec.subdir))

    def use(self, prefix: Path, folders: Sequence[Path]) -> None:
        """From now on commands find this environment's programs first."""
        self._used = [Mount(folder, str(folder)) for folder in (*folders, prefix)]
        self._programs = [str(prefix / "bin")]
        # ``uv run pytest`` is to use the environment as it is.
        self._variables = {"UV_NO_SYNC": "1", "UV_PYTHON_DOWNLOADS": "never"}
        self._variables |= {"VIRTUAL_ENV": str(prefix), "UV_PROJECT_ENVIRONMENT": str(prefix)}
        self._variables |= {"UV_PYTHON": str(prefix / "bin" / "python")}

    def execute(
        self,
        argv: Sequence[str],
        *,
        limit: float,
        name: str,
        mounts: Sequence[Mount],
        already: int,
        env: Mapping[str, str],
    ) -> Generator[Log | Heartbeat, None, Ended]:
        """A command of the set-up, with network; what it leaves running ends with it.

        What it may write of ``mounts`` counts for the limit of the disk, less the bytes that were there
        ``already``."""
        home = _home(self.folders.setup)
        with closing(self._open(self.jail, home, mounts, Network.HOST)) as session:
            request = self._request(argv, self.jail, home, env)
            disk = Disk([*self.folders.all(), *(each.source for each in mounts if each.writable)], already)
            return (yield from self._watched(session, request, Deadline(limit, name), disk, None))

    def session(self, mounts: Sequence[Mount]) -> Session:
        """The run's jail, which the caller closes. Raises ToolError when it does not start."""
        network = self.spec.network
        if self.spec.services and network is Network.NONE:
            network = Network.LOOPBACK  # nobody could reach them
        return self._open(self.run_jail, _home(self.folders.home), mounts, network)

    def run(
        self,
        session: Session,
        argv: Sequence[str],
        *,
        limit: float,
        name: str,
        env: Mapping[str, str],
        progress: Progress | None,
        log: LogBook | None = None,
    ) -> Generator[Log | Heartbeat, None, Ended]:
        """A command in the run's jail; what it leaves running goes on until the session is closed.

        ``progress`` is what the tests are doing, if it is they that are run; ``log`` takes what the command
        prints in the place of the run's log."""
        request = self._request(argv, self.run_jail, _home(self.folders.home), env)
        disk = Disk(self.folders.all())
        return (yield from self._watched(session, request, Deadline(limit, name), disk, progress, log))

    def _watched(
        self,
        session: Session,
        request: Request,
        deadline: Deadline,
        disk: Disk,
        progress: Progress | None,
        log: LogBook | None = None,
    ) -> Generator[Log | Heartbeat, None, Ended]:
        limits = self.spec.limits
        with closing(disk), closing(FullFiles(self.folders.written(), limits.file_bytes)) as full:
            if progress:
                watch: Watch = TestsWatch(deadline, limits, session.pid, disk, full, progress)
            else:
                watch = LimitsWatch(deadline, limits, session.pid, disk, full)
            return (yield from session.run(request, watch=watch, log=log or self.log))

    def _open(self, jail: Jail, home: Mount, mounts: Sequence[Mount], network: Network) -> Session:
        own: list[Mount] = []
        if not isinstance(jail, sandbox.Bare):
            folder = self.folders.etc / f"{jail.owner}-{network}"
            own = sandbox.identity(folder, jail, network)
        return jail.open(Box((*self._mounts, home, *self._used, *own, *mounts), network))

    def _request(self, argv: Sequence[str], jail: Jail, home: Mount, env: Mapping[str, str]) -> Request:
        basics = {"HOME": jail.seen(home), "TMPDIR": jail.seen(home), "LANG": "C.UTF-8"}
        path = [*self._programs, *self._path[:-1], self.spec.env.get("PATH", self._path[-1])]
        every = (
            basics
            | self._variables
            | self.spec.env
            | self.spec.secrets
            | dict(env)
            | {"PATH": os.pathsep.join(path)}
        )
        return Request(argv, every, self.root(), jail.rlimits(self.spec.limits))


def _home(folder: Path) -> Mount:
    return Mount(folder, "/tmp", writable=True)  # noqa: S108 (the jail's own)


def shell(line: str) -> tuple[str, ...]:
    """A command of the project's settings or of a tester's check; nothing is ever added to it."""
    return ("/bin/sh", "-c", line)


def find_uv() -> Path | None:
    beside = Path(sys.executable).parent / "uv"
    if beside.exists():
        return beside
    found = shutil.which("uv")
    return Path(found) if found else None

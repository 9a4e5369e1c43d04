"""How the commands of a run are kept apart from this machine, or are not.

    jail.open(box) ──> Session: see there

    Bubblewrap   own user, process, network, ipc and mount namespaces; sees /usr, its mounts, no more.
                 Everything that it started ends with it.
    Bare         no sandbox: a clean environment and a keeper that kills what is left.
                 Only where an operator has allowed it.

    root:  unshare (private mounts) ─> bind each source under /mnt ─> drop to a user ─> bwrap ─> keeper
    user:  bwrap ─> keeper

A worker that is root drops to an unprivileged user before bwrap starts: set-ups to BUILDER, which
owns environments and download caches, each concurrent run to a user of its own. Such a user could not
walk to sources below, say, a 0700 home folder; so root first binds them in a mount namespace of the
jail's own.

The jail's mounts go to bwrap through a file, its commands' variables to the keeper through a socket:
arguments would be readable in /proc by every user of the machine.
"""

import functools
import os
import platform
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tracks.errors import ToolError
from tracks.execution import bubblewrap, interpreter, keeper, locks, seccomp
from tracks.execution.processes import Deadline, LogBook
from tracks.execution.session import Request, Session
from tracks.execution.spec import Limits
from tracks.statuses import Network, Tier

BUILDER = 60600
FIRST_OF_RUNS = 60601
"""The users from here on belong to the runs, one to each slot. Neither Debian nor systemd gives them away,
and a container that maps 65536 users has them."""
WORKSPACE = "/w"
KEEPER = "/omc-qa/keeper.py"
SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin"
PROBE_SECONDS = 20
OPEN_FILES = 4096
SPARE_TASKS = 64
"""The kernel refuses what is so far beyond the limit of processes: a run that passes it by little is stopped
and told so, instead of failing in some odd way, and one that passes it by much cannot go on."""


@dataclass(frozen=True, slots=True)
class Mount:
    """``source`` of this machine, seen at ``target`` by a jail that has its own root."""

    source: Path
    target: str
    writable: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """What the commands of one jail get to see."""

    mounts: tuple[Mount, ...]
    network: Network


class Bare:
    tier = Tier.NONE
    owner: int | None = None

    def of_slot(self, number: int) -> "Bare":
        """The jail of one of several concurrent runs."""
        return self

    def seen(self, mount: Mount) -> str:
        return str(mount.source)

    def path(self) -> str:
        """This machine's PATH without the worker's own environment."""
        mine = {str(Path(sys.prefix) / "bin"), str(Path(sys.executable).parent)}
        parts = os.environ.get("PATH", SYSTEM_PATH).split(os.pathsep)
        return os.pathsep.join(part for part in parts if part and part not in mine)

    def python(self) -> str:
        """An interpreter of ours that the jail's commands can start."""
        return sys.executable

    def rlimits(self, limits: Limits) -> dict[str, int]:
        # No NPROC: without a user namespace it counts every process of the user.
        return _rlimits(limits)

    def open(self, box: Box) -> Session:
        return _session((sys.executable, "-I", "-S", keeper.__file__), env={}, files=())


class Bubblewrap:
    tier = Tier.BUBBLEWRAP

    def __init__(self, owner: int | None = None) -> None:
        """``owner`` is the user that the commands are, where the worker is root."""
        self.owner = (owner or BUILDER) if os.getuid() == 0 else None

    def of_slot(self, number: int) -> "Bubblewrap":
        """The jail of one of several concurrent runs: no two share a user."""
        return Bubblewrap(FIRST_OF_RUNS + number)

    def seen(self, mount: Mount) -> str:
        return mount.target

    def path(self) -> str:
        return SYSTEM_PATH

    def python(self) -> str:
        """An interpreter of ours that the jail's commands can start."""
        return str(interpreter.own().executable)

    def rlimits(self, limits: Limits) -> dict[str, int]:
        return _rlimits(limits) | {"NPROC": limits.processes + SPARE_TASKS}

    def open(self, box: Box) -> Session:
        """Raises ToolError when the jail does not start."""
        python = interpreter.own()
        ours = [Mount(folder, str(folder)) for folder in python.folders()]
        mounts = _outermost_first([*ours, Mount(Path(keeper.__file__), KEEPER), *box.mounts])
        staged, before = self._staged(mounts, box.network)
        options = [*bubblewrap.namespaces(box.network), *bubblewrap.system(box.network)]
        for mount, source in zip(mounts, staged, strict=True):
            options += ["--bind" if mount.writable else "--ro-bind", source, mount.target]
        # Both are made of memory that no limit would count.
        options += ["--remount-ro", "/dev", "--remount-ro", "/"]
        with _holding(seccomp.program(platform.machine())) as refused:
            if os.fstat(refused.fileno()).st_size:
                options += ["--seccomp", str(refused.fileno())]
            with _holding(b"".join(os.fsencode(word) + b"\0" for word in (*options, "--clearenv"))) as told:
                bwrap = ("bwrap", "--args", str(told.fileno()), "--", str(python.executable))
                return _session(
                    (*before, *bwrap, "-I", "-S", KEEPER),
                    env={"PATH": f"{SYSTEM_PATH}:/usr/sbin:/sbin"},
                    files=(refused.fileno(), told.fileno()),
                )

    def _staged(self, mounts: Sequence[Mount], network: Network) -> tuple[list[str], tuple[str, ...]]:
        """Where bwrap finds each source, and the command line that puts it there."""
        # bwrap's own network namespaces have a loopback: one without is made around it.
        apart = ("--net",) if network is Network.NONE else ()
        if self.owner is None:
            unshare = ("unshare", "--user", "--map-current-user", *apart)
            return [str(mount.source) for mount in mounts], unshare if apart else ()
        places = [f"/mnt/{number}" for number in range(len(mounts))]
        pairs = [
            text for mount, place in zip(mounts, places, strict=True) for text in (str(mount.source), place)
        ]
        user = str(self.owner)
        return places, (
            *("unshare", "--mount", *apart, "--propagation", "private"),
            *("/bin/sh", "-c", bubblewrap.STAGE, "sh", *pairs, "--"),
            *("setpriv", "--reuid", user, "--regid", user, "--clear-groups"),
            *("--inh-caps=-all", "--bounding-set=-all"),
        )


Jail = Bare | Bubblewrap


def _session(argv: Sequence[str], *, env: Mapping[str, str], files: Sequence[int]) -> Session:
    """Start what leads to a keeper, whose control is its standard input."""
    ours, theirs = socket.socketpair()
    with theirs:
        try:
            process = subprocess.Popen(
                argv,
                env=env,
                cwd="/",
                stdin=theirs.fileno(),
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                pass_fds=files,
                start_new_session=True,
            )
        except FileNotFoundError as error:
            ours.close()
            raise ToolError(
                f"{error.filename} is not installed.", remedy="Install bubblewrap and util-linux."
            ) from None
    return Session(process, ours)


def _holding(data: bytes) -> IO[bytes]:
    """A file for a child to read: nobody has to feed it, as they would a pipe."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the caller closes it)
    file.write(data)
    file.seek(0)
    return file


def _outermost_first(mounts: Sequence[Mount]) -> list[Mount]:
    """A mount inside another's target must come after it, or would be covered; one per target."""
    unique = {mount.target: mount for mount in mounts}
    return sorted(unique.values(), key=lambda mount: mount.target.count("/"))


def _rlimits(limits: Limits) -> dict[str, int]:
    return {"AS": limits.memory_bytes, "FSIZE": limits.file_bytes, "NOFILE": OPEN_FILES, "CORE": 0}


@functools.cache
def probe() -> str:
    """Why the sandbox does not work here, or "" if it does: found by running it, once a process."""
    request = Request(("/bin/sh", "-c", "echo jailed"), {"PATH": SYSTEM_PATH}, "/", {})
    log = LogBook()
    try:
        with closing(Bubblewrap().open(Box((), Network.NONE))) as session:
            steps = session.run(request, watch=Deadline(PROBE_SECONDS, "the probe"), log=log)
            ended = locks.exhaust(steps)
    except ToolError as error:
        return error.detail or error.message
    if ended.exit_code == 0 and log.last_lines() == "jailed":
        return ""
    return ended.stopped or log.last_lines() or f"the probe ended with {ended.exit_code}"


@dataclass(frozen=True, slots=True)
class Standing:
    """How well this worker can keep runs apart: the tier, and what keeps it from a better one."""

    tier: Tier
    problem: str = ""
    remedy: str = ""


def standing() -> Standing:
    problem = probe()
    if not problem:
        return Standing(Tier.BUBBLEWRAP)
    return Standing(
        Tier.NONE,
        problem,
        "Install bubblewrap (0.8 or newer) on the worker, or set OMC_QA_ALLOW_UNSANDBOXED=1 "
        "if every branch that is tested here may do what the worker may do.",
    )


def jail(*, allow_unsandboxed: bool) -> Jail:
    """The best that works here; no sandbox at all only where that is allowed, else raises ToolError."""
    here = standing()
    if here.tier is Tier.BUBBLEWRAP:
        return Bubblewrap()
    if allow_unsandboxed:
        return Bare()
    raise ToolError(
        "Tests cannot be kept apart from this machine: the sandbox does not work here.",
        remedy=here.remedy,
        detail=here.problem,
    )


def identity(folder: Path, jail: Bubblewrap, network: Network) -> list[Mount]:
    """The jail's own /etc, written into ``folder``."""
    user, group = (os.getuid(), os.getgid()) if jail.owner is None else (jail.owner, jail.owner)
    shared = network is Network.HOST
    hosts = Path("/etc/hosts").read_text(encoding="utf-8", errors="replace") if shared else ""
    files = bubblewrap.identity(user, group, hosts)
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [Mount(folder / name, f"/etc/{name}") for name in files]

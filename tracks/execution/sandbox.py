"""How a command of a run is kept apart from this machine, or is not.

    Bubblewrap   own user, process, network, ipc and mount namespaces; sees /usr, its mounts, no more.
                 Everything that it started ends with it.
    Bare         no sandbox: a clean environment and a keeper that kills what is left.
                 Only where an operator has allowed it.

    root:  unshare (private mounts) ─> bind each source under /mnt ─> drop to nobody ─> bwrap
    user:  bwrap

A worker that is root drops to an unprivileged user before bwrap starts. That user could not walk to
sources below, say, a 0700 home folder; so root first binds them in a mount namespace of the run's own.

The jail's variables and mounts go to bwrap on its standard input: arguments would be readable in /proc
by every user of the machine.
"""

import functools
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tracks.errors import ToolError
from tracks.execution import keeper
from tracks.execution.processes import Command
from tracks.execution.spec import Limits
from tracks.statuses import Tier

NOBODY = 65534
WORKSPACE = "/w"
SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin"
PROBE_SECONDS = 20
OPEN_FILES = 4096
SHM_BYTES = 256 * 1024**2

# $1 $2 are source and place, up to "--"; then comes what to run.
STAGE = """
set -e
mount -t tmpfs -o mode=755,size=1m none /mnt
while [ "$1" != -- ]; do
  if [ -d "$1" ]; then mkdir "$2"; else : > "$2"; fi
  mount --bind "$1" "$2"
  shift 2
done
shift
exec "$@"
"""


@dataclass(frozen=True, slots=True)
class Mount:
    """``source`` of this machine, seen at ``target`` by a jail that has its own root."""

    source: Path
    target: str
    writable: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """What one command gets to see."""

    mounts: tuple[Mount, ...]
    env: Mapping[str, str]
    cwd: str
    limits: Limits
    network: bool = False


class Bare:
    tier = Tier.NONE
    owner: int | None = None

    def seen(self, mount: Mount) -> str:
        return str(mount.source)

    def path(self) -> str:
        """This machine's PATH without the worker's own environment."""
        mine = {str(Path(sys.prefix) / "bin"), str(Path(sys.executable).parent)}
        parts = os.environ.get("PATH", SYSTEM_PATH).split(os.pathsep)
        return os.pathsep.join(part for part in parts if part and part not in mine)

    def command(self, argv: Sequence[str], box: Box) -> Command:
        limits = (str(box.limits.memory_bytes), str(box.limits.file_bytes))
        kept = (sys.executable, "-I", "-S", keeper.__file__, *limits, *argv)
        return Command(kept, dict(box.env), cwd=Path(box.cwd), keeper=True)


class Bubblewrap:
    tier = Tier.BUBBLEWRAP

    def __init__(self) -> None:
        self.owner: int | None = NOBODY if os.getuid() == 0 else None

    def seen(self, mount: Mount) -> str:
        return mount.target

    def path(self) -> str:
        return SYSTEM_PATH

    def command(self, argv: Sequence[str], box: Box) -> Command:
        mounts = _outermost_first(box.mounts)
        staged, before = self._staged(mounts)
        options = [*_namespaces(network=box.network), *_system(network=box.network)]
        for mount, source in zip(mounts, staged, strict=True):
            options += ["--bind" if mount.writable else "--ro-bind", source, mount.target]
        options += ["--clearenv", "--chdir", box.cwd]
        for name, value in box.env.items():
            options += ["--setenv", name, value]
        # bwrap closes its standard input after reading its options from there.
        inner = ("/bin/sh", "-c", 'exec "$@" </dev/null', "sh", *_prlimit(box.limits), *argv)
        stdin = b"".join(os.fsencode(option) + b"\0" for option in options)
        argv = (*before, "bwrap", "--args", "0", "--", *inner)
        return Command(tuple(argv), {"PATH": f"{SYSTEM_PATH}:/usr/sbin:/sbin"}, stdin=stdin)

    def _staged(self, mounts: Sequence[Mount]) -> tuple[list[str], tuple[str, ...]]:
        """Where bwrap finds each source, and the command line that puts it there."""
        if self.owner is None:
            return [str(mount.source) for mount in mounts], ()
        places = [f"/mnt/{number}" for number in range(len(mounts))]
        pairs = [
            text for mount, place in zip(mounts, places, strict=True) for text in (str(mount.source), place)
        ]
        user = str(self.owner)
        return places, (
            *("unshare", "--mount", "--propagation", "private", "/bin/sh", "-c", STAGE, "sh", *pairs, "--"),
            *("setpriv", "--reuid", user, "--regid", user, "--clear-groups"),
            *("--inh-caps=-all", "--bounding-set=-all"),
        )


Jail = Bare | Bubblewrap


def _outermost_first(mounts: Sequence[Mount]) -> list[Mount]:
    """A mount inside another's target must come after it, or would be covered; one per target."""
    unique = {mount.target: mount for mount in mounts}
    return sorted(unique.values(), key=lambda mount: mount.target.count("/"))


def _namespaces(*, network: bool) -> list[str]:
    kept_apart = ["user", "pid", "ipc", "uts", *([] if network else ["net"])]
    return [
        *(f"--unshare-{name}" for name in kept_apart),
        *("--unshare-cgroup-try", "--disable-userns", "--die-with-parent", "--new-session"),
        *("--cap-drop", "ALL"),
    ]


def _system(*, network: bool) -> list[str]:
    options = ["--ro-bind", "/usr", "/usr"]
    for name in ("bin", "sbin", "lib", "lib64"):
        options += ["--symlink", f"usr/{name}", f"/{name}"]
    options += ["--dir", "/etc", "--proc", "/proc", "--dev", "/dev"]
    shared = ["ld.so.cache", "ssl", "alternatives", "localtime", "mime.types", "pki", "ca-certificates"]
    if network:
        shared += ["resolv.conf", "pip.conf"]
    for name in shared:
        options += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
    return [*options, "--size", str(SHM_BYTES), "--tmpfs", "/dev/shm"]  # noqa: S108 (the jail's)


def _prlimit(limits: Limits) -> tuple[str, ...]:
    # Inside the jail: processes are then counted in its own user namespace, not the user's others.
    return (
        "prlimit",
        f"--as={limits.memory_bytes}",
        f"--nproc={limits.processes}",
        f"--fsize={limits.file_bytes}",
        f"--nofile={OPEN_FILES}",
        "--core=0",
        "--",
    )


@functools.cache
def probe() -> str:
    """Why the sandbox does not work here, or "" if it does: found by running it, once a process."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        box = Box((Mount(Path(folder), WORKSPACE),), {"PATH": SYSTEM_PATH}, WORKSPACE, Limits())
        command = Bubblewrap().command(("/bin/sh", "-c", "echo jailed"), box)
        try:
            done = subprocess.run(
                command.argv,
                env=command.env,
                input=command.stdin,
                capture_output=True,
                timeout=PROBE_SECONDS,
                check=False,
            )
        except FileNotFoundError as error:
            return f"{error.filename} is not installed"
        except subprocess.TimeoutExpired:
            return "the sandbox does not start"
    if done.returncode == 0 and done.stdout == b"jailed\n":
        return ""
    return done.stderr.decode("utf-8", "replace").strip() or f"bwrap ended with {done.returncode}"


def jail(*, allow_unsandboxed: bool) -> Jail:
    """The best that works here; no sandbox at all only where that is allowed."""
    problem = probe()
    if not problem:
        return Bubblewrap()
    if allow_unsandboxed:
        return Bare()
    raise ToolError(
        "Tests cannot be kept apart from this machine: the sandbox does not work here.",
        remedy="Install bubblewrap (0.8 or newer) on the worker, or set OMC_QA_ALLOW_UNSANDBOXED=1 "
        "if every branch that is tested here may do what the worker may do.",
        detail=problem,
    )


def identity(folder: Path, *, network: bool) -> list[Mount]:
    """The few files of /etc without which Python programs stumble: who am I, what is localhost."""
    user = NOBODY if os.getuid() == 0 else os.getuid()
    group = NOBODY if os.getuid() == 0 else os.getgid()
    files = {
        "passwd": f"tester:x:{user}:{group}:tester:/tmp:/bin/sh\n",
        "group": f"tester:x:{group}:\n",
        "nsswitch.conf": "hosts: files dns\n",
        "hosts": "127.0.0.1 localhost\n::1 localhost\n",
    }
    if network:
        files["hosts"] = Path("/etc/hosts").read_text(encoding="utf-8", errors="replace")
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [Mount(folder / name, f"/etc/{name}") for name in files]

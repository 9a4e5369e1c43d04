"""What a branch could try from inside of the sandbox: it fails there, and outside nothing has happened.

One run carries all the attempts, as tests that pass where the attempt fails.
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.tracks.execution.conftest import Story
from tests.tracks.execution.repositories import Repository
from tracks.errors import SubjectError
from tracks.events import TestFinished
from tracks.execution import leavings, sandbox, workspace
from tracks.execution.runner import run
from tracks.execution.spec import Places, RunSpec
from tracks.statuses import Outcome, Stage

pytestmark = [
    pytest.mark.sandbox,
    pytest.mark.skipif(bool(sandbox.probe()), reason="the sandbox does not work here"),
]

SECRET = "hush-" + "7f3a" * 4
HELP = """
import ctypes, json, os, pytest
OUTSIDE = json.loads(os.environ["OUTSIDE"])
libc = ctypes.CDLL(None, use_errno=True)
"""
ATTEMPTS = {
    "environ": """
        def test_it():
            seen, refused = b"", 0
            for entry in os.listdir("/proc"):
                if entry.isdigit():
                    try:
                        seen += open(f"/proc/{entry}/environ", "rb").read()
                    except PermissionError:
                        refused += 1
            assert refused, "not even the keeper's"
            assert b"OUTSIDE=" in seen, "its own can be read"
            assert b"SECRET_KEY" not in seen and b"DATABASE_URL" not in seen
    """,
    "sockets": """
        import socket
        @pytest.mark.parametrize("name", [OUTSIDE["socket"], "\\0" + OUTSIDE["abstract"]])
        def test_it(name):
            with socket.socket(socket.AF_UNIX) as client, pytest.raises(OSError):
                client.connect(name)
    """,
    "other_runs": """
        @pytest.mark.parametrize("name", sorted(OUTSIDE["folders"]))
        def test_it(name):
            for attempt in (os.listdir, lambda path: open(os.path.join(path, "owned"), "w")):
                with pytest.raises(OSError):
                    attempt(OUTSIDE["folders"][name])
    """,
    "network": """
        import socket
        @pytest.mark.parametrize("address", [("127.0.0.1", OUTSIDE["port"]), ("192.0.2.1", 53)])
        def test_it(address):
            with pytest.raises(OSError) as caught:
                socket.create_connection(address, 5)
            assert "unreachable" in str(caught.value)
            with pytest.raises(OSError):
                socket.getaddrinfo("example.test", 80)
    """,
    "metadata": """
        import socket
        @pytest.mark.parametrize("address", ["169.254.169.254", "fd00:ec2::254"])
        def test_it(address):
            with pytest.raises(OSError) as caught:
                socket.create_connection((address, 80), 5)
            assert not isinstance(caught.value, TimeoutError), "it was even tried"
    """,
    "writing": """
        objects = open(".git/objects/info/alternates").read().strip()
        PLACES = ["/", "/dev", "/usr", "/usr/bin", "/etc", "/omc-qa", "/omc-qa/tools/recorder",
                  "/omc-qa/tools", "/proc/sys/kernel", objects]
        @pytest.mark.parametrize("folder", PLACES)
        def test_it(folder):
            assert os.path.isdir(folder)
            with pytest.raises(OSError):
                open(folder + "/owned", "w")
        def test_programs_and_kernel():
            for file in ("/bin/sh", "/etc/passwd", "/omc-qa/keeper.py", "/proc/sys/kernel/core_pattern"):
                with pytest.raises(OSError):
                    open(file, "r+")
    """,
    "git": """
        import subprocess
        def test_it():
            program = f"touch {OUTSIDE['marks']}/git; touch {os.getcwd()}/git-ran"
            for name in ("core.fsmonitor", "core.sshCommand", "core.pager", "filter.evil.clean",
                         "filter.evil.smudge", "filter.evil.process", "diff.external", "alias.checkout"):
                subprocess.run(["git", "config", name, program], check=True)
            subprocess.run(["git", "config", "core.hooksPath", os.getcwd() + "/hooks"], check=True)
            os.mkdir("hooks")
            for hook in ("post-checkout", "pre-auto-gc", "reference-transaction", "post-index-change"):
                with open(f"hooks/{hook}", "w") as file:
                    file.write("#!/bin/sh\\n" + program)
                os.chmod(f"hooks/{hook}", 0o755)
            with open(".gitattributes", "w") as file:
                file.write("* filter=evil\\n")
    """,
    "artefacts": """
        @pytest.mark.parametrize("file", ["/omc-qa/events.jsonl", "/omc-qa/now.json"])
        def test_it(file):
            os.symlink("/etc/shadow", "/tmp/link")
            os.mkfifo("/tmp/fifo")
            try:
                for attempt in (os.unlink, lambda path: os.rename("/tmp/link", path),
                                lambda path: os.rename("/tmp/fifo", path)):
                    with pytest.raises(OSError):
                        attempt(file)
            finally:
                os.unlink("/tmp/link")
                os.unlink("/tmp/fifo")
    """,
    "past_namespaces": """
        import platform, socket
        KNOWN = {"x86_64": (250, 425), "aarch64": (219, 425)}
        def test_the_machine_that_hosts_this_one():
            with pytest.raises(OSError):
                socket.socket(40, socket.SOCK_STREAM)
            for family in (socket.AF_INET, socket.AF_UNIX):
                socket.socket(family, socket.SOCK_STREAM).close()
        @pytest.mark.parametrize("number", KNOWN.get(platform.machine(), ()))
        def test_keys_and_rings(number):
            buffer = ctypes.create_string_buffer(256)
            assert libc.syscall(number, 0, -3 if number != 425 else buffer, 0) == -1
    """,
    "devices": """
        import stat
        def test_nodes():
            for kind, number in ((stat.S_IFBLK, os.makedev(8, 0)), (stat.S_IFCHR, os.makedev(1, 1))):
                with pytest.raises(OSError):
                    os.mknod("node", kind | 0o666, number)
        def test_what_is_there():
            harmless = "null zero full random urandom tty console ptmx pts shm fd stdin stdout stderr core"
            assert set(os.listdir("/dev")) <= set(harmless.split())
    """,
    "namespaces": """
        FLAGS = {"user": 0x10000000, "mount": 0x20000, "pid": 0x20000000, "net": 0x40000000, "uts": 0x4000000}
        @pytest.mark.parametrize("name", sorted(FLAGS))
        def test_unshare(name):
            assert libc.unshare(FLAGS[name]) == -1
        def test_mount():
            assert libc.mount(b"none", b"/tmp", b"tmpfs", 0, None) == -1
            assert libc.chroot(b"/tmp") == -1
        def test_setns():
            for name in os.listdir("/proc/1/ns") if os.access("/proc/1/ns", os.R_OK) else ():
                with pytest.raises(OSError):
                    open(f"/proc/1/ns/{name}")
    """,
    "ptrace": """
        ATTACH, SEIZE = 16, 0x4206
        def test_trace():
            assert libc.ptrace(ATTACH, 1, 0, 0) == -1
            assert libc.ptrace(SEIZE, 1, 0, 0) == -1
        @pytest.mark.parametrize("name", ["mem", "environ", "maps", "fd", "cwd", "root", "exe"])
        def test_proc(name):
            with pytest.raises(PermissionError):
                os.readlink(f"/proc/1/{name}") if name in ("cwd", "root", "exe") else (
                    os.listdir(f"/proc/1/{name}") if name == "fd" else open(f"/proc/1/{name}", "rb").read())
        def test_descriptors():
            PIDFD_GETFD = 438
            pidfd = os.pidfd_open(1)
            assert [libc.syscall(PIDFD_GETFD, pidfd, number, 0) for number in range(8)] == [-1] * 8
    """,
    "signals": """
        import signal
        def test_keeper():
            for number in (signal.SIGKILL, signal.SIGSTOP, signal.SIGTERM, signal.SIGINT, signal.SIGUSR1):
                os.kill(1, number)
            with open("/proc/1/status") as file:
                assert "T (stopped)" not in file.read()
        def test_others():
            with pytest.raises(OSError):
                os.kill(OUTSIDE["pid"], signal.SIGKILL)
    """,
    "environments": """
        import sys
        def test_it():
            import pytest as used
            for place in (sys.prefix, sys.base_prefix, os.path.dirname(used.__file__)):
                with pytest.raises(OSError):
                    open(place + "/owned.pth", "w")
    """,
    "user": """
        def test_it():
            assert os.getuid() != 0 and os.getgroups() in ([], [os.getgid()])
            assert libc.setuid(0) == -1
            with open("who", "w") as file:
                file.write(str(os.getuid()))
            os.symlink("/etc/shadow", "shadow")
            os.mkfifo("fifo")
    """,
}


OF_A_SET_UP = """
import json, os, pathlib, signal, socket
OUTSIDE = json.loads(os.environ["OUTSIDE"])
own = pathlib.Path(os.environ["VIRTUAL_ENV"])

def refused(attempt, *arguments):
    try:
        attempt(*arguments)
    except OSError:
        return True
    return False

def environments():
    seen = b""
    for entry in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            seen += (entry / "environ").read_bytes()
        except OSError:
            pass
    return seen

def written(folder):
    (pathlib.Path(folder) / "owned").touch()

foreign = {name: path for name, path in OUTSIDE["folders"].items() if name != "environments"}
assert b"OUTSIDE=" in environments(), "its own can be read"
assert b"SECRET_KEY" not in environments() and b"DATABASE_URL" not in environments()
assert refused(socket.socket(socket.AF_UNIX).connect, OUTSIDE["socket"])
assert refused(os.kill, OUTSIDE["pid"], signal.SIGKILL)
assert refused(open, "/proc/1/mem", "rb") and refused(open, "/etc/shadow")
for name, path in foreign.items():
    assert refused(os.listdir, path) and refused(written, path), name
above = own.parent.parent
assert os.listdir(above) == [own.parent.name], "no environment but the one that is built"
for folder in ("/", "/usr", "/omc-qa", "/omc-qa/tools"):
    assert refused(written, folder), folder
for folder in (own, own.parent, above):  # all but the first are folders of the jail's own /tmp
    written(folder)
print("nothing was in reach")
"""


@dataclass
class Outside:
    """What there is to be reached on this machine, and what the run told."""

    root: Path
    server: socket.socket
    unix: socket.socket
    abstract: socket.socket
    bystander: "subprocess.Popen[bytes]"
    story: Story = field(default_factory=Story)
    who: int = -1

    @property
    def marks(self) -> Path:
        return self.root / "marks"

    @property
    def places(self) -> Places:
        return Places(self.root / "places")

    def told(self) -> str:
        """What the attempts are told of it: the worst case, they know where everything is."""
        places = self.places
        named = {
            "runs": str(places.runs),
            "another run": str(places.runs / "other" / "w"),
            "environments": str(places.environments),
            "caches": str(places.caches),
            "marks": str(self.marks),
            "another slot": str(places.slots / "7" / "w"),
            "another trust class": str(places.caches / "project-protected-bubblewrap"),
        }
        data: dict[str, Any] = {
            "folders": named,
            "marks": str(self.marks),
            "socket": self.unix.getsockname(),
            "abstract": self.abstract.getsockname()[1:].decode(),
            "port": self.server.getsockname()[1],
            "pid": self.bystander.pid,
        }
        return json.dumps(data)


@pytest.fixture(scope="module")
def outside() -> Iterator[Outside]:
    """A machine that is open to everybody, and a run that tries to get at it."""
    with ExitStack() as opened:
        root = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="escapes-")))
        (root / "marks").mkdir()
        (root / "places" / "runs" / "other" / "w").mkdir(parents=True)
        (root / "places" / "slots" / "7" / "w").mkdir(parents=True)
        (root / "places" / "caches" / "project-protected-bubblewrap").mkdir(parents=True)
        (root / "places" / "environments" / "another" / "venv").mkdir(parents=True)
        for folder in (root, *root.rglob("*")):
            folder.chmod(0o777)
        sockets = []
        for family, address in (
            (socket.AF_INET, ("127.0.0.1", 0)),
            (socket.AF_UNIX, str(root / "database.sock")),
            (socket.AF_UNIX, f"\0{root.name}"),
        ):
            listening = opened.enter_context(socket.socket(family))
            listening.bind(address)
            listening.listen()
            listening.setblocking(False)
            sockets.append(listening)
        (root / "database.sock").chmod(0o777)
        environment = {"SECRET_KEY": SECRET, "DATABASE_URL": SECRET, "PATH": "/usr/bin:/bin"}
        become = _as_the_runs_user()
        bystander = opened.enter_context(subprocess.Popen((*become, "sleep", "600"), env=environment))
        opened.callback(bystander.kill)
        here = Outside(root, *sockets, bystander)
        _play(here)
        yield here


def _as_the_runs_user() -> tuple[str, ...]:
    """The worst case: another process of the very same user."""
    user = sandbox.Bubblewrap().of_slot(0).owner
    return ("setpriv", "--reuid", str(user), "--regid", str(user), "--clear-groups") if user else ()


def _play(here: Outside) -> None:
    repository = Repository(here.root / "repository")
    files = {f"test_{name}.py": HELP + _dedented(text) for name, text in ATTEMPTS.items()}
    repository.commit(files | {"conftest.py": "import os\n"})
    spec = RunSpec(
        run="escapes",
        project="project",
        repository=str(repository.path),
        sha=repository.head(),
        python=sys.executable,
        env={"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "OUTSIDE": here.told()},
        after="cat who",
        allow_local=True,
    )
    for event in run(spec, here.places):
        here.story.events.append(event)
    here.who = int(here.story.log.splitlines()[-1])


def _dedented(text: str) -> str:
    return "\n".join(line[8:] for line in text.splitlines()) + "\n"


def test_from_inside_a_set_up_every_attempt_fails(outside: Outside, monkeypatch: pytest.MonkeyPatch) -> None:
    """It has this machine's network, and what listens there can be called; nothing else of the machine."""
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.setenv("SECRET_KEY", SECRET)
    repository = Repository(outside.root / "set-up")
    spec = RunSpec(
        run="set-up",
        project="project",
        repository=str(repository.path),
        sha=repository.commit({"attempts.py": OF_A_SET_UP}),
        setup="python attempts.py",
        env={"OUTSIDE": outside.told()},
        allow_local=True,
    )
    log = ""
    with pytest.raises(SubjectError) as raised:
        for event in run(spec, outside.places):
            log += getattr(event, "text", "")
    assert "pytest is missing" in raised.value.message, raised.value.detail  # it got as far as the tests
    assert "nothing was in reach" in log
    assert list(outside.marks.iterdir()) == [] and SECRET not in log
    assert [path.parent.name for path in outside.places.root.rglob("owned")] == ["venv"]


@pytest.mark.parametrize("name", sorted(ATTEMPTS))
def test_from_inside_every_attempt_fails(outside: Outside, name: str) -> None:
    told = [
        event
        for event in outside.story.of(TestFinished)
        if event.test.partition("::")[0] == f"test_{name}.py"
    ]
    assert told, outside.story.log
    for event in told:
        assert event.outcome is Outcome.PASSED, event.text


def test_secrets_are_not_told_by_anything(outside: Outside) -> None:
    assert SECRET not in repr(outside.story.events)


@pytest.mark.parametrize("name", ["abstract", "server", "unix"])
def test_nobody_has_called_at_the_sockets(outside: Outside, name: str) -> None:
    with pytest.raises(BlockingIOError):
        getattr(outside, name).accept()


def test_other_folders_are_as_they_were(outside: Outside) -> None:
    assert list(outside.marks.iterdir()) == [], "git, too, ran nothing of the workspace's"
    assert list((outside.places.runs / "other" / "w").iterdir()) == []


def test_other_processes_live(outside: Outside) -> None:
    assert outside.bystander.poll() is None


def test_the_run_was_whole_and_in_the_sandbox(outside: Outside) -> None:
    finished = outside.story.finished
    assert finished and finished.collected == finished.reported == len(outside.story.outcomes)
    assert outside.story.ended(Stage.AFTER).exit_code == 0


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become somebody else")
def test_a_runs_user_is_its_own_and_owns_nothing_afterwards(outside: Outside) -> None:
    assert outside.who == sandbox.FIRST_OF_RUNS
    owners = {path.lstat().st_uid for path in outside.root.rglob("*")}
    assert outside.who not in owners
    in_its_jail = [entry for entry in Path("/proc").glob("[0-9]*") if str(outside.root) in _mounts(entry)]
    assert in_its_jail == []


def _mounts(entry: Path) -> str:
    try:
        return (entry / "mountinfo").read_text()
    except OSError:
        return ""


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become somebody else")
def test_two_runs_at_once_share_no_user_and_set_ups_share_one(tmp_path: Path) -> None:
    places, jail = Places(tmp_path), sandbox.Bubblewrap()
    specs = [RunSpec(run=name, project="1", repository="/r", sha="a" * 40) for name in ("one", "two")]
    with (
        workspace.folders(specs[0], places, jail) as one,
        workspace.folders(specs[1], places, jail) as two,
    ):
        users = {jail.of_slot(one.slot).owner, jail.of_slot(two.slot).owner, jail.owner}
    assert users == {sandbox.BUILDER, sandbox.FIRST_OF_RUNS, sandbox.FIRST_OF_RUNS + 1}


def test_what_a_set_up_leaves_is_taken_as_it_lies(tmp_path: Path) -> None:
    """A link to a secret stays a link, a FIFO does not hold the worker."""
    left, store = tmp_path / "w", tmp_path / "store"
    left.mkdir()
    (left / "shadow").symlink_to("/etc/shadow")
    (left / "folder").symlink_to("/etc")
    os.mkfifo(left / "fifo")
    paths = leavings.found(left, ())
    leavings.keep(left, paths, store)
    assert sorted(path.name for path in store.iterdir()) == ["folder", "shadow"]
    assert all(path.is_symlink() for path in store.iterdir())

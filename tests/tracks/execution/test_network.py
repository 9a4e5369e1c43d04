"""What the commands of a run reach: nothing, a loopback of their own, or this machine's network."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import packaging
import pytest

from tests.tracks.execution.conftest import Story
from tests.tracks.execution.repositories import Repository
from tracks.execution import sandbox
from tracks.statuses import Network

PROJECT = Path(__file__).parents[3]
UNPRIVILEGED = "65534"
GREEN = {"test_it.py": "def test_one(): pass\n"}

pytestmark = [
    pytest.mark.sandbox,
    pytest.mark.skipif(bool(sandbox.probe()), reason="the sandbox does not work here"),
]

CONNECT = """
import socket, sys
try:
    socket.create_connection(("127.0.0.1", int(sys.argv[1])), 5)
    print("reached")
except OSError as error:
    print(error.strerror)
"""
LISTEN = """
import socket
server = socket.create_server(("127.0.0.1", 5432))
socket.create_connection(("127.0.0.1", 5432), 5)
print("met itself")
"""


@pytest.fixture
def server() -> Iterator[int]:
    """The port of a server on this machine's own loopback."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


@pytest.mark.parametrize(
    ("network", "expected"),
    [
        (Network.NONE, "Network is unreachable"),
        (Network.LOOPBACK, "Connection refused"),
        (Network.HOST, "reached"),
    ],
)
def test_only_the_hosts_network_leads_to_this_machine(
    repository: Repository, play: Callable[..., Story], server: int, network: Network, expected: str
) -> None:
    repository.commit(GREEN | {"connect.py": CONNECT})
    assert play(before=f"python connect.py {server}", network=network).log.startswith(expected)


def test_a_loopback_of_its_own_can_be_listened_on(repository: Repository, play: Callable[..., Story]) -> None:
    repository.commit(GREEN | {"listen.py": LISTEN})
    assert play(before="python listen.py", network=Network.LOOPBACK).log.startswith("met itself")


AS_A_USER = """
from contextlib import closing
from tracks.execution import locks, sandbox
from tracks.execution.processes import Deadline, LogBook
from tracks.execution.session import Request
from tracks.statuses import Network
assert sandbox.probe() == "", sandbox.probe()
for network in Network:
    log = LogBook()
    with closing(sandbox.jail(allow_unsandboxed=False).open(sandbox.Box((), network))) as session:
        request = Request(("cat", "/proc/net/route", "/proc/net/if_inet6"), {"PATH": "/usr/bin"}, "/", {})
        locks.exhaust(session.run(request, watch=Deadline(10, "it"), log=log))
    print(network, "lo" in log.last_lines(), flush=True)
"""


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become somebody else")
def test_a_worker_that_is_not_root_keeps_networks_apart_just_as_well() -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        shutil.copytree(PROJECT / "tracks", Path(folder) / "tracks", ignore=shutil.ignore_patterns("models*"))
        shutil.copytree(Path(packaging.__file__).parent, Path(folder) / "packaging")
        (Path(folder) / "re2.py").touch()  # compiled for another interpreter, and not asked for here
        user = ("setpriv", "--reuid", UNPRIVILEGED, "--regid", UNPRIVILEGED, "--clear-groups")
        done = subprocess.run(
            (*user, "/usr/bin/python3", "-c", AS_A_USER),
            cwd=folder,
            env={"PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[:2] == ["none False", "loopback True"]

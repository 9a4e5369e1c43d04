"""``omc-qa up``: everything in one terminal, and nothing after it."""

import re
import signal
import socket
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.omc_qa.cli.installations import omc_qa, processes_that_say, ps, start
from tests.omc_qa.cli.repositories import create_repository
from tests.waiting import wait_for

pytestmark = pytest.mark.slow


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/accounts/login/", timeout=5) as response:
            return bool(response.status == 200)
    except OSError:
        return False


def alive(home, port: int) -> list[str]:
    """Its servers, its web server and its workers."""
    sockets = processes_that_say(str(home)) + processes_that_say(f"127.0.0.1:{port}")
    return [line for line in sockets if "omc_qa.cli" not in line]


def test_kill_9_of_the_supervisor_leaves_no_orphan_and_the_next_start_works(home):
    port = free_port()
    first = start(home, "up", "--port", str(port))
    wait_for(lambda: answers(port))
    assert alive(home, port)
    first.kill()
    first.wait()
    wait_for(lambda: not alive(home, port), seconds=20)
    second = start(home, "up", "--port", str(port))
    wait_for(lambda: answers(port))
    second.send_signal(signal.SIGINT)
    printed, _ = second.communicate(timeout=30)
    assert "Traceback" not in printed
    assert not alive(home, port)


def test_kill_9_while_a_test_runs_leaves_neither_worker_nor_test(home, tmp_path):
    hangs = "import time\ndef test_it(): time.sleep(600)\n"
    repository = create_repository(tmp_path / "ledger", {"test_it.py": hangs})
    marked = "python -m pytest #kill-9-marker"
    cli = start(
        home,
        *("try", str(repository), "--once", "--track", "A=main", "--test", marked),
        *("--python", sys.executable, "--env", "PYTEST_DISABLE_PLUGIN_AUTOLOAD=1"),
    )
    wait_for(lambda: cli.poll() is not None or processes_that_say("kill-9-marker", but="omc_qa.cli"))
    assert cli.poll() is None, cli.communicate()[0]
    workers = wait_for(lambda: children_of(cli.pid))
    cli.kill()
    cli.wait()
    wait_for(lambda: not processes_that_say("kill-9-marker"), seconds=20)
    wait_for(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers), seconds=20)


def children_of(pid: int) -> list[int]:
    """The process ids of a process's children and theirs."""
    parents = {each: parent for each, (parent, _) in ps().items()}
    found = [pid]
    for parent in found:
        found += [child for child, its_parent in parents.items() if its_parent == parent]
    return found[1:]


def test_an_operator_made_beside_it_gets_a_link_that_signs_in(home):
    port = free_port()
    up = start(home, "up", "--port", str(port))
    try:
        wait_for(lambda: answers(port))
        done = omc_qa(
            home, "operator", "lena@example.org", "--name", "Lena", "--url", f"http://127.0.0.1:{port}"
        )
        link = re.search(r"http://\S+/sign-in/\S+", done.stdout)
        assert link, done.stdout + done.stderr
        with urllib.request.urlopen(link[0], timeout=10) as page:
            assert "Sign in as Lena" in page.read().decode()
    finally:
        up.send_signal(signal.SIGINT)
        up.communicate(timeout=30)


def test_a_second_one_in_the_same_home_is_told_about_the_first(home):
    port = free_port()
    up = start(home, "up", "--port", str(port))
    try:
        wait_for(lambda: answers(port))
        done = omc_qa(home, "up", "--port", str(port))
        assert done.returncode == 2
        assert f"already runs in {home} (process {up.pid})" in done.stderr
    finally:
        up.send_signal(signal.SIGINT)
        up.communicate(timeout=30)


def test_without_one_running_an_operator_cannot_be_made_and_it_says_why(home):
    done = omc_qa(home, "operator", "lena@example.org")
    assert done.returncode == 2
    assert "The database does not answer." in done.stderr


@pytest.mark.parametrize("source", ["system", "wheels"])
def test_servers_come_from_the_system_or_from_wheels(home, source):
    """Where the machine has no server of its own, the message says how to get one."""
    up = start(home, "up", "--port", str(free_port()), OMC_QA_SERVERS=source)
    assert up.stdout
    first_line = up.stdout.readline()
    if up.poll() is None:
        up.send_signal(signal.SIGINT)
    up.communicate(timeout=30)
    expected = "OMC QA serves http"
    if source == "system":
        expected += "|No (PostgreSQL|Redis or Valkey server) was found. Install"
    assert re.match(expected, first_line)

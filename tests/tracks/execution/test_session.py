"""Commands in a jail, and without one: their output, their limits, and that nothing of them lives on."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.waiting import wait_for
from tracks.errors import ToolError
from tracks.events import Heartbeat, Log
from tracks.execution import sandbox, workspace
from tracks.execution.processes import Deadline, Ended, LogBook
from tracks.execution.sandbox import Bare, Box, Bubblewrap, Jail, Mount
from tracks.execution.session import Request
from tracks.execution.spec import Limits
from tracks.statuses import Network

PROJECT = Path(__file__).parents[3]

# A daemon as they come: forked twice, in a session of its own, deaf to SIGTERM, holding the pipe.
DAEMON = """
import os, signal, sys, time
if os.fork(): os._exit(0) if len(sys.argv) > 2 else time.sleep(600)
os.setsid()
if os.fork(): os._exit(0)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
signal.signal(signal.SIGHUP, signal.SIG_IGN)
time.sleep(600)
"""


class Inside:
    """A session, and what is asked of it."""

    def __init__(self, jail: Jail, folder: Path) -> None:
        self._jail = jail
        self._mount = Mount(folder, "/w", writable=True)
        self.session = jail.open(Box((self._mount,), Network.LOOPBACK))

    def start(
        self, *argv: str, limit: float = 20, log: LogBook | None = None, limits: Limits | None = None
    ) -> Generator[Log | Heartbeat, None, Ended]:
        env = {"PATH": "/usr/bin:/bin", "TOKEN": "hush"}
        request = Request(argv, env, self._jail.seen(self._mount), self._jail.rlimits(limits or Limits()))
        return self.session.run(request, watch=Deadline(limit, "test"), log=log or LogBook())

    def finish(self, *argv: str, **how: Any) -> tuple[str, Ended]:
        steps, text = self.start(*argv, **how), ""
        while True:
            try:
                event = next(steps)
            except StopIteration as end:
                return text, end.value
            text += event.text if isinstance(event, Log) else ""


@pytest.fixture
def inside(tier: str, tmp_path: Path) -> Iterator[Inside]:
    jail = Bare() if tier == "bare" else Bubblewrap()
    folder = tmp_path / "work"
    folder.mkdir()
    workspace.give(folder, jail)
    here = Inside(jail, folder)
    with closing(here.session):
        yield here


def lives(mark: str) -> bool:
    """Whether any process of this machine has the mark among its arguments."""
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and mark.encode() in (entry / "cmdline").read_bytes():
                return True
        except OSError:
            continue
    return False


def test_a_command_tells_what_it_prints_and_how_it_ends(inside: Inside) -> None:
    text, ended = inside.finish("/bin/sh", "-c", "echo out; echo err >&2; exit 7")
    assert text == "out\nerr\n"
    assert ended.exit_code == 7 and not ended.stopped


def test_a_program_that_is_missing_ends_with_127(inside: Inside) -> None:
    assert inside.finish("/bin/sh", "-c", "no-such-program")[1].exit_code == 127


def test_the_signal_that_killed_a_command_is_known(inside: Inside) -> None:
    code = inside.finish("/bin/sh", "-c", "kill -SEGV $$")[1].exit_code
    assert code in (-signal.SIGSEGV, 128 + signal.SIGSEGV)


def test_bytes_that_are_not_text_do_no_harm(inside: Inside) -> None:
    text, _ = inside.finish("/bin/sh", "-c", r"printf 'a\377b\303'; printf '\251\n'")
    assert text.startswith("a\ufffdb") and text.endswith("é\n")


def test_a_silent_command_gives_heartbeats(inside: Inside) -> None:
    steps = inside.start("sleep", "600", limit=60)
    began = time.monotonic()
    assert isinstance(next(steps), Heartbeat) and isinstance(next(steps), Heartbeat)
    assert time.monotonic() - began < 1.5
    steps.close()


def test_a_command_past_its_limit_is_stopped(inside: Inside) -> None:
    text, ended = inside.finish("/bin/sh", "-c", "echo here; sleep 600", limit=0.5)
    assert text == "here\n"
    assert ended.stopped == "the limit of 0.5 s for test was reached"


def test_what_a_command_leaves_running_is_there_for_the_next_one(inside: Inside) -> None:
    inside.finish("/bin/sh", "-c", "sleep 600 & echo $! > daemon")
    _, ended = inside.finish("/bin/sh", "-c", "kill -0 $(cat daemon)")
    assert ended.exit_code == 0


def test_stopping_a_command_spares_what_ran_before_it(inside: Inside) -> None:
    inside.finish("/bin/sh", "-c", "sleep 600 & echo $! > daemon")
    _, ended = inside.finish("/bin/sh", "-c", "sleep 600 & echo $! > own; setsid sleep 600", limit=0.5)
    assert ended.stopped
    assert inside.finish("/bin/sh", "-c", "kill -0 $(cat daemon)")[1].exit_code == 0
    assert inside.finish("/bin/sh", "-c", "kill -0 $(cat own)")[1].exit_code != 0


def test_what_a_daemon_prints_does_not_hold_a_command(inside: Inside) -> None:
    inside.finish("/bin/sh", "-c", "yes &")
    heard = (inside.finish("true") for _ in range(200))  # it may not have begun while the first ones run
    text, ended = next(each for each in heard if each[0])
    assert ended.exit_code == 0 and ended.seconds < 5
    assert text.startswith("y\n")


def test_a_daemon_that_holds_the_pipe_does_not_hold_the_run(inside: Inside, tmp_path: Path) -> None:
    mark = tmp_path.name + "-leaves"
    _, ended = inside.finish("/usr/bin/python3", "-c", DAEMON, mark, "leave")
    assert ended.exit_code == 0 and not ended.stopped and ended.seconds < 10
    wait_for(lambda: lives(mark), 10, every=0.01)
    inside.session.close()
    assert not lives(mark)


def test_a_cancelled_command_leaves_no_process(inside: Inside, tmp_path: Path) -> None:
    mark = tmp_path.name + "-stays"
    steps = inside.start("/usr/bin/python3", "-c", DAEMON, mark, limit=60)
    next(steps)
    wait_for(lambda: lives(mark), 10, every=0.01)
    began = time.monotonic()
    steps.close()
    wait_for(lambda: not lives(mark), 1, every=0.01)
    assert time.monotonic() - began < 1


def test_nothing_outlives_a_worker_that_is_killed(tier: str, tmp_path: Path) -> None:
    mark = tmp_path.name + "-orphan"
    code = (
        "import sys\n"
        "from tracks.execution.processes import Deadline, LogBook\n"
        "from tracks.execution.sandbox import Bare, Box, Bubblewrap\n"
        "from tracks.execution.session import Request\n"
        "from tracks.statuses import Network\n"
        "session = {'bare': Bare, 'bubblewrap': Bubblewrap}[sys.argv[1]]().open(Box((), Network.NONE))\n"
        "argv = ('/usr/bin/python3', '-c', sys.argv[2], sys.argv[3])\n"
        "steps = session.run(Request(argv, {}, '/', {}), watch=Deadline(60, 'test'), log=LogBook())\n"
        "for event in steps: print(event, flush=True)\n"
    )
    argv = (sys.executable, "-c", code, tier, DAEMON, mark)
    with subprocess.Popen(argv, stdout=subprocess.PIPE, cwd=PROJECT) as worker:
        assert worker.stdout
        worker.stdout.readline()
        wait_for(lambda: lives(mark), 10, every=0.01)
        worker.kill()
    wait_for(lambda: not lives(mark))


def test_a_file_past_its_limit_cannot_grow(inside: Inside) -> None:
    script = "head -c 9000 /dev/zero > big"
    assert inside.finish("/bin/sh", "-c", script, limits=Limits(file_bytes=4096))[1].exit_code != 0


def test_memory_past_its_limit_is_refused_to_one_process(inside: Inside) -> None:
    allocate = "x = bytearray(1024**3)"
    limits = Limits(memory_bytes=300 * 1024**2)
    text, ended = inside.finish("/usr/bin/python3", "-c", allocate, limits=limits)
    assert ended.exit_code == 1 and "MemoryError" in text


def test_a_broken_pipe_ends_a_command_as_it_does_in_a_terminal(inside: Inside) -> None:
    assert inside.finish("/bin/sh", "-c", "yes | head -n 1")[0] == "y\n"


def test_a_long_log_is_cut_and_says_so(inside: Inside) -> None:
    log = LogBook(limit=1024**2)
    text, _ = inside.finish("/bin/sh", "-c", "yes | head -c 3000000; echo the end", log=log)
    assert 1024**2 <= len(text) < 1024**2 + 200
    assert text.endswith("[the log is cut here: it passed 1 MiB]\n")
    assert log.last_lines(1) == "the end", "an error message quotes the real end"


def test_a_jail_that_does_not_start_is_our_fault_and_says_why(tmp_path: Path) -> None:
    if not sandbox.probe():
        with pytest.raises(ToolError, match="does not start") as caught:
            Bubblewrap().open(Box((Mount(tmp_path / "missing", "/w"),), Network.NONE))
        assert "missing" in caught.value.detail or "mnt" in caught.value.detail


@pytest.mark.sandbox
@pytest.mark.skipif(bool(sandbox.probe()), reason="the sandbox does not work here")
class TestInsideTheSandbox:
    @pytest.fixture
    def tier(self) -> str:
        return "bubblewrap"

    def test_there_is_no_way_to_the_network(self, inside: Inside) -> None:
        text, _ = inside.finish("/bin/sh", "-c", "cat /proc/net/dev | tail -n +3 | cut -d: -f1")
        assert text.split() == ["lo"]

    def test_localhost_can_be_named(self, inside: Inside) -> None:
        connect = "import socket; s = socket.create_server(('127.0.0.1', 5432)); print('listens')"
        assert inside.finish("/usr/bin/python3", "-c", connect)[0] == "listens\n"

    def test_other_processes_cannot_be_seen(self, inside: Inside) -> None:
        text, _ = inside.finish("/bin/sh", "-c", "ls /proc | grep -c '^[0-9]*$'")
        assert int(text) < 10

    def test_the_machines_files_are_not_there(self, inside: Inside, tmp_path: Path) -> None:
        (tmp_path / "secret").write_text("secret")
        text, _ = inside.finish("/bin/sh", "-c", f"cat {tmp_path}/secret /etc/shadow; ls /root /home /var")
        assert "secret" not in text.replace(f"{tmp_path}/secret", "")
        assert text.count("No such file") >= 4

    def test_the_system_cannot_be_written(self, inside: Inside) -> None:
        text, ended = inside.finish("/bin/sh", "-c", "touch /usr/owned")
        assert ended.exit_code and "Read-only" in text

    def test_there_is_no_root_and_no_way_to_become_it(self, inside: Inside) -> None:
        text, _ = inside.finish("/bin/sh", "-c", "id -u; grep -E 'CapBnd|NoNewPrivs' /proc/self/status")
        user, *status = text.split("\n")
        assert user != "0"
        assert status[:2] == ["CapBnd:\t0000000000000000", "NoNewPrivs:\t1"]

    def test_no_namespaces_of_its_own(self, inside: Inside) -> None:
        assert inside.finish("unshare", "--user", "true")[1].exit_code

    def test_variables_and_mounts_are_no_arguments(self, inside: Inside, tmp_path: Path) -> None:
        """Arguments can be read in /proc by every user of the machine."""
        steps = inside.start("sleep", "600")
        next(steps)
        arguments = Path(f"/proc/{inside.session.pid}/cmdline").read_bytes()
        assert b"bwrap" in arguments and b"hush" not in arguments and tmp_path.name.encode() not in arguments
        assert "hush" not in repr(Request(("true",), {"TOKEN": "hush"}, "/", {}))
        steps.close()

    def test_a_jail_that_dies_ends_its_command_and_all_that_follow(self, inside: Inside) -> None:
        steps = inside.start("sleep", "600")
        next(steps)
        os.kill(inside.session.pid, signal.SIGKILL)
        with pytest.raises(StopIteration) as end:
            while True:
                next(steps)
        assert end.value.value.exit_code == -signal.SIGKILL
        assert inside.finish("true")[1].exit_code == -signal.SIGKILL

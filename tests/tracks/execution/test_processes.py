"""One command: its output, its limit, and that nothing of it lives on."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tracks.events import Heartbeat, Log
from tracks.execution import sandbox
from tracks.execution.processes import Command, Ended, LogBook, stream
from tracks.execution.sandbox import Bare, Box, Bubblewrap, Jail, Mount
from tracks.execution.spec import Limits

# A daemon as they come: forked twice, in a session of its own, deaf to SIGTERM, holding the pipe.
DAEMON = """
import os, signal, sys, time
if os.fork(): os._exit(0) if len(sys.argv) > 2 else time.sleep(600)
os.setsid()
if os.fork(): os._exit(0)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
signal.signal(signal.SIGHUP, signal.SIG_IGN)
open(sys.argv[1], "w").write(str(os.getpid()))
time.sleep(600)
"""


@pytest.fixture
def jail(tier: str) -> Jail:
    return Bare() if tier == "bare" else Bubblewrap()


@pytest.fixture
def start(jail: Jail, tmp_path: Path) -> Callable[..., Command]:
    folder = tmp_path / "work"
    folder.mkdir()
    if jail.owner:
        os.chown(folder, jail.owner, jail.owner)

    def command(*argv: str, limits: Limits | None = None) -> Command:
        mount = Mount(folder, "/w", writable=True)
        env = {"PATH": "/usr/bin:/bin"}
        return jail.command(argv, Box((mount,), env, jail.seen(mount), limits or Limits()))

    return command


def finish(command: Command, *, limit: float = 20, log: LogBook | None = None) -> tuple[str, Ended]:
    steps = stream(command, limit=limit, log=log or LogBook(), name="test")
    text = ""
    while True:
        try:
            event = next(steps)
        except StopIteration as end:
            return text, end.value
        text += event.text if isinstance(event, Log) else ""


def wait_for(condition: Callable[[], object], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


def lives(mark: str) -> bool:
    """Whether any process of this machine has the mark among its arguments."""
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and mark.encode() in (entry / "cmdline").read_bytes():
                return True
        except OSError:
            continue
    return False


def test_a_command_tells_what_it_prints_and_how_it_ends(start: Callable[..., Command]) -> None:
    text, ended = finish(start("/bin/sh", "-c", "echo out; echo err >&2; exit 7"))
    assert text == "out\nerr\n"
    assert ended.exit_code == 7 and not ended.stopped


def test_a_program_that_is_missing_ends_with_127(start: Callable[..., Command]) -> None:
    assert finish(start("/bin/sh", "-c", "no-such-program"))[1].exit_code == 127


def test_the_signal_that_killed_a_command_is_known(start: Callable[..., Command]) -> None:
    code = finish(start("/bin/sh", "-c", "kill -SEGV $$"))[1].exit_code
    assert code in (-signal.SIGSEGV, 128 + signal.SIGSEGV)


def test_bytes_that_are_not_text_do_no_harm(start: Callable[..., Command]) -> None:
    text, _ = finish(start("/bin/sh", "-c", r"printf 'a\377b\303'; printf '\251\n'"))
    assert text.startswith("a\ufffdb") and text.endswith("é\n")


def test_a_silent_command_gives_heartbeats(start: Callable[..., Command]) -> None:
    steps = stream(start("sleep", "600"), limit=60, log=LogBook(), name="test")
    began = time.monotonic()
    assert isinstance(next(steps), Heartbeat) and isinstance(next(steps), Heartbeat)
    assert time.monotonic() - began < 1.5
    steps.close()


def test_a_command_past_its_limit_is_stopped(start: Callable[..., Command]) -> None:
    text, ended = finish(start("/bin/sh", "-c", "echo here; sleep 600"), limit=0.5)
    assert text == "here\n"
    assert ended.stopped == "the limit of 0.5 s for test was reached"


def test_a_daemon_that_holds_the_pipe_does_not_hold_the_run(
    start: Callable[..., Command], tmp_path: Path
) -> None:
    mark = tmp_path.name + "-leaves"
    _, ended = finish(start("/usr/bin/python3", "-c", DAEMON, f"/tmp/{mark}", "leave"))
    assert ended.exit_code == 0 and not ended.stopped and ended.seconds < 10
    wait_for(lambda: not lives(mark))


def test_a_cancelled_command_leaves_no_process(start: Callable[..., Command], tmp_path: Path) -> None:
    mark = tmp_path.name + "-stays"
    steps = stream(
        start("/usr/bin/python3", "-c", DAEMON, f"/tmp/{mark}"), limit=60, log=LogBook(), name="test"
    )
    next(steps)
    assert lives(mark)
    steps.close()
    wait_for(lambda: not lives(mark))


def test_nothing_outlives_a_worker_that_is_killed(tmp_path: Path) -> None:
    mark = tmp_path.name + "-orphan"
    code = (
        "import sys; from tracks.execution.processes import *; from tracks.execution.sandbox import *\n"
        "from tracks.execution.spec import Limits\n"
        "box = Box((), {'PATH': '/usr/bin:/bin'}, '/', Limits())\n"
        "command = Bare().command(('/usr/bin/python3', '-c', sys.argv[1], sys.argv[2]), box)\n"
        "for event in stream(command, limit=60, log=LogBook(), name='test'): print(event, flush=True)\n"
    )
    argv = (sys.executable, "-c", code, DAEMON, f"{tmp_path}/{mark}")
    with subprocess.Popen(argv, stdout=subprocess.PIPE) as worker:
        assert worker.stdout
        worker.stdout.readline()
        wait_for((tmp_path / mark).exists)
        worker.kill()
    wait_for(lambda: not lives(mark))


def test_a_file_past_its_limit_cannot_grow(start: Callable[..., Command]) -> None:
    command = start("/bin/sh", "-c", "head -c 9000 /dev/zero > big", limits=Limits(file_bytes=4096))
    assert finish(command)[1].exit_code != 0


def test_memory_past_its_limit_is_refused(start: Callable[..., Command]) -> None:
    allocate = "x = bytearray(1024**3)"
    command = start("/usr/bin/python3", "-c", allocate, limits=Limits(memory_bytes=300 * 1024**2))
    text, ended = finish(command)
    assert ended.exit_code == 1 and "MemoryError" in text


def test_a_long_log_is_cut_and_says_so(start: Callable[..., Command]) -> None:
    log = LogBook(limit=1024**2)
    text, _ = finish(start("/bin/sh", "-c", "yes | head -c 3000000; echo the end"), log=log)
    assert 1024**2 <= len(text) < 1024**2 + 200
    assert text.endswith("[the log is cut here: it passed 1 MiB]\n")
    assert log.last_lines(1) == "the end", "an error message quotes the real end"


@pytest.mark.sandbox
@pytest.mark.skipif(bool(sandbox.probe()), reason="the sandbox does not work here")
class TestInsideTheSandbox:
    @pytest.fixture
    def tier(self) -> str:
        return "bubblewrap"

    def test_there_is_no_way_to_the_network(self, start: Callable[..., Command]) -> None:
        text, _ = finish(start("/bin/sh", "-c", "cat /proc/net/dev | tail -n +3 | cut -d: -f1"))
        assert text.split() == ["lo"]

    def test_localhost_can_be_named(self, start: Callable[..., Command]) -> None:
        connect = "import socket; s = socket.create_server(('127.0.0.1', 5432)); print('listens')"
        assert finish(start("/usr/bin/python3", "-c", connect))[0] == "listens\n"

    def test_other_processes_cannot_be_seen(self, start: Callable[..., Command]) -> None:
        text, _ = finish(start("/bin/sh", "-c", "ls /proc | grep -c '^[0-9]*$'"))
        assert int(text) < 10

    def test_the_machines_files_are_not_there(self, start: Callable[..., Command], tmp_path: Path) -> None:
        (tmp_path / "secret").write_text("secret")
        text, _ = finish(start("/bin/sh", "-c", f"cat {tmp_path}/secret /etc/shadow; ls /root /home /var"))
        assert "secret" not in text.replace(f"{tmp_path}/secret", "")
        assert text.count("No such file") >= 4

    def test_the_system_cannot_be_written(self, start: Callable[..., Command]) -> None:
        text, ended = finish(start("/bin/sh", "-c", "touch /usr/owned"))
        assert ended.exit_code and "Read-only" in text

    def test_there_is_no_root_and_no_way_to_become_it(self, start: Callable[..., Command]) -> None:
        text, _ = finish(start("/bin/sh", "-c", "id -u; grep -E 'CapBnd|NoNewPrivs' /proc/self/status"))
        user, *status = text.split("\n")
        assert user != "0"
        assert status[:2] == ["CapBnd:\t0000000000000000", "NoNewPrivs:\t1"]

    def test_no_namespaces_of_its_own(self, start: Callable[..., Command]) -> None:
        assert finish(start("unshare", "--user", "true"))[1].exit_code

    def test_variables_are_no_arguments(self, tmp_path: Path) -> None:
        """Arguments can be read in /proc by every user of the machine."""
        box = Box((), {"TOKEN": "hush"}, "/", Limits())
        command = Bubblewrap().command(("true",), box)
        assert not any("hush" in argument for argument in command.argv)
        assert "hush" not in repr(command)

"""Every limit of a run: a labelled verdict, the results up to then, and no process left."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tracks.execution.conftest import Story
from tests.tracks.execution.repositories import Repository
from tests.tracks.execution.test_session import lives, wait_for
from tracks.errors import SubjectError
from tracks.execution import locks
from tracks.execution.progress import Progress
from tracks.execution.spec import Limits, Places
from tracks.execution.usage import Disk, memory, size
from tracks.execution.watch import readable
from tracks.statuses import Network, Stage

Play = Callable[..., Story]
MIB = 1024**2

HOGS = {
    "memory": """
        import os, time
        def test_hog():
            for _ in range(4):
                if not os.fork():
                    held = b"x" * (40 * 1024**2)
                    time.sleep(600)
            time.sleep(600)
    """,
    "processes": """
        import os, time
        def test_hog():
            for _ in range(60):
                if not os.fork():
                    os.setsid()
                    time.sleep(600)
            time.sleep(600)
    """,
    "disk": """
        import time
        def test_hog():
            for number in range(20):
                with open(f"file{number}", "wb") as file:
                    file.write(b"x" * 2 * 1024**2)
            time.sleep(600)
    """,
    "file size": """
        import os, time
        def test_hog():
            file = os.open("big", os.O_WRONLY | os.O_CREAT)
            try:
                while True: os.write(file, b"x" * 1024**2)
            except OSError:
                time.sleep(600)
    """,
    "output": """
        import os, time
        def test_hog(capfd):
            with capfd.disabled():
                while True:
                    os.write(1, b"x" * 65536)
    """,
    "silence": """
        import time
        def test_hog(): time.sleep(600)
    """,
    "one test": """
        import os, time
        def test_hog(capfd):
            with capfd.disabled():
                while True:
                    os.write(1, b".")
                    time.sleep(0.05)
    """,
    "wall clock": """
        import time
        def test_hog(): time.sleep(600)
    """,
}
LIMITS = {
    "memory": (Limits(memory_bytes=128 * MIB, test_seconds=60), "more than 128 MiB of memory in {}"),
    "processes": (Limits(processes=40, test_seconds=60), "more than 40 processes in {}"),
    "disk": (Limits(disk_bytes=20 * MIB, test_seconds=60), "more than 20 MiB on the disk in {}"),
    "file size": (Limits(file_bytes=20 * MIB, test_seconds=60), "a file of more than 20 MiB in {}"),
    "output": (Limits(output_bytes=64 * MIB, test_seconds=60), "more than 64 MiB of output in {}"),
    "silence": (Limits(silent_seconds=1, test_seconds=60), "no output for 1 s in {}"),
    "one test": (Limits(one_test_seconds=1, test_seconds=60), "{} ran for more than 1 s"),
    "wall clock": (Limits(test_seconds=2), "the limit of 2 s for test was reached in {}"),
}


MEASURED = ("disk", "memory", "processes")
TIERS_AND_LIMITS = [("bare", name) for name in MEASURED] + [
    pytest.param("bubblewrap", name, marks=pytest.mark.sandbox) for name in sorted(LIMITS)
]


@pytest.mark.parametrize(("tier", "name"), TIERS_AND_LIMITS, indirect=["tier"])
def test_a_limit_that_strikes_names_itself_and_the_test(
    repository: Repository, play: Play, places: Places, tier: str, name: str
) -> None:
    first, never = "def test_first(): pass\n", "def test_never(): pass\n"
    repository.commit({"test_a.py": first, "test_b.py": HOGS[name], "test_c.py": never})
    limits, expected = LIMITS[name]
    mark = f"mark-{places.root.parent.name}"
    story = play(limits=limits, test=f"python -m pytest -p no:{mark}", after="true")
    assert story.ended(Stage.TEST).stopped == expected.format("test_b.py::test_hog"), story.error
    assert story.outcomes == {"test_a.py::test_first": "passed"}
    assert story.error is None and story.ended(Stage.AFTER).exit_code == 0
    wait_for(lambda: not lives(mark))


def test_a_limit_strikes_the_command_before_too(repository: Repository, play: Play, tier: str) -> None:
    repository.commit({"test_it.py": "def test_one(): pass\n"})
    story = play(before="head -c 30000000 /dev/zero > big; sleep 600", limits=Limits(disk_bytes=20 * MIB))
    assert isinstance(story.error, SubjectError)
    assert "was stopped: more than 20 MiB on the disk" in story.error.message


def test_a_set_up_cannot_fill_the_environment_and_the_cache(
    repository: Repository, play: Play, monkeypatch: pytest.MonkeyPatch, bare: None
) -> None:
    monkeypatch.setenv("UV_OFFLINE", "1")
    repository.commit({"test_it.py": "def test_one(): pass\n"})
    fill = "head -c 25000000 /dev/zero"  # each alone would be less than the limit
    setup = f"mkdir -p $UV_CACHE_DIR; {fill} > $VIRTUAL_ENV/big; {fill} > $UV_CACHE_DIR/big; sleep 600"
    error = play(python="", setup=setup, limits=Limits(disk_bytes=40 * MIB)).error
    assert isinstance(error, SubjectError)
    assert error.message == "The set-up was stopped: more than 40 MiB on the disk."


def test_what_folders_held_already_does_not_count(tmp_path: Path) -> None:
    (tmp_path / "old").write_bytes(b"x" * 3 * MIB)
    already = locks.exhaust(size(tmp_path))
    (tmp_path / "new").write_bytes(b"x" * 2 * MIB)
    disk = Disk([tmp_path], already)
    wait_for(disk.held)
    assert 2 * MIB <= disk.held() < 3 * MIB
    disk.close()


def test_results_that_do_not_fit_into_a_file_are_not_lost_in_silence(
    repository: Repository, play: Play, bare: None
) -> None:
    tests = "".join(f"def test_{number}(): assert 0, 'x' * 1000\n" for number in range(20))
    repository.commit({"test_it.py": tests})
    story = play(limits=Limits(file_bytes=8192), env={"PYTHONDONTWRITEBYTECODE": "1"})
    assert story.ended(Stage.TEST).stopped == "the results took more than 8 KiB"
    assert story.outcomes and story.finished is None


@pytest.mark.slow
def test_a_bomb_of_forks_is_stopped_whatever_it_does(repository: Repository, play: Play) -> None:
    """In sessions of their own, deaf to signals, faster than they can be counted."""
    bomb = """
        import os, signal
        def test_bomb():
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            while True:
                try:
                    if not os.fork(): os.setsid()
                except OSError:
                    pass
    """
    repository.commit({"test_b.py": bomb})
    began = time.monotonic()
    story = play(limits=Limits(processes=20, test_seconds=60), after="echo tidy", network=Network.LOOPBACK)
    assert story.ended(Stage.TEST).stopped == "more than 20 processes in test_b.py::test_bomb"
    assert time.monotonic() - began < 30
    wait_for(lambda: not lives("test_b.py"))


def test_what_runs_now_is_read_with_care(tmp_path: Path) -> None:
    now, record = tmp_path / "now", tmp_path / "record"
    record.touch()
    progress = Progress(now, record)

    def say(line: bytes) -> None:
        now.write_bytes(line)

    say(b'"a.py::one"\n')
    assert progress.look(1) and progress.longest(3) == ("a.py::one", 2)
    assert not progress.look(4), "nothing has changed"
    say(b'["a.py::one", "b.py::two"]\n"older"\n')
    assert progress.look(5)
    assert progress.longest(7) == ("a.py::one", 6) and progress.where() == " in a.py::one, b.py::two"
    say(b'["a.py::one", "b.py::tw')
    assert progress.look(8) and progress.where() == " in a.py::one, b.py::two", "half a line is none"
    say(b'"nul \\u0000 and \\ud800"\n')
    assert progress.look(9) and progress.where() == " in nul \ufffd and \ufffd"
    for odd in (b'""\n', b"[" * 9000, b"[1, {}, null]\n", b"7\n", b"\xff\xfe\n"):
        say(odd)
        progress.look(10)
    assert progress.where() == ""
    say(b'"' + b"x" * 100_000 + b'"\n')
    progress.look(11)
    assert len(progress.where()) < 3000
    record.write_bytes(b"a result\n")
    assert progress.look(12), "a result is a sign of life"
    progress.close()


def test_shared_memory_counts_once() -> None:
    hold = (
        "import os, sys, time\n"
        "held = bytearray(os.urandom(1) * 60 * 1024**2)\n"
        "for _ in range(3):\n"
        "    if not os.fork(): break\n"
        "os.write(1, b'%d\\n' % os.getpid()); time.sleep(600)\n"
    )
    with subprocess.Popen(
        ("/usr/bin/python3", "-c", hold), stdout=subprocess.PIPE, start_new_session=True
    ) as process:
        assert process.stdout
        pids = [int(process.stdout.readline()) for _ in range(4)]
        exact, cheap = memory(pids, 100 * MIB), memory(pids, 10**12)
        os.killpg(process.pid, signal.SIGKILL)
    assert 60 * MIB < exact < 110 * MIB
    assert cheap > 240 * MIB, "the cheap figure counts it four times"


def test_the_disk_is_measured_without_following_links(tmp_path: Path) -> None:
    folder, outside = tmp_path / "folder", tmp_path / "outside"
    folder.mkdir()
    outside.write_bytes(b"x" * 5 * MIB)
    (folder / "own").write_bytes(b"x" * 2 * MIB)
    (folder / "link").symlink_to(outside)
    disk = Disk([folder])
    wait_for(disk.held)
    assert 2 * MIB <= disk.held() < 3 * MIB
    disk.close()


@pytest.mark.parametrize(
    ("size", "text"),
    [(8 * 1024**3, "8 GiB"), (1536 * MIB, "1.5 GiB"), (20 * MIB, "20 MiB"), (900, "900 bytes")],
)
def test_sizes_read_as_people_say_them(size: int, text: str) -> None:
    assert readable(size) == text

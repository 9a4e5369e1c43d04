"""What repositories, branches and tests throw at a run: each has a clear outcome."""

import json
import resource
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tracks.execution.conftest import Story
from tests.tracks.execution.repositories import Repository
from tracks.errors import SubjectError
from tracks.events import SessionStarted, TestFinished
from tracks.execution import interpreter, tail
from tracks.execution.processes import LOG_BYTES
from tracks.execution.spec import GIB, Limits
from tracks.execution.workbench import find_uv
from tracks.statuses import Stage

Play = Callable[..., Story]
GREEN = {"test_it.py": "def test_one(): pass\n"}


def test_a_branch_that_disappears_while_its_run_waits_is_tested_all_the_same(
    repository: Repository, play: Play, mirror: Callable[[], Path], bare: None
) -> None:
    repository.commit({"README": "main"})
    repository.git("checkout", "--quiet", "-b", "work")
    sha = repository.commit(GREEN)
    mirror()
    repository.git("checkout", "--quiet", "main")
    repository.git("branch", "-D", "work")
    assert play(sha=sha).outcomes == {"test_it.py::test_one": "passed"}


def test_a_commit_that_the_repository_has_thrown_away_says_so(
    repository: Repository, play: Play, bare: None
) -> None:
    repository.commit({"README": "main"})
    sha = repository.commit(GREEN)
    repository.git("reset", "--quiet", "--hard", "HEAD~1")
    repository.git("reflog", "expire", "--expire=now", "--all")
    repository.git("gc", "--quiet", "--prune=now")
    error = play(sha=sha).error
    assert isinstance(error, SubjectError)
    assert error.message == f"The commit {sha} is not in the repository (any more)."
    assert "start a new run of the branch" in error.remedy


def test_an_empty_repository_says_so(repository: Repository, play: Play, bare: None) -> None:
    error = play(sha="1" * 40).error
    assert isinstance(error, SubjectError)
    assert error.message == "The repository is empty: it has no branch."
    assert error.remedy == "Push a branch with a commit to it."


def test_a_repository_with_credentials_in_its_address_is_refused_without_repeating_them(
    repository: Repository, play: Play, bare: None
) -> None:
    repository.commit(GREEN)
    error = play(repository="https://tess:hunter2@h.test/a.git").error
    assert isinstance(error, SubjectError) and "holds credentials" in error.message
    assert "hunter2" not in error.message + error.remedy + error.detail


def test_a_branch_named_like_an_option_is_tested(
    repository: Repository, play: Play, tmp_path: Path, bare: None
) -> None:
    sha = repository.commit(GREEN)
    repository.branch(f"--upload-pack=touch${{IFS}}{tmp_path}/owned")
    repository.git("checkout", "--quiet", "--detach")
    repository.git("branch", "-D", "main")
    assert play(sha=sha).outcomes == {"test_it.py::test_one": "passed"}
    assert not (tmp_path / "owned").exists()


STRANGE = r"""
import os, sys, pytest
NAMES = ["line\nbreak", "x" * 5000 + "a", "x" * 5000 + "b", "nul\0", "lone \udc80", "\x1b[31mred", "ünïcode"]
def pytest_make_parametrize_id(val): return val
@pytest.mark.parametrize("name", [pytest.param(name, id=name) for name in NAMES])
def test_it(name): pass
def test_output(capfd):
    with capfd.disabled():
        os.write(1, b"begin \xff\xfe\0 \xc3 end\n")
def test_text(): raise ValueError("nul \0, byte \udcff, colour \x1b[31m")
"""


def test_bytes_that_are_no_text_reach_nobody_as_such(repository: Repository, play: Play, tier: str) -> None:
    repository.commit({"test_it.py": STRANGE})
    story = play()
    assert len(story.outcomes) == 9 and story.finished and story.finished.reported == 9
    told = [*story.outcomes, story.log]
    told += [text for event in story.of(TestFinished) for text in (event.message, event.text)]
    for text in told:
        assert "\0" not in text
        text.encode("utf-8")
    assert all(len(name) <= 2048 for name in story.outcomes)
    assert "begin \ufffd\ufffd\ufffd \ufffd end" in story.log


def test_of_more_tests_than_a_run_may_have_the_first_are_kept(
    repository: Repository, play: Play, monkeypatch: pytest.MonkeyPatch, bare: None
) -> None:
    monkeypatch.setattr(tail, "MAX_TESTS", 3)
    repository.commit({"test_it.py": "".join(f"def test_{n}(): pass\n" for n in range(5))})
    story = play()
    assert [name.rpartition("_")[2] for name in story.outcomes] == ["0", "1", "2"]
    assert story.ended(Stage.TEST).stopped == "there are more than 3 tests, and the others are not kept"


@pytest.mark.slow
def test_two_hundred_thousand_tests_are_read_and_the_others_are_cut(tmp_path: Path) -> None:
    count = tail.MAX_TESTS + 1000
    path = tmp_path / "events"
    reader = tail.Tail(path)
    with path.open("a") as file:
        for start in range(0, count, 500):
            ids = [f"tests/test_a.py::test_{number}" for number in range(start, start + 500)]
            file.write(json.dumps({"e": "collected", "ids": ids}) + "\n")
            file.writelines(
                json.dumps({"e": "test", "id": name, "o": "passed", "s": 0}) + "\n" for name in ids
            )
    finished = sum(isinstance(event, TestFinished) for event in reader.read())
    assert finished == reader.collected == tail.MAX_TESTS
    assert reader.excess == "there are more than 200,000 tests, and the others are not kept"


PYTHONS_AND_PYTESTS = [("3.9", "8"), ("3.10", "6"), ("3.11", "7"), ("3.12", "8"), ("3.13", "9")]


@pytest.mark.slow
@pytest.mark.parametrize(("minor", "major"), PYTHONS_AND_PYTESTS)
def test_a_subject_of_any_python_and_pytest_is_recorded(
    repository: Repository, play: Play, tmp_path: Path, bare: None, minor: str, major: str
) -> None:
    python, site = python_of(minor), tmp_path / "site"
    install_pytest(site, python, major)
    repository.commit({"test_it.py": MANY_KINDS})
    env = {"PYTHONPATH": str(site), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    story = play(python=str(python), env=env, test=f"{python} -m pytest")
    session = story.of(SessionStarted)[0]
    assert session.python.startswith(f"{minor}.") and session.pytest.startswith(f"{major}.")
    assert {name.partition("::")[2]: str(outcome) for name, outcome in story.outcomes.items()} == {
        f"test_{name}": name for name in ("passed", "failed", "error", "skipped", "xfailed", "xpassed")
    }
    assert story.finished and story.finished.collected == story.finished.reported == 6


MANY_KINDS = """
import pytest
@pytest.fixture
def broken(): raise ValueError
def test_passed(): pass
def test_failed(): assert 1 == 2
def test_error(broken): pass
@pytest.mark.skip
def test_skipped(): pass
@pytest.mark.xfail
def test_xfailed(): assert 0
@pytest.mark.xfail
def test_xpassed(): pass
"""


def python_of(minor: str) -> Path:
    for version, found in interpreter.found().items():
        if version.startswith(f"{minor}."):
            return found.executable
    pytest.skip(f"Python {minor} is not installed here")


def install_pytest(site: Path, python: Path, major: str) -> None:
    """From uv's own cache: no index can be asked here."""
    wanted = f"pytest=={major}.*"
    options = ("--offline", "--quiet", "--target", str(site), "--python", str(python))
    done = subprocess.run(
        (str(find_uv()), "pip", "install", *options, wanted), capture_output=True, text=True
    )
    if done.returncode:
        pytest.skip(f"uv's cache has no {wanted} for this Python: {done.stderr.strip()[:200]}")


@pytest.mark.slow
def test_a_suite_that_prints_two_gigabytes_costs_neither_memory_nor_much_time(
    repository: Repository, play: Play, bare: None
) -> None:
    repository.commit(GREEN)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    story = play(test="head -c 2G /dev/zero | tr '\\0' x; pytest", limits=Limits(output_bytes=GIB // 8))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    ended = story.ended(Stage.TEST)
    assert ended.stopped == "more than 128 MiB of output" and ended.seconds < 10
    assert grown * 1024 < 8 * LOG_BYTES and len(story.log) < LOG_BYTES + 1000

"""The sample sprint, played: every figure and every transition comes from a real run of pytest.

    runs: name -> Run (outcomes by test, in the order of collection; the errors' messages)

Six runs, two at a time, each in a clone of its own. Retest 1 and track C: tests/omc_qa/cli/test_demo.py.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from omc_qa.demo.repository import SAMPLE, SampleSprint, build
from tracks.errors import InvalidInput

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

OUTCOMES = {"failure": "failed", "error": "error", "skipped": "skipped"}
GIT_ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    **{
        f"GIT_{who}_{what}": "dev@example.org"
        for who in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    },
}


@dataclass(frozen=True)
class Run:
    outcomes: dict[str, str] = field(default_factory=dict)
    messages: dict[str, str] = field(default_factory=dict)
    """The messages of failures and errors, without addresses of objects."""

    @property
    def counts(self) -> tuple[int, ...]:
        """Passed, failed, errors, skipped."""
        found = Counter(self.outcomes.values())
        return tuple(found[outcome] for outcome in ("passed", "failed", "error", "skipped"))

    def named(self, outcome: str) -> set[str]:
        return {test for test, found in self.outcomes.items() if found == outcome}

    def causes(self, outcome: str) -> Counter[str]:
        return Counter(self.messages[test] for test in self.named(outcome))


def git(folder: Path, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["git", *arguments], cwd=folder, env=GIT_ENVIRONMENT, check=check, capture_output=True, text=True
    )


def clone(sprint: SampleSprint, folder: Path, sha: str) -> Path:
    git(sprint.path, "clone", "--quiet", "--shared", "--no-checkout", ".", str(folder))
    git(folder, "checkout", "--quiet", "--detach", sha)
    return folder


def play(sprint: SampleSprint, folder: Path, timezone: str = "UTC") -> Run:
    report = folder.with_suffix(".xml")
    # Long tracebacks of hundreds of errors would take most of the time.
    command = [*shlex.split(sprint.test_command), "--tb=line", f"--junitxml={report}"]
    subprocess.run(
        [sys.executable, *command[1:]],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "TZ": timezone, **sprint.environment},
        capture_output=True,
        timeout=60,
    )
    run = Run()
    for case in ET.parse(report).getroot().iter("testcase"):
        test = f"{case.get('classname')}::{case.get('name')}"
        assert test not in run.outcomes
        run.outcomes[test] = "passed"
        for child in case:
            if child.tag in OUTCOMES:
                run.outcomes[test] = OUTCOMES[child.tag]
                run.messages[test] = re.sub(r"0x[0-9a-f]+", "0x", child.get("message", ""))
    return run


@pytest.fixture(scope="session")
def sprint(tmp_path_factory: pytest.TempPathFactory) -> SampleSprint:
    return build(tmp_path_factory.mktemp("sample") / "repository")


@pytest.fixture(scope="session")
def runs(sprint: SampleSprint, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Run]:
    folder = tmp_path_factory.mktemp("runs")
    track_a, track_b, _ = sprint.tracks
    initial, _, retest_2 = track_a.iterations
    shas = {
        "main": sprint.baseline,
        "a-2": f"{initial}~2",
        "initial": initial,
        "retest 2": retest_2,
        "B": track_b.head,
        "A + B": track_a.head,
    }

    def run(name: str) -> Run:
        checkout = clone(sprint, folder / name, shas[name])
        if name == "A + B":
            git(checkout, "merge", "--quiet", "--no-edit", track_b.head)
        return play(sprint, checkout, "Australia/Lord_Howe" if name == "retest 2" else "UTC")

    with ThreadPoolExecutor(max_workers=2) as pool:
        return dict(zip(shas, pool.map(run, shas), strict=True))


def transitions(base: Run, head: Run) -> dict[tuple[str, str], int]:
    assert list(base.outcomes) == list(head.outcomes)
    return dict(Counter((base.outcomes[test], head.outcomes[test]) for test in base.outcomes))


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("main", (579, 33, 48, 6)),
        ("a-2", (515, 20, 125, 6)),
        ("initial", (563, 20, 77, 6)),
        ("retest 2", (563, 20, 77, 6)),
        ("B", (591, 21, 48, 6)),
        ("A + B", (563, 20, 77, 6)),
    ],
)
def test_figures(runs: dict[str, Run], name: str, counts: tuple[int, ...]) -> None:
    assert runs[name].counts == counts
    assert sum(counts) == 666


def test_baseline_has_one_poisoned_session(runs: dict[str, Run]) -> None:
    (cause,) = runs["main"].causes("error")
    assert "PendingRollbackError" in cause
    assert "news_sentiment_currencies_is_array" in cause
    kinds = Counter(
        next(kind for kind in KINDS if kind in message)
        for message in runs["main"].causes("failed").elements()
    )
    assert kinds == {
        "PendingRollbackError": 11,
        "does not have the attribute 'run_workflow'": 12,
        "'coroutine' object does not support the asynchronous context manager protocol": 2,
        "is not a valid assertion": 2,
        "IntegrityError": 2,
        "assert 7 == 3": 1,
        "get_session_state() takes 2 positional arguments but 3 were given": 1,
        "DEPLOYMENT.md": 1,
        "assert 1 > 1": 1,
    }


KINDS = (
    "PendingRollbackError",
    "does not have the attribute 'run_workflow'",
    "'coroutine' object does not support the asynchronous context manager protocol",
    "is not a valid assertion",
    "IntegrityError",
    "get_session_state() takes 2 positional arguments but 3 were given",
    "DEPLOYMENT.md",
    "assert 1 > 1",
    "assert 7 == 3",
)


def test_track_a_against_the_baseline(runs: dict[str, Run]) -> None:
    assert transitions(runs["main"], runs["initial"]) == {
        ("passed", "passed"): 515,
        ("passed", "error"): 64,
        ("failed", "failed"): 19,
        ("failed", "error"): 13,
        ("failed", "passed"): 1,
        ("error", "passed"): 47,
        ("error", "failed"): 1,
        ("skipped", "skipped"): 6,
    }


def test_what_fails_on_both_fails_with_the_same_message(runs: dict[str, Run]) -> None:
    """So that track A breaks exactly the 14 differently whose outcome differs."""
    both = runs["main"].named("failed") & runs["initial"].named("failed")
    assert len(both) == 19
    assert {test: runs["main"].messages[test] for test in both} == {
        test: runs["initial"].messages[test] for test in both
    }


def test_the_errors_of_track_a_have_one_cause(runs: dict[str, Run]) -> None:
    (cause,) = runs["initial"].causes("error")
    assert "CompileError: (in table 'news_sentiment', column 'currencies')" in cause
    assert "can't render element of type ARRAY" in cause


def test_the_second_commit_breaks_what_track_a_loses(runs: dict[str, Run]) -> None:
    lost = {
        name: runs["main"].named("passed") & runs[name].named("error")
        for name in ("a-2", "initial", "retest 2")
    }
    assert len(lost["a-2"]) == 64
    assert lost["a-2"] == lost["initial"] == lost["retest 2"]
    assert runs["main"].named("error") <= runs["a-2"].named("error")


def test_the_mocks_of_the_exchange_stay_broken(runs: dict[str, Run]) -> None:
    for name in ("main", "initial"):
        causes = runs[name].causes("failed")
        assert sum(n for cause, n in causes.items() if "asynchronous context manager" in cause) == 2


def test_a_healed_session_shows_what_lay_beneath(runs: dict[str, Run]) -> None:
    (test,) = runs["main"].named("error") & runs["initial"].named("failed")
    assert "SafetyViolation: daily loss limit exceeded" in runs["initial"].messages[test]


def test_retest_2_improves_nothing(runs: dict[str, Run]) -> None:
    assert runs["retest 2"].outcomes == runs["initial"].outcomes
    assert runs["retest 2"].messages == runs["initial"].messages


def test_track_b_fixes_the_orchestrator_and_loses_it_with_track_a(runs: dict[str, Run]) -> None:
    broken = {test for test, message in runs["main"].messages.items() if "run_workflow" in message}
    assert len(broken) == 12
    assert transitions(runs["main"], runs["B"]) == {
        ("passed", "passed"): 579,
        ("failed", "passed"): 12,
        ("failed", "failed"): 21,
        ("error", "error"): 48,
        ("skipped", "skipped"): 6,
    }
    assert runs["main"].named("failed") & runs["B"].named("passed") == broken
    assert broken <= runs["A + B"].named("error")
    assert runs["A + B"].outcomes == runs["initial"].outcomes


def test_tracks_a_and_c_conflict_in_pytest_ini(sprint: SampleSprint, tmp_path: Path) -> None:
    checkout = clone(sprint, tmp_path / "merged", sprint.track("A").head)
    assert git(checkout, "merge", "--no-edit", sprint.track("C").head, check=False).returncode == 1
    assert git(checkout, "diff", "--name-only", "--diff-filter=U").stdout.split() == ["pytest.ini"]


def test_the_folder_for_terraform_is_empty(sprint: SampleSprint) -> None:
    listed = git(sprint.path, "ls-tree", "-r", "--long", sprint.track("C").head, "infra/terraform/").stdout
    assert [line.split()[3:] for line in listed.splitlines()] == [["0", "infra/terraform/.gitkeep"]]


def test_track_a_starts_with_an_empty_commit(sprint: SampleSprint) -> None:
    commits = git(sprint.path, "rev-list", "--reverse", f"main..{sprint.track('A').head}").stdout.split()
    assert len(commits) == 6
    assert git(sprint.path, "diff", "--name-only", sprint.baseline, commits[0]).stdout == ""
    assert commits[3:] == list(sprint.track("A").iterations)


def test_every_branch_starts_from_main_and_is_written_by_dev(sprint: SampleSprint) -> None:
    for track in sprint.tracks:
        assert git(sprint.path, "rev-parse", f"refs/heads/{track.branch}").stdout.strip() == track.head
        assert git(sprint.path, "merge-base", "main", track.branch).stdout.strip() == sprint.baseline
    people = git(sprint.path, "log", "--all", "--format=%an <%ae> %cn <%ce>").stdout.splitlines()
    assert set(people) == {"Dev <dev@example.org> Dev <dev@example.org>"}


def test_two_builds_are_the_same(
    sprint: SampleSprint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Olga")
    monkeypatch.setenv("GIT_DIR", str(tmp_path))
    previous = os.umask(0o077)
    try:
        again = build(tmp_path / "again")
    finally:
        os.umask(previous)
    assert replace(again, path=sprint.path) == sprint


def test_a_second_build_keeps_the_first(sprint: SampleSprint) -> None:
    index = sprint.path / ".git" / "index"
    before = index.stat().st_mtime_ns, index.stat().st_ino
    assert build(sprint.path) == sprint
    assert (index.stat().st_mtime_ns, index.stat().st_ino) == before


def test_other_sources_are_built_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = build(tmp_path / "sample")
    (first.path / "notes.txt").write_text("a file of the older build")
    monkeypatch.setattr("omc_qa.demo.repository._digest", lambda: "newer sources")
    assert build(first.path) == first
    assert not (first.path / "notes.txt").exists()


def test_caches_beside_the_sources_change_nothing(
    sprint: SampleSprint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = shutil.copytree(SAMPLE, tmp_path / "sources")
    for cache in ("__pycache__", ".pytest_cache"):
        (sources / "main" / "app" / cache).mkdir(exist_ok=True)
        (sources / "main" / "app" / cache / "left.txt").write_text("by a tool")
    monkeypatch.setattr("omc_qa.demo.repository.SAMPLE", sources)
    assert build(tmp_path / "sample").tracks == sprint.tracks


@pytest.mark.parametrize("prepare", [lambda path: path.mkdir(), lambda path: None], ids=["empty", "absent"])
def test_a_folder_without_anything_is_built_in(tmp_path: Path, prepare: Callable[[Path], None]) -> None:
    prepare(tmp_path / "sample")
    assert build(tmp_path / "sample").path == tmp_path / "sample"


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("chapter one")
    with pytest.raises(InvalidInput, match="is not the sample's repository"):
        build(tmp_path)
    assert (tmp_path / "thesis.txt").read_text() == "chapter one"

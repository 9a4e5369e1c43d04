"""Whole runs, from the spec to the last event."""

import json
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tracks.execution.conftest import Story
from tests.tracks.execution.repositories import Repository
from tests.tracks.execution.test_session import lives
from tracks.errors import SubjectError, ToolError
from tracks.events import (
    Collected,
    CommandEnded,
    Heartbeat,
    Prepared,
    SessionFinished,
    SessionStarted,
    StageStarted,
)
from tracks.execution import git, sandbox, stages
from tracks.execution.runner import run
from tracks.execution.spec import Limits, Overlay, Places, RunSpec
from tracks.statuses import Outcome, Stage, Tier

Play = Callable[..., Story]
GREEN = {"test_it.py": "def test_one(): pass\n"}


def test_a_run_tells_its_whole_story(repository: Repository, play: Play, places: Places, tier: str) -> None:
    repository.commit({"test_it.py": "def test_good(): pass\ndef test_bad(): assert 1 == 2\n"})
    story = play(before="echo before > left", after="cat left")
    assert story.error is None
    assert story.outcomes == {"test_it.py::test_good": "passed", "test_it.py::test_bad": "failed"}
    stages = [event.stage for event in story.of(StageStarted)]
    assert stages == [Stage.CHECKOUT, Stage.SETUP, Stage.BEFORE, Stage.TEST, Stage.AFTER]
    assert [event.stage for event in story.of(CommandEnded)] == [Stage.BEFORE, Stage.TEST, Stage.AFTER]
    assert story.of(SessionStarted)[0].python.startswith("3.")
    assert story.of(Collected)[0].tests == ("test_it.py::test_good", "test_it.py::test_bad")
    assert story.finished and story.finished.exit_code == story.ended(Stage.TEST).exit_code == 1
    expected = {"bare": "none"}.get(tier, tier)
    assert story.of(Prepared)[0].environment["tier"] == expected
    assert story.log.endswith("before\n"), "the three commands share one workspace"
    assert not (places.runs / "run-1").exists()


def test_one_module_that_cannot_be_imported_does_not_hide_the_others(
    repository: Repository, play: Play, bare: None
) -> None:
    repository.commit(GREEN | {"test_lost.py": "import nothing_of_the_kind\n"})
    story = play()
    assert story.outcomes == {"test_lost.py": "error", "test_it.py::test_one": "passed"}
    assert story.finished and story.finished.collected == story.finished.reported == 2


def test_results_up_to_the_time_limit_are_kept(repository: Repository, play: Play, tier: str) -> None:
    text = "import time\ndef test_quick(): pass\ndef test_hangs(): time.sleep(600)\n"
    repository.commit({"test_it.py": text})
    story = play(limits=Limits(test_seconds=2))
    ended = story.ended(Stage.TEST)
    assert ended.stopped.startswith("the limit of 2 s for test was reached")
    assert story.outcomes == {"test_it.py::test_quick": Outcome.PASSED}
    assert story.finished is None and story.error is None
    assert story.of(Heartbeat), "a silent command does not silence the run"


def test_the_command_after_runs_when_the_tests_could_not_start(
    repository: Repository, play: Play, bare: None
) -> None:
    repository.commit({"conftest.py": "import nothing_of_the_kind\n"})
    story = play(before="true", after="echo tidy")
    assert isinstance(story.error, SubjectError)
    assert story.error.message == (
        "pytest could not start: ModuleNotFoundError: No module named 'nothing_of_the_kind'"
    )
    assert story.log.endswith("tidy\n")


def test_a_failing_before_stops_the_run_and_says_so(repository: Repository, play: Play, bare: None) -> None:
    repository.commit(GREEN)
    story = play(before="echo no database; exit 3", after="echo tidy")
    assert isinstance(story.error, SubjectError)
    assert "ended with exit code 3: echo no database; exit 3" in story.error.message
    assert story.error.detail == "no database"
    assert story.log.endswith("tidy\n")
    assert not story.outcomes


def test_a_cancelled_run_tidies_up(
    repository: Repository, spec_of: Callable[..., RunSpec], places: Places, tmp_path: Path, bare: None
) -> None:
    repository.commit({"test_it.py": "import time\ndef test_hangs(): time.sleep(600)\n"})
    events = run(spec_of(before="true", after=f"touch {tmp_path}/tidied"), places)
    for event in events:
        if isinstance(event, Collected):
            break
    events.close()  # type: ignore[attr-defined]
    assert (tmp_path / "tidied").exists()
    assert not (places.runs / "run-1").exists()
    assert not (places.slots / "0" / "w").exists()


def test_a_cancelled_run_does_not_wait_for_a_slow_command_after(
    repository: Repository,
    spec_of: Callable[..., RunSpec],
    places: Places,
    tmp_path: Path,
    bare: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert 5 + stages.LAST_CHANCE_SECONDS < 10, "five seconds may pass until the worker hears of it"
    monkeypatch.setattr(stages, "LAST_CHANCE_SECONDS", 0.5)
    repository.commit({"test_it.py": "import time\ndef test_hangs(): time.sleep(600)\n"})
    mark = f"mark-{tmp_path.name}"
    slow = f"exec python -c 'import time; time.sleep(600)' {mark}"
    events = run(spec_of(after=slow), places)
    while not isinstance(next(events), Collected):
        pass
    began = time.monotonic()
    events.close()
    assert time.monotonic() - began < 1.5
    assert not lives(mark)


@pytest.mark.parametrize(
    ("test", "message"),
    [
        ("no-such-program", "The test command was not found: no-such-program"),
        ("python -I -c 'import sys; sys.exit(0)'", "never started pytest"),
        ("/usr/bin/env -i /bin/sh -c 'echo hello; exit 4'", "never started pytest"),
        ('echo "$0: No module named pytest"; exit 1', "pytest is missing in the project's environment."),
        ("pytest --no-such-option", "pytest could not start: "),
        ("pytest missing_folder", "pytest could not start: file or directory not found: missing_folder"),
        ("pytest -k nothing", "No tests were collected: all 1 were deselected."),
    ],
)
def test_a_test_command_that_gives_no_results_says_why(
    repository: Repository, play: Play, bare: None, test: str, message: str
) -> None:
    repository.commit(GREEN)
    story = play(test=test)
    assert isinstance(story.error, SubjectError)
    assert message in story.error.message
    assert story.error.remedy


def test_a_commit_without_tests_says_so(repository: Repository, play: Play, bare: None) -> None:
    repository.commit({"README": "nothing"})
    error = play().error
    assert isinstance(error, SubjectError) and error.message == "No tests were collected."


def test_an_environment_without_pytest_says_so(repository: Repository, play: Play, bare: None) -> None:
    repository.commit(GREEN)
    error = play(test="python -I -S -m pytest").error
    assert isinstance(error, SubjectError)
    assert error.message == "pytest is missing in the project's environment."


def test_only_the_selected_tests_run(repository: Repository, play: Play, tier: str) -> None:
    repository.commit(
        {
            "test_it.py": "def test_one(): pass\ndef test_two(): pass\n",
            "test_other.py": "raise RuntimeError('never imported')\n",
        }
    )
    story = play(selection=("test_it.py::test_two",))
    assert story.error is None
    assert story.outcomes == {"test_it.py::test_two": "passed"}
    assert story.finished and story.finished.deselected == 0, "the project left nothing out"


POLLUTING = """
    import pathlib
    seen = []
    def test_first(): seen.append(1); pathlib.Path("left").touch()
    def test_second(): assert not seen
    def test_third(): assert not pathlib.Path("left").exists()
"""


def test_afresh_each_test_finds_what_before_left_and_no_other_test(
    repository: Repository, play: Play, tier: str
) -> None:
    repository.commit({"test_it.py": textwrap.dedent(POLLUTING)})
    tests = tuple(f"test_it.py::test_{name}" for name in ("first", "second", "third"))
    together = play(selection=tests)
    assert list(together.outcomes.values()) == ["passed", "failed", "failed"]
    story = play(selection=tests, fresh=True, before="rm -f left", after="echo tidied")
    assert list(story.outcomes.values()) == ["passed"] * 3
    assert story.log.count("tidied") == 3
    assert story.finished == SessionFinished(exit_code=0, collected=3, reported=3)


def test_afresh_a_test_that_is_gone_or_dies_takes_no_other_with_it(
    repository: Repository, play: Play, bare: None
) -> None:
    repository.commit({"test_it.py": "import os\ndef test_dies(): os._exit(3)\ndef test_bad(): assert 0\n"})
    story = play(
        selection=("test_it.py::test_gone", "test_it.py::test_dies", "test_it.py::test_bad"), fresh=True
    )
    assert story.outcomes == {"test_it.py::test_bad": "failed"}
    assert story.finished is None, "one of its sessions has no end"
    assert story.error is None


def test_afresh_all_tests_have_the_time_of_one_test_command(
    repository: Repository, play: Play, bare: None
) -> None:
    text = "import time\ndef test_one(): time.sleep(600)\ndef test_two(): pass\n"
    repository.commit({"test_it.py": text})
    names = ("test_it.py::test_one", "test_it.py::test_two")
    story = play(selection=names, fresh=True, limits=Limits(test_seconds=2))
    assert story.outcomes == {}
    assert "2 s" in story.ended(Stage.TEST).stopped


def test_a_selection_that_matches_nothing_says_so(repository: Repository, play: Play, bare: None) -> None:
    repository.commit(GREEN)
    error = play(selection=("test_gone.py::test_x",)).error
    assert isinstance(error, SubjectError)
    assert error.message == "None of the 1 selected tests exists at this commit."


def test_nothing_of_a_node_id_is_read_by_a_shell(
    repository: Repository, play: Play, tmp_path: Path, bare: None
) -> None:
    repository.commit(GREEN)
    play(selection=(f"test_it.py::test_one; touch {tmp_path}/owned", f"$(touch {tmp_path}/owned)"))
    assert not (tmp_path / "owned").exists()


@pytest.mark.parametrize("subdir", ["..", "/etc", "link", "sub/../../.."])
def test_a_subdir_cannot_lead_out_of_the_repository(
    repository: Repository, play: Play, bare: None, subdir: str
) -> None:
    (repository.path / "link").symlink_to("/etc")
    repository.commit(GREEN)
    error = play(subdir=subdir).error
    assert isinstance(error, SubjectError) and "outside of the repository" in error.message


def test_a_subdir_that_is_missing_says_so(repository: Repository, play: Play, bare: None) -> None:
    repository.commit(GREEN)
    error = play(subdir="backend").error
    assert isinstance(error, SubjectError) and "'backend' does not exist" in error.message


def test_commands_run_in_the_subdir(repository: Repository, play: Play, tier: str) -> None:
    repository.commit({"backend/test_it.py": "def test_one(): pass\n"})
    assert play(subdir="backend").outcomes == {"test_it.py::test_one": "passed"}


def test_a_commit_that_was_rewritten_away_says_so(repository: Repository, play: Play, bare: None) -> None:
    repository.commit(GREEN)
    error = play(sha="0" * 40).error
    assert isinstance(error, SubjectError) and "is not in the repository" in error.message


def test_the_workers_own_variables_are_not_there(
    repository: Repository, play: Play, monkeypatch: pytest.MonkeyPatch, tier: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    monkeypatch.setenv("SECRET_KEY", "secret")
    repository.commit(GREEN)
    story = play(before="env", env={"GREETING": "hello"})
    assert "GREETING=hello" in story.log
    assert "secret" not in story.log and "DATABASE_URL" not in story.log


def test_what_before_leaves_at_home_the_tests_find(repository: Repository, play: Play, tier: str) -> None:
    text = "import os, pathlib\ndef test_it(): assert (pathlib.Path.home() / 'made').exists()\n"
    repository.commit({"test_it.py": text})
    assert play(before="touch ~/made").outcomes == {"test_it.py::test_it": "passed"}


def test_git_works_in_the_workspace(repository: Repository, play: Play, tier: str) -> None:
    repository.commit(GREEN, message="said by git")
    assert "said by git" in play(before="git log -1 --format=%s && git status --short").log


def test_a_project_may_bring_its_own_pythonpath_and_plugins(
    repository: Repository, play: Play, bare: None
) -> None:
    repository.commit(
        {
            "lib/helper.py": "import pytest\n@pytest.fixture\ndef help(): return 1\n",
            "test_it.py": "def test_one(help): assert help\n",
        }
    )
    story = play(env={"PYTHONPATH": "lib", "PYTEST_PLUGINS": "helper"})
    assert story.outcomes == {"test_it.py::test_one": "passed"}


def test_several_sessions_of_one_command_are_one_run(repository: Repository, play: Play, bare: None) -> None:
    repository.commit({"a/test_a.py": "def test_a(): pass\n", "b/test_b.py": "def test_b(): assert 0\n"})
    story = play(test="pytest a; pytest a b")
    assert story.outcomes == {"a/test_a.py::test_a": "passed", "b/test_b.py::test_b": "failed"}
    assert story.finished and (story.finished.collected, story.finished.reported) == (2, 2)


def test_a_session_that_dies_leaves_no_end(repository: Repository, play: Play, tier: str) -> None:
    repository.commit({"test_it.py": "import os\ndef test_a(): pass\ndef test_b(): os._exit(0)\n"})
    story = play()
    assert story.error is None and story.finished is None
    assert story.ended(Stage.TEST).exit_code == 0
    assert story.outcomes == {"test_it.py::test_a": "passed"}


def test_without_a_sandbox_a_run_is_refused_unless_allowed(
    repository: Repository, play: Play, bare: None
) -> None:
    repository.commit(GREEN)
    error = play(allow_unsandboxed=False).error
    assert isinstance(error, ToolError)
    assert "bubblewrap" in error.remedy and "OMC_QA_ALLOW_UNSANDBOXED=1" in error.remedy


def test_the_refusal_is_what_the_worker_says_of_itself(bare: None) -> None:
    here = sandbox.standing()
    assert (here.tier, here.problem) == (Tier.NONE, "no sandbox in this test")
    with pytest.raises(ToolError) as refusal:
        sandbox.jail(allow_unsandboxed=False)
    assert (refusal.value.remedy, refusal.value.detail) == (here.remedy, here.problem)


def test_a_worker_without_bubblewrap_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "SYSTEM_PATH", "/nowhere")
    sandbox.probe.cache_clear()
    try:
        assert "not" in sandbox.standing().problem and sandbox.standing().tier is Tier.NONE
    finally:
        sandbox.probe.cache_clear()


def test_a_worker_whose_sandbox_works_has_no_problem(tier: str) -> None:
    expected = Tier.NONE if tier == "bare" else Tier.BUBBLEWRAP
    assert sandbox.standing().tier is expected


def test_parallel_runs_without_a_sandbox_have_workspaces_of_their_own(
    repository: Repository, spec_of: Callable[..., RunSpec], places: Places, bare: None
) -> None:
    repository.commit(GREEN)
    one = run(spec_of(run="one", test="pwd; pytest"), places)
    next(one)
    two = Story([*run(spec_of(run="two", test="pwd; pytest"), places)])
    first = Story([*one])
    assert str(places.slots / "0" / "w") in first.log
    assert str(places.slots / "1" / "w") in two.log


def test_a_spec_survives_being_frozen(spec_of: Callable[..., RunSpec], repository: Repository) -> None:
    repository.commit(GREEN)
    spec = spec_of(
        selection=("a::b",), limits=Limits(test_seconds=7), overlay=Overlay("a" * 40, ("tests/test_a.py",))
    )
    assert RunSpec.from_json(spec.to_json()) == spec
    assert json.loads(spec.to_json())["limits"]["test_seconds"] == 7


def test_a_run_pins_its_commit(repository: Repository, play: Play, places: Places, bare: None) -> None:
    sha = repository.commit(GREEN)
    play()
    path = git.mirror_path(places, "project", str(repository.path))
    assert (path / "refs" / "omc" / "run" / "run-1").read_text().strip() == sha


@pytest.fixture
def branched(repository: Repository) -> dict[str, str]:
    """Commits by where they are: on main, on another branch only, and on none."""
    older = repository.commit(GREEN)
    repository.commit()
    found = {"older": older}
    for name in ("elsewhere", "nowhere"):
        repository.git("checkout", "--quiet", "-B", name, "main")
        found[name] = repository.commit(message=name)
    repository.git("checkout", "--quiet", "main")
    repository.git("branch", "--quiet", "-D", "nowhere")
    repository.git("config", "uploadpack.allowAnySHA1InWant", "true")
    return found


@pytest.mark.parametrize(
    ("commit", "branch", "protected", "runs"),
    [
        ("older", "main", True, True),
        ("elsewhere", "main", True, False),
        ("nowhere", "main", True, False),
        ("elsewhere", "main", False, False),
        ("elsewhere", "deleted", True, False),
        ("elsewhere", "deleted", False, True),
    ],
)
def test_a_commit_is_run_as_a_branch_only_where_it_is_on_it(
    branched: dict[str, str],
    play: Play,
    bare: None,
    mirror: Callable[[], Path],
    commit: str,
    branch: str,
    protected: bool,
    runs: bool,
) -> None:
    mirror()
    story = play(sha=branched[commit], branch=branch, protected=protected, test="true", checks_only=True)
    if runs:
        assert story.error is None
    else:
        assert story.error
        assert f"is not on the branch '{branch}'" in story.error.message
        assert not story.of(Prepared), "nothing of it was run"


def test_a_commit_that_has_come_to_the_branch_since_the_last_fetch_is_on_it(
    repository: Repository, branched: dict[str, str], play: Play, bare: None, mirror: Callable[[], Path]
) -> None:
    mirror()
    repository.git("merge", "--quiet", "--ff-only", "elsewhere")
    story = play(sha=branched["elsewhere"], branch="main", protected=True, checks_only=True)
    assert story.error is None

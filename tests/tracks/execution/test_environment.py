"""Environments that are really built, offline: what is cached, and what must not be."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tracks.execution.conftest import Story
from tests.tracks.execution.repositories import Repository
from tracks.errors import SubjectError
from tracks.events import Prepared
from tracks.execution import interpreter, leavings, sandbox
from tracks.execution.environment import Commit
from tracks.execution.origins import holds_code_of
from tracks.execution.spec import Limits, Overlay, Places
from tracks.statuses import Stage

Play = Callable[..., Story]
# An offline set-up: this pytest, made visible to the new environment.
SITE = next(path for path in sys.path if path.endswith("site-packages"))
LINK = f"python -c \"import site; open(site.getsitepackages()[0] + '/here.pth', 'w').write('{SITE}')\""
SETUP = f"echo building && {LINK}"
GREEN = {"test_it.py": "def test_one(): pass\n"}


@pytest.fixture
def build(play: Play, monkeypatch: pytest.MonkeyPatch, bare: None) -> Play:
    monkeypatch.setenv("UV_OFFLINE", "1")
    return lambda **changes: play(**{"python": "", "setup": SETUP, "test": "python -m pytest", **changes})


def test_an_environment_is_built_once_and_used_again(
    repository: Repository, build: Play, places: Places
) -> None:
    repository.commit(GREEN)
    first = build()
    assert first.error is None and "building" in first.log
    assert first.ended(Stage.SETUP).exit_code == 0
    repository.commit({"code.py": "changed = True\n"})
    second = build()
    assert second.outcomes == first.outcomes == {"test_it.py::test_one": "passed"}
    assert "building" not in second.log and "environment found, made 2" in second.log
    assert first.of(Prepared) == second.of(Prepared)


@pytest.mark.parametrize(
    "change",
    [
        {"files": {"deps/list.txt": "# named by the set-up\n"}},
        {"setup": SETUP + " # other"},
        {"protected": True},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_an_environment_depends_on_builds_another(
    repository: Repository, build: Play, change: dict[str, object]
) -> None:
    setup = f"{SETUP}; cat deps/list.txt"
    repository.commit(GREEN | {"deps/list.txt": "# one\n"})
    assert "building" in build(setup=setup).log
    changed = dict(change)
    files = changed.pop("files", None)
    if files:
        repository.commit(files)  # type: ignore[arg-type]
    assert "building" in build(**{"setup": setup, **changed}).log


def test_what_is_laid_over_a_commit_stays_out_of_its_environment(
    repository: Repository, build: Play, bare: None
) -> None:
    base = repository.commit(GREEN | {"test_late.py": "def test_late(): pass\n"})
    repository.git("rm", "--quiet", "test_late.py")
    repository.commit(GREEN | {"code.py": ""})
    laid = build(overlay=Overlay(base, ("test_late.py",)))
    assert set(laid.outcomes) == {"test_it.py::test_one", "test_late.py::test_late"}
    plain = build()
    assert "building" not in plain.log and set(plain.outcomes) == {"test_it.py::test_one"}


def test_a_failing_set_up_shows_its_last_lines(repository: Repository, build: Play) -> None:
    repository.commit(GREEN)
    for _ in range(2):
        error = build(setup="echo no compiler; exit 2").error
        assert isinstance(error, SubjectError)
        assert error.message == "The set-up failed: echo no compiler; exit 2 ended with exit code 2."
        assert error.detail.endswith("no compiler")


def test_a_set_up_past_its_limit_is_stopped(repository: Repository, build: Play) -> None:
    repository.commit(GREEN)
    error = build(setup="echo slow; exec tail -f /dev/null", limits=Limits(setup_seconds=3)).error
    assert isinstance(error, SubjectError)
    assert "The set-up was stopped: the limit of" in error.message


def test_a_half_built_environment_is_built_again(repository: Repository, build: Play, places: Places) -> None:
    repository.commit(GREEN)
    build()
    (marker,) = places.environments.glob("*/ready.json")
    marker.unlink()
    assert "building" in build().log


COPY = """
import json, os, pathlib, shutil, site
to = pathlib.Path(site.getsitepackages()[0])
shutil.copy("src/copied.py", to)
(to / "copied-1.dist-info").mkdir()
record = {"url": "file://" + os.getcwd(), "dir_info": {}}
(to / "copied-1.dist-info" / "direct_url.json").write_text(json.dumps(record))
"""


def test_code_that_a_set_up_copied_is_not_used_for_another_commit(
    repository: Repository, build: Play
) -> None:
    """As ``pip install .`` does it: the project's code, and a direct_url.json that is not editable."""
    setup = f"{SETUP} && python install.py"
    for version in (1, 2):
        test = f"import copied\ndef test_it(): assert copied.VERSION == {version}\n"
        source = f"VERSION = {version}\n"
        repository.commit({"install.py": COPY, "src/copied.py": source, "test_it.py": test})
        story = build(setup=setup)
        assert "building" in story.log and story.outcomes == {"test_it.py::test_it": "passed"}
    assert "building" not in build(setup=setup).log, "the same tree builds no third one"


def test_what_a_set_up_leaves_in_the_workspace_every_run_finds(repository: Repository, build: Play) -> None:
    setup = f"{SETUP} && mkdir -p it.egg-info && echo meta > it.egg-info/PKG-INFO"
    text = "def test_it(): assert open('it.egg-info/PKG-INFO').read() == 'meta\\n'\n"
    repository.commit({"test_it.py": text})
    assert build(setup=setup).outcomes == {"test_it.py::test_it": "passed"}
    repository.commit(message="another")
    story = build(setup=setup)
    assert "building" not in story.log and story.outcomes == {"test_it.py::test_it": "passed"}


def test_a_module_that_a_set_up_generates_belongs_to_its_commit(repository: Repository, build: Play) -> None:
    setup = f"{SETUP} && cp source.txt generated.py"
    for value in ("1", "2"):
        test = f"import generated\ndef test_it(): assert generated.value == {value}\n"
        repository.commit({"source.txt": f"value = {value}\n", "test_it.py": test})
        story = build(setup=setup, test="python -m pytest")
        assert "building" in story.log and story.outcomes == {"test_it.py::test_it": "passed"}


def test_a_project_without_any_requirements_gets_pytest(
    repository: Repository, build: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Offline it cannot, and the message says what was tried."""
    repository.commit(GREEN)
    monkeypatch.setenv("UV_NO_INDEX", "1")
    error = build(setup="", test="pytest").error
    assert isinstance(error, SubjectError)
    assert error.message.startswith("The set-up failed: uv pip install pytest ended with exit code")


@pytest.mark.sandbox
@pytest.mark.skipif(bool(sandbox.probe()), reason="the sandbox does not work here")
def test_an_environment_is_read_only_to_the_tests(
    repository: Repository, play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UV_OFFLINE", "1")
    repository.commit(GREEN)
    probe = "python -c \"import sys; open(sys.prefix + '/owned', 'w')\""
    story = play(python="", setup="echo building", before=f"{probe} || true; pip --version", test="true")
    assert "Read-only file system" in story.log
    assert "/venv/lib/" in story.log, "pip is the environment's own"


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ('{"url": "file:///w", "dir_info": {"editable": true}}', False),
        ('{"url": "file:///w", "dir_info": {}}', True),
        ('{"url": "file:///w/libs/a", "dir_info": {}}', True),
        ('{"url": "file:///w/dist/a.whl", "archive_info": {}}', True),
        ('{"url": "file:///wheels/a.whl", "archive_info": {}}', False),
        ('{"url": "https://h.test/w/a.whl", "archive_info": {}}', False),
        ("rubbish", True),
    ],
)
def test_pep_610_tells_whose_code_an_environment_holds(tmp_path: Path, record: str, expected: bool) -> None:
    info = tmp_path / "lib" / "python3.11" / "site-packages" / "a-1.dist-info"
    info.mkdir(parents=True)
    (info / "direct_url.json").write_text(record)
    assert holds_code_of(tmp_path, "/w") is expected


def test_leavings_are_never_written_through_a_link(tmp_path: Path) -> None:
    store, workspace, outside = tmp_path / "store", tmp_path / "w", tmp_path / "outside"
    for folder in (store / "a.egg-info", workspace, outside):
        folder.mkdir(parents=True)
    (store / "a.egg-info" / "PKG-INFO").write_text("x")
    (store / "kept").write_text("new")
    (workspace / "a.egg-info").symlink_to(outside)
    (workspace / "kept").write_text("the commit's own")
    leavings.restore(store, workspace)
    assert not list(outside.iterdir())
    assert (workspace / "kept").read_text() == "the commit's own"


def test_an_interpreter_tells_the_folders_that_it_needs() -> None:
    own = interpreter.ask(sys.executable)
    assert own.version == sys.version.split()[0]
    assert Path(sys.prefix) in own.folders() or sys.prefix.startswith("/usr")
    with pytest.raises(SubjectError, match="is no Python interpreter"):
        interpreter.ask("/nowhere/python")


def test_a_lock_hash_changes_with_lock_files_only() -> None:
    def lock(**files: str) -> str:
        named = {name.replace("_", "."): digest for name, digest in files.items()}
        return Commit("tree", named, {}).lock("", "")

    assert lock(uv_lock="1", code_py="1") == lock(uv_lock="1", code_py="2")
    assert lock(uv_lock="1") != lock(uv_lock="2")

"""The folders of a run: its own, gone at its end, and nobody else's."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tracks.errors import ToolError
from tracks.execution import sandbox, workspace
from tracks.execution.spec import Places, RunSpec

PROJECT = Path(__file__).parents[3]


def spec(run: str) -> RunSpec:
    return RunSpec(run=run, project="1", repository="/r", sha="a" * 40, allow_unsandboxed=True)


@pytest.fixture
def jail() -> sandbox.Jail:
    return sandbox.jail(allow_unsandboxed=True)


def test_the_end_of_one_attempt_leaves_the_next_ones_folders_alone(
    places: Places, jail: sandbox.Jail
) -> None:
    late = workspace.folders(spec("7-1"), places, jail)
    late.__enter__()
    with workspace.folders(spec("7-2"), places, jail) as following:
        late.__exit__(None, None, None)
        assert following.home.is_dir()


def test_nothing_is_left_at_the_end(places: Places, jail: sandbox.Jail) -> None:
    with workspace.folders(spec("7-1"), places, jail):
        pass
    assert list(places.runs.iterdir()) == []


def test_one_folder_is_never_used_twice_at_once(places: Places, jail: sandbox.Jail) -> None:
    with workspace.folders(spec("7-1"), places, jail), pytest.raises(ToolError, match="uses the folder"):
        workspace.folders(spec("7-1"), places, jail).__enter__()


def test_what_a_killed_worker_left_is_swept_away_by_the_next_run(places: Places, jail: sandbox.Jail) -> None:
    script = (
        "import os, sys; from pathlib import Path\n"
        "from tests.tracks.execution.test_workspace import spec\n"
        "from tracks.execution import sandbox, workspace\n"
        "from tracks.execution.spec import Places\n"
        "jail = sandbox.jail(allow_unsandboxed=True)\n"
        "held = workspace.folders(spec('7-1'), Places(Path(sys.argv[1])), jail)\n"
        "held.__enter__()\n"
        "os._exit(9)\n"
    )
    argv = [sys.executable, "-c", script, str(places.root)]
    killed = subprocess.run(argv, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert killed.returncode == 9, killed.stderr
    assert (places.runs / "7-1").is_dir()
    with workspace.folders(spec("8-1"), places, jail):
        assert not (places.runs / "7-1").exists()


@pytest.mark.parametrize("closed", [False, True])
def test_no_tree_is_too_deep_or_too_closed_to_be_given_and_removed(
    tmp_path: Path, jail: sandbox.Jail, *, closed: bool
) -> None:
    (tmp_path / "tree").mkdir()
    (tmp_path / "outside").mkdir(mode=0o700)
    deepen = "import os\nfor _ in range(3000): os.mkdir('d'); os.chdir('d')\nos.symlink('/', 'root')"
    subprocess.run((sys.executable, "-c", deepen), cwd=tmp_path / "tree", check=True)
    (tmp_path / "tree" / "link").symlink_to(tmp_path / "outside")
    workspace.give(tmp_path / "tree", jail)
    if closed:
        (tmp_path / "tree" / "d").chmod(0)
    workspace.remove(tmp_path / "tree")
    assert [path.name for path in tmp_path.iterdir()] == ["outside"]
    assert (tmp_path / "outside").stat().st_uid == os.getuid()

"""Environments that are really made from a lock file, from a folder of wheels and no index."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tracks.execution.conftest import Story
from tests.tracks.execution.repositories import Repository
from tests.tracks.execution.wheels import make_wheel
from tracks.errors import SubjectError
from tracks.execution import interpreter

Play = Callable[..., Story]
SITE = next(path for path in sys.path if path.endswith("site-packages"))
TEST = "import tiny, small\ndef test_versions(): assert (tiny.VERSION, small.VERSION) == (1, 1)\n"
PYPROJECT = '[tool.poetry.group.dev.dependencies]\ntiny = "*"\n'


@pytest.fixture
def hashes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Of two packages in two versions each; ``tiny`` needs ``small``, and shows this pytest."""
    wheels = tmp_path / "wheels"
    monkeypatch.setenv("UV_FIND_LINKS", str(wheels))
    monkeypatch.setenv("UV_NO_INDEX", "1")
    monkeypatch.setenv("UV_OFFLINE", "1")
    found = {}
    for version in ("1", "2"):
        files = {"tiny.py": f"VERSION = {version}\n", "here.pth": f"{SITE}\n"}
        found[f"tiny{version}"] = make_wheel(wheels, "tiny", version, files, requires="small")
        found[f"small{version}"] = make_wheel(
            wheels, "small", version, {"small.py": f"VERSION = {version}\n"}
        )
    return found


@pytest.fixture
def build(play: Play, bare: None) -> Play:
    return lambda **changes: play(**{"python": "", "test": "python -m pytest", **changes})


def lock(**hashes: str) -> str:
    return "".join(
        f'[[package]]\nname = "{name}"\nversion = "1"\nfiles = [{{file = "f", hash = "{digest}"}}]\n'
        for name, digest in hashes.items()
    )


@pytest.mark.parametrize("file", ["pdm.lock", "poetry.lock"])
def test_the_versions_of_a_lock_are_installed(
    repository: Repository, build: Play, hashes: dict[str, str], file: str
) -> None:
    pyproject = PYPROJECT if file == "poetry.lock" else '[dependency-groups]\ndev = ["tiny"]\n'
    text = lock(tiny=hashes["tiny1"], small=hashes["small1"]) + '[metadata]\ngroups = ["dev"]\n'
    repository.commit({"pyproject.toml": pyproject, file: text, "test_it.py": TEST})
    story = build()
    assert story.error is None and story.outcomes == {"test_it.py::test_versions": "passed"}
    assert "$ uv pip install --prerelease allow --require-hashes" in story.log
    assert "small==1" in story.log, "uv says what it installs"


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ({"tiny": "tiny1", "small": "small2"}, "Hash mismatch for `small==1`"),
        ({"tiny": "tiny1"}, "small"),
    ],
    ids=["another hash", "not in the lock"],
)
def test_what_is_not_as_the_lock_says_is_not_installed(
    repository: Repository, build: Play, hashes: dict[str, str], entries: dict[str, str], said: str
) -> None:
    text = lock(**{name: hashes[key] for name, key in entries.items()})
    repository.commit({"pyproject.toml": PYPROJECT, "poetry.lock": text, "test_it.py": TEST})
    error = build().error
    assert isinstance(error, SubjectError) and error.message.startswith("The set-up failed: uv pip install")
    assert said in error.detail


@pytest.mark.skipif(len(interpreter.installed()) < 2, reason="this machine has one Python only")
def test_the_python_of_an_environment_is_the_one_that_the_project_asks_for(
    repository: Repository, play: Play, hashes: dict[str, str], tier: str
) -> None:
    own = interpreter.own().version
    other = next(
        each for each in reversed(interpreter.installed()) if each.split(".")[:2] != own.split(".")[:2]
    )
    repository.commit({".python-version": f"{other}\n", "requirements.txt": "small\n", "test_it.py": "\n"})
    story = play(
        python="", setup="uv pip install small", test="python -c 'import small, sys; print(sys.version)'"
    )
    assert f"[Python {other}: the project asks for {other} (.python-version)]" in story.log
    assert f"\n{other} " in story.log

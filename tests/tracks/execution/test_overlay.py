"""Files of one commit laid over another, with git itself."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tracks.execution.repositories import Repository
from tracks.errors import InvalidInput, SubjectError
from tracks.execution import git, locks, overlay
from tracks.execution.spec import OVERLAY_PATHS, Overlay

Laid = Callable[..., Path]


@pytest.fixture
def laid(mirror: Callable[[], Path], tmp_path: Path) -> Laid:
    """The head's workspace with files of the base laid over it."""

    def made(head: str, base: str, *paths: str) -> Path:
        workspace = tmp_path / "w"
        locks.exhaust(git.checkout(mirror(), head, workspace, "run-1"))
        overlay.lay_over(Overlay(base, paths), mirror(), workspace)
        return workspace

    return made


def test_files_become_what_they_are_at_the_other_commit(repository: Repository, laid: Laid) -> None:
    base = repository.commit({"tests/test_a.py": "old", "tests/ü b.py": "old", "app.py": "old"})
    head = repository.commit(
        {"tests/test_a.py": "new", "tests/ü b.py": "new", "app.py": "new", "tests/test_new.py": "new"}
    )
    workspace = laid(head, base, "tests/test_a.py", "tests/ü b.py", "tests/test_new.py", "tests/never.py")
    assert (workspace / "tests/test_a.py").read_text() == (workspace / "tests/ü b.py").read_text() == "old"
    assert (workspace / "app.py").read_text() == "new", "what is not named stays"
    assert not (workspace / "tests/test_new.py").exists(), "what is not there goes"


def test_a_file_in_the_place_of_a_folder_and_of_a_link_out(repository: Repository, laid: Laid) -> None:
    base = repository.commit({"one": "file", "two/test_b.py": "old"})
    repository.git("rm", "-r", "--quiet", "one", "two")
    (repository.path / "two").symlink_to("/tmp")
    head = repository.commit({"one/test_a.py": "new"})
    workspace = laid(head, base, "one", "two/test_b.py")
    assert (workspace / "one").read_text() == "file"
    assert not (workspace / "two").is_symlink() and (workspace / "two/test_b.py").read_text() == "old"


@pytest.mark.parametrize("name", ["--force", "*", ":(top)x", ":!a", "a\nb", "-x"])
def test_a_path_is_no_option_and_no_pattern(repository: Repository, laid: Laid, name: str) -> None:
    base = repository.commit({name: "old", "other": "old"})
    head = repository.commit({name: "new", "other": "new"})
    workspace = laid(head, base, name)
    assert (workspace / name).read_text() == "old" and (workspace / "other").read_text() == "new"


@pytest.mark.parametrize("path", ["", "/etc/passwd", "../x", "a/../../x", ".git/config", "a/.GIT/x", "a\0b"])
def test_a_path_that_leads_out_is_refused(path: str) -> None:
    with pytest.raises(InvalidInput, match="not a path inside"):
        Overlay("a" * 40, ("fine.py", path))


def test_too_many_paths_are_refused() -> None:
    with pytest.raises(InvalidInput, match="at most"):
        Overlay("a" * 40, tuple(f"test_{number}.py" for number in range(OVERLAY_PATHS + 1)))


def test_a_commit_that_is_gone_says_so(repository: Repository, laid: Laid) -> None:
    head = repository.commit({"a": "1"})
    with pytest.raises(SubjectError, match="not in the repository"):
        laid(head, "f" * 40, "a")

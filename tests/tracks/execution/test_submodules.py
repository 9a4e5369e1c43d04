"""Submodules and LFS: what a checkout does not bring by itself is fetched safely, or its absence is told."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.tracks.execution.conftest import Story
from tests.tracks.execution.repositories import Repository
from tracks.errors import SubjectError
from tracks.execution import allowance, eviction, git, lfs, locks, submodules
from tracks.execution.spec import Limits, Places, RunSpec
from tracks.execution.submodules import _absolute

MIB = 1024**2
Play = Callable[..., Story]
READS = {"test_it.py": "def test_it(): assert open('libs/part/data').read() == 'held'\n"}


@pytest.fixture
def part(tmp_path: Path) -> Repository:
    """A repository that others hold as a submodule."""
    part = Repository(tmp_path / "part")
    part.commit({"data": "held"})
    return part


@pytest.fixture
def hold(repository: Repository) -> Callable[..., str]:
    """Commit a submodule as git itself would have written it."""

    def held(
        url: str, sha: str, *, path: str = "libs/part", more: str = "", into: Repository = repository
    ) -> str:
        text = f'[submodule "it"]\n\tpath = {path}\n\turl = {url}\n{more}'
        into.commit({".gitmodules": text, **(READS if into is repository else {})})
        into.git("update-index", "--add", "--cacheinfo", f"160000,{sha},{path}")
        into.git("commit", "--quiet", "--message", "a submodule")
        return into.head()

    return held


@pytest.mark.parametrize("url", ["../part", "{part}"])
def test_a_submodule_beside_the_repository_is_checked_out(
    part: Repository, hold: Callable[..., str], play: Play, tier: str, url: str
) -> None:
    hold(url.format(part=part.path), part.head())
    story = play(protected=True, before="git -C libs/part log -1 --format=%s")
    assert story.outcomes == {"test_it.py::test_it": "passed"}
    assert "work\n" in story.log, "git works in the submodule, too"


def test_a_submodule_inside_a_submodule_is_checked_out(
    part: Repository, hold: Callable[..., str], play: Play, tmp_path: Path, bare: None
) -> None:
    middle = Repository(tmp_path / "middle")
    sha = hold("../part", part.head(), path="part", into=middle)
    hold("../middle", sha, path="libs")
    assert play(protected=True).outcomes == {"test_it.py::test_it": "passed"}


def test_nothing_that_a_branch_writes_into_gitmodules_is_run(
    part: Repository, hold: Callable[..., str], play: Play, tmp_path: Path, bare: None
) -> None:
    more = f"\tupdate = !touch {tmp_path}/owned\n\tbranch = --upload-pack=touch {tmp_path}/owned\n"
    more += f"[core]\n\tsshCommand = touch {tmp_path}/owned\n\tfsmonitor = touch {tmp_path}/owned\n"
    hold("../part", part.head(), more=more)
    assert play(protected=True).outcomes == {"test_it.py::test_it": "passed"}
    assert not (tmp_path / "owned").exists()


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://elsewhere.test/x", "It is on elsewhere.test, not on the project's own host."),
        ("https://tess:hunter2@elsewhere.test/x", "holds credentials"),
        ("ext::sh -c 'touch owned'", "cannot be fetched over ext"),
        ("--upload-pack=touch", "is not a full path"),
        ("https://h.test:8080/x", "It is on h.test:8080, not on"),
        ("../nowhere", "cannot be reached"),
        ("", ".gitmodules does not say where it is."),
    ],
)
def test_a_submodule_that_is_not_fetched_is_told_and_the_tests_run(
    part: Repository, hold: Callable[..., str], play: Play, bare: None, url: str, why: str
) -> None:
    hold(url, part.head())
    story = play(protected=True)
    assert "[the submodule 'libs/part' is not fetched. " in story.log and why in story.log
    assert "hunter2" not in story.log
    assert story.outcomes == {"test_it.py::test_it": "failed"}


def test_a_commit_that_a_submodule_does_not_have_is_told(
    part: Repository, hold: Callable[..., str], play: Play, bare: None
) -> None:
    hold("../part", "1" * 40)
    assert f"The commit {'1' * 40} is not in the repository" in play(protected=True).log


def test_a_branch_cannot_make_the_worker_read_what_no_protected_branch_has_named(
    part: Repository, hold: Callable[..., str], play: Play, bare: None
) -> None:
    hold("../part", part.head())
    assert "asked only once a protected branch has named it" in play().log
    play(protected=True)
    assert play().outcomes == {"test_it.py::test_it": "passed"}


def test_over_https_too_a_protected_branch_names_an_address_first(tmp_path: Path) -> None:
    spec = RunSpec(run="r", project="p", repository="https://h.test/a", sha="a" * 40)
    with pytest.raises(SubjectError, match="only once a protected branch"):
        submodules._check_address("https://h.test/b", spec, tmp_path / "known")
    submodules._check_address("https://h.test/b", replace(spec, protected=True), tmp_path / "known")
    submodules._check_address("https://h.test/b", spec, tmp_path / "known")


@pytest.mark.parametrize(
    ("limits", "why"),
    [
        (Limits(disk_bytes=3 * MIB), "more than 3 MiB on the disk with all submodules"),
        (Limits(setup_seconds=0), "the limit of 0 s for all submodules was reached"),
    ],
)
def test_what_all_submodules_take_together_is_bounded(
    part: Repository,
    hold: Callable[..., str],
    play: Play,
    mirror: Callable[[], Path],
    bare: None,
    limits: Limits,
    why: str,
) -> None:
    (part.path / "large").write_bytes(os.urandom(4 * MIB))
    hold("../part", part.commit())
    mirror()
    story = play(protected=True, limits=limits, before="ls -A libs/part")
    assert why in story.log
    assert story.outcomes == {"test_it.py::test_it": "failed"}, "the folder is there, and empty"


def test_submodules_are_counted_with_those_inside_of_others(
    part: Repository,
    hold: Callable[..., str],
    play: Play,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    bare: None,
) -> None:
    middle = Repository(tmp_path / "middle")
    sha = hold("../part", part.head(), path="part", into=middle)
    monkeypatch.setattr(allowance, "MAX_SUBMODULES", 1)
    hold("../middle", sha, path="libs")
    story = play(protected=True)
    assert story.log.count("submodules: the others are not fetched]") == 1
    assert story.outcomes == {"test_it.py::test_it": "failed"}


def test_a_submodules_mirror_goes_like_a_cache_and_the_projects_own_stays(
    part: Repository, hold: Callable[..., str], play: Play, places: Places, bare: None
) -> None:
    hold("../part", part.head())
    play(protected=True)
    gone = locks.exhaust(eviction.evict(places, 0))
    assert [folder.parent for folder in gone] == [places.submodules]
    assert [path.suffix for path in places.mirrors.iterdir() if path.is_dir()] == [".git"]
    assert play().outcomes == {"test_it.py::test_it": "passed"}, "its address stays known"


def test_nothing_is_removed_where_a_link_leads_out_of_the_workspace(
    part: Repository, hold: Callable[..., str], play: Play, places: Places, tmp_path: Path, bare: None
) -> None:
    (tmp_path / "outside" / "part").mkdir(parents=True)
    sha = hold("../part", part.head())
    workspace = tmp_path / "w"
    workspace.mkdir()
    (workspace / "libs").symlink_to(tmp_path / "outside")
    spec = RunSpec(run="r", project="p", repository=str(part.path), sha=sha, allow_local=True, protected=True)
    own = git.mirror_path(places, "project", str(part.path.with_name("repository")))
    play(protected=True)
    (event,) = submodules.check_out(spec, places, own, workspace)
    assert "Its folder lies elsewhere." in getattr(event, "text", "")
    assert (tmp_path / "outside" / "part").exists()


@pytest.mark.parametrize(
    ("url", "repository", "expected"),
    [
        ("../b.git", "https://h.test/team/a.git", "https://h.test/team/b.git"),
        ("../../x/b", "https://h.test/team/a", "https://h.test/x/b"),
        ("../b", "git@h.test:team/a", "git@h.test:team/b"),
        ("./b", "/srv/a", "/srv/a/b"),
        ("https://h.test/c", "/srv/a", "https://h.test/c"),
        ("../../elsewhere.test/b", "https://h.test/a", "https://elsewhere.test/b"),
    ],
)
def test_an_address_may_be_relative_to_the_repositorys(url: str, repository: str, expected: str) -> None:
    assert _absolute(url, repository) == expected


def test_what_a_set_up_leaves_is_told_from_a_submodules_files(
    part: Repository, hold: Callable[..., str], play: Play, places: Places, bare: None
) -> None:
    """Else every environment of such a project would be bound to one tree."""
    hold("../part", part.head())
    play(python="", setup="true", test="true", protected=True)
    (marker,) = places.environments.glob("*/ready.json")
    assert '"tree": ""' in marker.read_text()


POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"


def test_pointers_of_lfs_are_counted_and_told(repository: Repository, play: Play, bare: None) -> None:
    files = {
        ".gitattributes": "*.bin filter=lfs\n",
        "a.bin": POINTER,
        "deep/b.bin": POINTER,
        "c.bin": "whole",
    }
    repository.commit({**files, "test_it.py": "def test_one(): pass\n"})
    log = play().log
    assert (
        "[2 files are in Git LFS and not fetched, such as 'a.bin'" in log and "Commit what they need" in log
    )


def test_without_lfs_nothing_is_told(
    repository: Repository, tmp_path: Path, mirror: Callable[[], Path]
) -> None:
    sha = repository.commit({"looks.like": POINTER, ".gitattributes": "*.py text\n"})
    assert list(lfs.notices(repository.path, git.file_hashes(mirror(), sha))) == []

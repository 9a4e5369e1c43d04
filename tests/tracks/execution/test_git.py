"""Mirrors, refs and workspaces, with git itself and names that it would take for options."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tracks.execution.repositories import Repository
from tracks.errors import InvalidInput, SubjectError
from tracks.execution import git, locks, remote
from tracks.execution.spec import Places

HOSTILE = [
    "--upload-pack=touch${IFS}owned",
    "-x",
    "with'quote",
    'with"quotes"',
    "$(touch${IFS}owned)",
    "a;b",
    "ümläut",
    "feature/deep/name",
    "0123456",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_branch_named_like_an_option_is_only_a_name(
    repository: Repository, mirror: Callable[[], Path], name: str
) -> None:
    sha = repository.commit({"a": "1"})
    repository.branch(name)
    assert name in git.branches(mirror())
    assert git.resolve(mirror(), name) == sha


@pytest.mark.parametrize(
    "name", ["has space", "main^{tree}", "..", "main~1", "@", "HEAD", "refs/heads/main", ""]
)
def test_what_is_no_branch_name_is_no_branch(
    repository: Repository, mirror: Callable[[], Path], name: str
) -> None:
    repository.commit({"a": "1"})
    with pytest.raises(SubjectError, match="has no branch named"):
        git.resolve(mirror(), name)


def test_a_branch_that_is_missing_names_those_that_are_close(
    repository: Repository, mirror: Callable[[], Path]
) -> None:
    repository.commit({"a": "1"})
    repository.branch("feature/login")
    with pytest.raises(SubjectError) as raised:
        git.resolve(mirror(), "feature/logon")
    assert "feature/login" in raised.value.remedy


def test_a_commit_is_found_by_its_sha_and_by_its_beginning(
    repository: Repository, mirror: Callable[[], Path]
) -> None:
    sha = repository.commit({"a": "1"})
    assert git.resolve(mirror(), sha) == git.resolve(mirror(), sha[:8].upper()) == sha


def test_a_sha_that_is_no_commit_says_so(repository: Repository, mirror: Callable[[], Path]) -> None:
    repository.commit({"a": "1"})
    blob = repository.git("rev-parse", "HEAD:a")
    for sha in ("f" * 40, blob):
        with pytest.raises(SubjectError, match="is not a commit"):
            git.resolve(mirror(), sha)


def test_an_empty_repository_says_so(repository: Repository, mirror: Callable[[], Path]) -> None:
    with pytest.raises(SubjectError, match="is empty"):
        git.resolve(mirror(), "main")


def test_a_repository_that_cannot_be_reached_says_so(tmp_path: Path, places: Places) -> None:
    nowhere = str(tmp_path / "nowhere")
    with pytest.raises(SubjectError, match="cannot be reached") as raised:
        locks.exhaust(remote.fetch_mirror(places.mirrors / "m.git", nowhere, allow_local=True))
    assert raised.value.detail and raised.value.remedy


@pytest.mark.parametrize(
    "address",
    [
        "https://lena:hunter2@example.test/a.git",
        "https://hunter2@example.test/a.git",
        "ssh://u:hunter2@h.test/a",
    ],
)
def test_credentials_in_an_address_are_refused_and_never_repeated(address: str) -> None:
    with pytest.raises(SubjectError, match="credentials") as raised:
        remote.check_repository(address, allow_local=True)
    assert "hunter2" not in f"{raised.value} {raised.value.remedy} {raised.value.detail}"
    assert "ssh key" in raised.value.remedy


@pytest.mark.parametrize(
    "address",
    [
        "/srv/repo",
        "./repo",
        "file:///srv/repo",
        "ext::sh -c true",
        "git://h.test/a",
        "http://h.test/a",
        "",
        "a\nb",
    ],
)
def test_only_https_and_ssh_unless_local_ones_are_allowed(address: str) -> None:
    with pytest.raises(SubjectError):
        remote.check_repository(address, allow_local=False)


@pytest.mark.parametrize("address", ["https://h.test/a", "ssh://git@h.test/a", "git@h.test:a/b.git"])
def test_ordinary_addresses_are_fine(address: str) -> None:
    remote.check_repository(address, allow_local=False)


def test_a_program_named_as_an_address_is_never_started(places: Places, tmp_path: Path) -> None:
    for address in (f"ext::touch {tmp_path}/owned", f"--upload-pack=touch {tmp_path}/owned"):
        with pytest.raises(SubjectError):
            locks.exhaust(remote.fetch_mirror(places.mirrors / "m.git", address, allow_local=True))
    assert not (tmp_path / "owned").exists()


def test_a_mirror_follows_its_repository(repository: Repository, mirror: Callable[[], Path]) -> None:
    repository.commit({"a": "1"})
    repository.branch("old")
    assert git.branches(mirror()) == ["main", "old"]
    repository.git("branch", "-D", "old")
    repository.git("branch", "old/again")
    assert git.branches(mirror()) == ["main", "old/again"]


def test_a_rewritten_branch_is_followed_and_the_pinned_commit_stays(
    repository: Repository, mirror: Callable[[], Path], tmp_path: Path
) -> None:
    first = repository.commit({"a": "1"})
    locks.exhaust(git.checkout(mirror(), first, tmp_path / "w", "run-1"))
    repository.git("commit", "--amend", "--quiet", "--message", "rewritten")
    assert git.resolve(mirror(), "main") == repository.head() != first
    assert git.has_commit(mirror(), first)


def test_a_commit_that_no_branch_leads_to_is_fetched_by_its_sha(
    repository: Repository, places: Places
) -> None:
    repository.commit({"a": "1"})
    lost = repository.commit({"a": "2"})
    repository.git("reset", "--quiet", "--hard", "HEAD~1")
    path = places.mirrors / "m.git"
    locks.exhaust(remote.fetch_mirror(path, str(repository.path), allow_local=True, sha=lost))
    assert git.has_commit(path, lost)


def test_a_shallow_clone_can_be_tested_too(repository: Repository, tmp_path: Path, places: Places) -> None:
    repository.commit({"a": "1"})
    sha = repository.commit({"a": "2"})
    repository.git("clone", "--quiet", "--depth=1", f"file://{repository.path}", str(tmp_path / "shallow"))
    path = places.mirrors / "m.git"
    locks.exhaust(remote.fetch_mirror(path, str(tmp_path / "shallow"), allow_local=True))
    locks.exhaust(git.checkout(path, sha, tmp_path / "w", "run-1"))
    assert (tmp_path / "w" / "a").read_text() == "2"


def test_a_workspace_holds_the_commit_and_no_hook_or_filter_has_run(
    repository: Repository, mirror: Callable[[], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sha = repository.commit({"a": "1", ".gitattributes": "a filter=x\n"})
    home = tmp_path / "home"
    home.mkdir()
    config = f'[filter "x"]\n\tsmudge = touch {tmp_path}/owned; cat\n[core]\n\thooksPath = {tmp_path}\n'
    (home / ".gitconfig").write_text(config)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    locks.exhaust(git.checkout(mirror(), sha, tmp_path / "w", "run-1"))
    assert (tmp_path / "w" / "a").read_text() == "1"
    assert not (tmp_path / "owned").exists()
    assert not list((tmp_path / "w" / ".git").glob("hooks/*"))


@pytest.mark.skipif(os.getuid() != 0, reason="needs root to give files away")
def test_a_repository_of_another_user_works(repository: Repository, mirror: Callable[[], Path]) -> None:
    sha = repository.commit({"a": "1"})
    for parent, names, files in os.walk(repository.path):
        for name in (".", *names, *files):
            os.chown(Path(parent) / name, 65534, 65534)
    assert git.resolve(mirror(), "main") == sha


def test_branches_can_be_asked_of_the_repository_itself(repository: Repository) -> None:
    sha = repository.commit({"a": "1"})
    repository.branch("--upload-pack=x")
    heads = remote.remote_branches(str(repository.path), allow_local=True)
    assert heads == {"main": sha, "--upload-pack=x": sha}


def test_commits_are_told_newest_first(repository: Repository, mirror: Callable[[], Path]) -> None:
    base = repository.commit(message="base")
    repository.commit(message="first; with\ttab, \x1e and | bar")
    head = repository.commit(message="second")
    told = git.commits(mirror(), base, head)
    assert [commit.subject for commit in told] == ["second", "first; with\ttab, \x1e and | bar"]
    assert told[0].sha == head and told[0].parents == (told[1].sha,) and told[1].parents == (base,)
    assert told[0].author == "Dev" and told[0].email == "dev@example.test" and "T" in told[0].date
    assert len(git.commits(mirror(), "", head, limit=2)) == 2


def test_the_merge_base_of_two_lines(repository: Repository, mirror: Callable[[], Path]) -> None:
    base = repository.commit(message="base")
    one = repository.commit(message="one")
    repository.git("checkout", "--quiet", "-b", "other", base)
    two = repository.commit(message="two")
    repository.git("checkout", "--quiet", "--orphan", "alone")
    alone = repository.commit({"x": "1"})
    assert git.merge_base(mirror(), one, two) == base
    assert git.merge_base(mirror(), one, alone) == ""


def test_files_of_a_commit_are_read_from_the_mirror(
    repository: Repository, mirror: Callable[[], Path]
) -> None:
    sha = repository.commit({"a b/ü.txt": "same", "c.txt": "same"})
    hashes = git.file_hashes(mirror(), sha)
    assert set(hashes) == {"a b/ü.txt", "c.txt"} and len(set(hashes.values())) == 1
    assert git.show(mirror(), sha, "a b/ü.txt") == "same"
    with pytest.raises(InvalidInput):
        git.show(mirror(), sha, "missing")


@pytest.mark.parametrize("sha", ["main", "--all", "HEAD", "", "f" * 39])
def test_where_a_sha_is_meant_only_a_sha_is_taken(
    repository: Repository, mirror: Callable[[], Path], sha: str
) -> None:
    repository.commit({"a": "1"})
    with pytest.raises(InvalidInput):
        git.commits(mirror(), "", sha)


def test_waiting_for_a_mirror_gives_heartbeats(repository: Repository, places: Places) -> None:
    repository.commit({"a": "1"})
    path = places.mirrors / "m.git"
    with locks.holding(path.with_suffix(".lock")):
        steps = remote.fetch_mirror(path, str(repository.path), allow_local=True)
        assert type(next(steps)).__name__ == "Heartbeat"
    locks.exhaust(steps)
    assert git.branches(path) == ["main"]


def test_the_pins_of_old_runs_are_forgotten(
    repository: Repository, mirror: Callable[[], Path], tmp_path: Path
) -> None:
    sha = repository.commit({"a": "1"})
    for run in ("old", "new"):
        locks.exhaust(git.checkout(mirror(), sha, tmp_path / run, run))
    pins = mirror() / "refs" / "omc" / "run"
    os.utime(pins / "old", (1, 1))
    mirror()
    assert [pin.name for pin in pins.iterdir()] == ["new"]


def test_a_file_that_nobody_would_read_is_not_read(
    repository: Repository, mirror: Callable[[], Path]
) -> None:
    sha = repository.commit(
        {"poetry.lock": "#" * (git.FILE_BYTES + 1), ".gitmodules": "#" * (git.FILE_BYTES + 1)}
    )
    with pytest.raises(SubjectError, match=r"poetry\.lock is larger than 8 MiB"):
        git.show(mirror(), sha, "poetry.lock")
    with pytest.raises(SubjectError, match="gitmodules is larger"):
        git.submodule_urls(mirror(), sha)

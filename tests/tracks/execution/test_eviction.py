"""What is removed when environments and caches take too much, and what never is."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tracks.execution.conftest import Story
from tests.tracks.execution.repositories import Repository
from tests.tracks.execution.test_environment import GREEN, SETUP
from tracks.errors import SubjectError
from tracks.events import Heartbeat, StageStarted
from tracks.execution import eviction, locks
from tracks.execution.runner import run
from tracks.execution.spec import Places, RunSpec
from tracks.statuses import Stage

KIB = 1024


def fill(folder: Path, size: int, *, used: int) -> Path:
    folder.mkdir()
    (folder / "data").write_bytes(os.urandom(size))
    locks.exhaust(eviction.measure(folder))
    folder.with_name(f"{folder.name}.use").touch()
    os.utime(folder.with_name(f"{folder.name}.use"), (used, used))
    return folder


@pytest.fixture
def old(places: Places) -> Path:
    return fill(places.environments / "old", 64 * KIB, used=1)


@pytest.fixture
def cache(places: Places) -> Path:
    return fill(places.caches / "cache", 64 * KIB, used=2)


@pytest.fixture
def new(places: Places) -> Path:
    return fill(places.environments / "new", 64 * KIB, used=3)


def test_what_was_used_longest_ago_goes_first_until_the_rest_fits(
    places: Places, old: Path, cache: Path, new: Path
) -> None:
    assert locks.exhaust(eviction.evict(places, 1024 * KIB)) == []
    assert locks.exhaust(eviction.evict(places, 80 * KIB)) == [old, cache]
    assert not old.exists() and not cache.exists() and new.exists()
    assert locks.exhaust(eviction.evict(places, 80 * KIB)) == []


def test_a_use_makes_it_new_again(places: Places, old: Path, cache: Path, new: Path) -> None:
    locks.exhaust(eviction.using(old)).release()
    assert locks.exhaust(eviction.evict(places, 80 * KIB)) == [cache, new]


def test_a_folder_is_measured_while_others_make_and_remove_files_in_it(tmp_path: Path) -> None:
    churn = 'cd "$1" && while :; do for n in 1 2 3 4 5 6 7 8; do : > f$n; done; rm f?; done'
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "data").write_bytes(os.urandom(64 * KIB))
    with subprocess.Popen(("/bin/sh", "-c", churn, "sh", str(tmp_path / "cache"))) as others:
        for _ in range(3):
            steps = eviction.measure(tmp_path / "cache")
            assert next(steps) == Heartbeat(), "whoever waits is told that we live"
            locks.exhaust(steps)
            assert int((tmp_path / "cache.size").read_text()) >= 64 * KIB
        others.kill()


def test_what_is_in_use_stays(places: Places, old: Path, cache: Path, new: Path) -> None:
    one, two = (locks.exhaust(eviction.using(old)) for _ in range(2))
    assert locks.exhaust(eviction.evict(places, 0)) == [cache, new]
    one.release()
    assert locks.exhaust(eviction.evict(places, 0)) == []
    two.release()
    assert locks.exhaust(eviction.evict(places, 0)) == [old]


def test_what_a_killed_or_failing_set_up_left_goes_like_all_the_rest(places: Places, new: Path) -> None:
    killed = places.environments / "killed"
    killed.mkdir()
    (killed / "half").write_bytes(os.urandom(64 * KIB))
    locks.exhaust(eviction.using(killed)).release()
    assert locks.exhaust(eviction.evict(places, 80 * KIB)) == [new]
    assert locks.exhaust(eviction.evict(places, 0)) == [killed] and not killed.exists()


def test_what_a_failing_set_up_downloads_is_counted(
    repository: Repository,
    spec_of: Callable[..., RunSpec],
    places: Places,
    monkeypatch: pytest.MonkeyPatch,
    old: Path,
    bare: None,
) -> None:
    monkeypatch.setenv("UV_OFFLINE", "1")
    repository.commit(GREEN)
    spec = spec_of(python="", setup="head -c 200000 /dev/zero > $UV_CACHE_DIR/big; exit 1")
    with pytest.raises(SubjectError):
        list(run(spec, places))
    (cache,) = (path for path in places.caches.iterdir() if path.is_dir())
    assert locks.exhaust(eviction.evict(places, 100 * KIB)) == [old, cache]


def test_an_environment_stays_while_a_run_uses_it_and_is_made_again_when_it_went(
    repository: Repository,
    spec_of: Callable[..., RunSpec],
    places: Places,
    monkeypatch: pytest.MonkeyPatch,
    bare: None,
) -> None:
    monkeypatch.setenv("UV_OFFLINE", "1")
    repository.commit(GREEN)
    spec = spec_of(python="", setup=SETUP, test="python -m pytest")
    events = run(spec, places)
    story = Story()
    for event in events:
        story.events.append(event)
        if event == StageStarted(Stage.TEST):
            gone = locks.exhaust(eviction.evict(places, 0))
            assert [folder.parent for folder in gone] == [places.caches], "nobody installs any more"
    assert story.outcomes == {"test_it.py::test_one": "passed"}
    assert [folder.parent for folder in locks.exhaust(eviction.evict(places, 0))] == [places.environments]
    assert "building" in Story([*run(spec, places)]).log


def test_the_limit_of_a_place_holds_after_each_build(
    repository: Repository,
    spec_of: Callable[..., RunSpec],
    places: Places,
    monkeypatch: pytest.MonkeyPatch,
    old: Path,
    bare: None,
) -> None:
    monkeypatch.setenv("UV_OFFLINE", "1")
    repository.commit(GREEN)
    story = Story([*run(spec_of(python="", setup=SETUP), Places(places.root, cache_bytes=0))])
    assert story.outcomes == {"test_it.py::test_one": "passed"}
    assert not old.exists()

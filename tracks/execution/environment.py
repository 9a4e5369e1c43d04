"""The Python environment of a commit: given, found in the cache, or built there by uv.

    key = lock and project files at the commit + setup command + Python + trust class + workspace path
    environments/<key>/venv         built in place (virtual environments do not move), then read-only
                      /leavings/    what the set-up left in the workspace: every run gets it, see there
                      /ready.json   written last: without it the rest is rubbish and is built again
    environments/<key>-<tree>/      the same, for an environment that holds code of the commit itself

The path is in the key because editable installs write it into the environment. An environment is
*bound to its tree* when the set-up installed the project in a form that is not editable (PEP 610's
direct_url.json says so), or left more in the workspace than metadata: with another commit it would
bring the wrong code under test.

Project and trust class are in the key because a branch's set-up can leave code behind for every
later user of the environment; for the same reason each downloads into a cache of its own. What was used
longest ago goes when all take too much: see eviction.py.
"""

import json
import os
import re
import shlex
import time
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath

from tracks.errors import ToolError
from tracks.events import CommandEnded, Event, Log
from tracks.execution import eviction, git, interpreter, leavings, locks, pythons, tables
from tracks.execution.builder import Builder
from tracks.execution.interpreter import Interpreter
from tracks.execution.origins import holds_code_of
from tracks.execution.spec import Places
from tracks.execution.workbench import Workbench
from tracks.execution.workspace import give, remove
from tracks.statuses import Stage

LOCK_FILES = re.compile(
    r"uv\.lock|poetry\.lock|pdm\.lock|Pipfile\.lock|pyproject\.toml|setup\.py|setup\.cfg"
    r"|.*(requirements|constraints).*\.(txt|in)"
)
FORM = "2"
"""Changed when environments are built in another way: the old ones are then left alone."""
TEXTS = ("pyproject.toml", "setup.cfg", "poetry.lock", "pdm.lock", ".python-version")


@dataclass(frozen=True, slots=True)
class Environment:
    prefix: Path
    version: str
    folders: tuple[Path, ...]
    lock: str
    """Hash of the commit's lock and project files."""
    leavings: Path | None = None
    built: bool = False
    """Just now, in this run's workspace."""
    held: locks.FileLock | None = None
    """Keeps it from being removed while the run goes on."""

    def release(self) -> None:
        if self.held:
            self.held.release()


@dataclass(frozen=True, slots=True)
class Commit:
    """What the environment depends on, of a commit."""

    tree: str
    files: Mapping[str, str]
    """Path -> hash of its contents."""
    texts: Mapping[str, str]
    """Name -> contents of the project's own files, as far as they are there."""

    @classmethod
    def read(cls, mirror: Path, sha: str, subdir: str) -> "Commit":
        files = git.file_hashes(mirror, sha)
        paths = {name: str(PurePosixPath(subdir) / name) for name in TEXTS}
        if paths[".python-version"] not in files:
            paths[".python-version"] = ".python-version"
        texts = {name: git.show(mirror, sha, path) for name, path in paths.items() if path in files}
        return cls(git.tree(mirror, sha), files, texts)

    def python(self) -> pythons.Asked | None:
        with tables.readable():
            pyproject = tables.parsed(self.texts.get("pyproject.toml", ""))
            return pythons.asked(
                self.texts.get(".python-version", ""), pyproject, self.texts.get("setup.cfg", "")
            )

    def names(self, subdir: str) -> list[str]:
        """The files that lie directly in the project's folder."""
        folder = PurePosixPath(subdir)
        return [path.name for path in map(PurePosixPath, self.files) if path.parent == folder]

    def lock(self, setup: str, subdir: str) -> str:
        """One hash of all lock and project files, and of those that the setup command names."""
        named = _named_by(setup, subdir)
        matter = sorted(
            f"{path}\0{digest}"
            for path, digest in self.files.items()
            if path in named
            or LOCK_FILES.fullmatch(PurePosixPath(path).name)
            or "requirements" in PurePosixPath(path).parts
        )
        return sha256("\0".join(matter).encode("utf-8", "replace")).hexdigest()[:20]


def _named_by(setup: str, subdir: str) -> set[str]:
    try:
        words = shlex.split(setup)
    except ValueError:
        words = setup.split()
    pieces = {piece for word in words for piece in (word, word.rpartition("=")[2])}
    return {os.path.normpath(PurePosixPath(subdir) / piece) for piece in pieces if piece}


def prepare(bench: Workbench, places: Places, commit: Commit) -> Generator[Event, None, Environment]:
    """Find or build the environment; the workspace must hold a fresh checkout. To be released at the end."""
    spec = bench.spec
    lock = commit.lock(spec.setup, spec.subdir)
    if spec.python:
        given = interpreter.ask(spec.python)
        return Environment(given.prefix, given.version, tuple(given.folders()), lock)
    base = yield from _base(commit)
    key = _key(bench, base.version, lock)
    for name in (key, f"{key}-{commit.tree[:12]}"):
        folder = places.environments / name
        used = yield from eviction.using(folder)
        try:
            tree, built = yield from _found_or_built(bench, places, commit, folder, base)
        except BaseException:
            used.release()
            raise
        if tree in ("", commit.tree):
            needed, left = tuple(base.folders()), folder / "leavings"
            return Environment(folder / "venv", base.version, needed, lock, left, built=built, held=used)
        used.release()
    raise ToolError(f"The environment {key} is not what its name says.", remedy="Remove it and start again.")


def _base(commit: Commit) -> Generator[Event, None, Interpreter]:
    """The interpreter that the project asks for."""
    asked = commit.python()
    base = interpreter.own()
    if asked:
        base = interpreter.found()[pythons.chosen(asked, base.version, interpreter.installed())]
        yield Log(f"[Python {base.version}: the project asks for {asked}]\n")
    return base


def _key(bench: Workbench, version: str, lock: str) -> str:
    spec = bench.spec
    trust = "protected" if spec.protected else "branch"
    path = bench.jail.seen(bench.folders.mount())
    parts = [FORM, spec.project, spec.subdir, spec.setup, version, lock, trust, path, bench.jail.tier]
    return sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:20]


def _found_or_built(
    bench: Workbench, places: Places, commit: Commit, folder: Path, base: Interpreter
) -> Generator[Event, None, tuple[str, bool]]:
    """The tree that the environment is bound to, "" if it serves any; and whether it was built just now."""
    held = yield from locks.waiting(folder.with_name(f"{folder.name}.lock"))
    try:
        marker = _marker(folder)
        if marker:
            yield Log(f"[environment found, made {marker['made']}]\n")
            return marker["tree"], False
        # Killed and failing set-ups never come to the second call: what they left goes now.
        yield from eviction.evict(places, places.cache_bytes)
        yield from _build(bench, places, commit, folder, base)
    finally:
        held.release()
    yield from eviction.evict(places, places.cache_bytes)
    return commit.tree, True


def _marker(folder: Path) -> dict[str, str] | None:
    """What is noted of an environment that is ready."""
    try:
        noted = json.loads((folder / "ready.json").read_text(encoding="utf-8"))
        return {name: str(noted[name]) for name in ("tree", "made")}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _build(
    bench: Workbench, places: Places, commit: Commit, folder: Path, base: Interpreter
) -> Generator[Event, None, None]:
    began = time.monotonic()
    remove(folder)
    venv = folder / "venv"
    venv.mkdir(parents=True)
    give(venv, bench.jail)
    try:
        yield from Builder(bench, places, venv, base).build(commit.names(bench.spec.subdir), commit.texts)
    except BaseException:
        remove(folder)
        raise
    left = leavings.found(bench.folders.workspace, commit.files)
    leavings.keep(bench.folders.workspace, left, folder / "leavings")
    workspace = bench.jail.seen(bench.folders.mount())
    bound = not leavings.only_metadata(left) or holds_code_of(venv, workspace)
    yield from _note(
        folder, {"tree": commit.tree if bound else "", "python": base.version, "setup": bench.spec.setup}
    )
    yield CommandEnded(Stage.SETUP, 0, time.monotonic() - began)


def _note(folder: Path, marker: dict[str, str]) -> Generator[Event, None, None]:
    marker["made"] = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())
    # As a whole or not at all: a worker may be killed between any two lines.
    (folder / "ready.json.new").write_text(json.dumps(marker), encoding="utf-8")
    (folder / "ready.json.new").rename(folder / "ready.json")
    yield from eviction.measure(folder)

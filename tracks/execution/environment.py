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
later user of the environment; for the same reason each downloads into a cache of its own.
"""

import json
import os
import re
import shlex
import time
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from tracks.errors import SubjectError, ToolError
from tracks.events import CommandEnded, Event, Log
from tracks.execution import git, interpreter, leavings, locks, setups
from tracks.execution.processes import Ended
from tracks.execution.sandbox import Mount
from tracks.execution.spec import Places
from tracks.execution.workbench import Workbench, find_uv, installer_settings, shell
from tracks.execution.workspace import give, remove
from tracks.statuses import Stage

LOCK_FILES = re.compile(
    r"uv\.lock|poetry\.lock|pdm\.lock|Pipfile\.lock|pyproject\.toml|setup\.py|setup\.cfg"
    r"|.*(requirements|constraints).*\.(txt|in)"
)
FORM = "1"
"""Changed when environments are built in another way: the old ones are then left alone."""
DIRECT_URL_BYTES = 65536


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


@dataclass(frozen=True, slots=True)
class Commit:
    """What the environment depends on, of a commit."""

    tree: str
    files: Mapping[str, str]
    """Path -> hash of its contents."""
    pyproject: str

    @classmethod
    def read(cls, mirror: Path, sha: str, subdir: str) -> "Commit":
        files = git.file_hashes(mirror, sha)
        path = str(PurePosixPath(subdir) / "pyproject.toml")
        return cls(git.tree(mirror, sha), files, git.show(mirror, sha, path) if path in files else "")

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
    """Find or build the environment; the workspace must hold a fresh checkout."""
    spec = bench.spec
    lock = commit.lock(spec.setup, spec.subdir)
    if spec.python:
        given = interpreter.ask(spec.python)
        return Environment(given.prefix, given.version, tuple(given.folders()), lock)
    base = interpreter.own()
    key = _key(bench, base.version, lock)
    for name in (key, f"{key}-{commit.tree[:12]}"):
        folder = places.environments / name
        held = yield from locks.waiting(places.environments / f"{name}.lock")
        try:
            tree, built = _ready_for(folder), False
            if tree is None:
                yield from _build(bench, places, commit, folder, base)
                tree, built = commit.tree, True
        finally:
            held.release()
        if tree in ("", commit.tree):
            parts = (folder / "venv", base.version, tuple(base.folders()), lock, folder / "leavings", built)
            return Environment(*parts)
    raise ToolError(f"The environment {key} is not what its name says.", remedy="Remove it and start again.")


def _key(bench: Workbench, version: str, lock: str) -> str:
    spec = bench.spec
    trust = "protected" if spec.protected else "branch"
    path = bench.jail.seen(bench.folders.mount())
    parts = [FORM, spec.project, spec.subdir, spec.setup, version, lock, trust, path, bench.jail.tier]
    return sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:20]


def _ready_for(folder: Path) -> str | None:
    """The tree that the environment is bound to, "" if it serves any, None if it is not ready."""
    try:
        return str(json.loads((folder / "ready.json").read_text(encoding="utf-8"))["tree"])
    except (OSError, ValueError, KeyError):
        return None


def _build(
    bench: Workbench, places: Places, commit: Commit, folder: Path, base: interpreter.Interpreter
) -> Generator[Event, None, None]:
    began = time.monotonic()
    remove(folder)
    venv = folder / "venv"
    venv.mkdir(parents=True)
    give(venv, bench.jail)
    builder = Builder(bench, places, venv, base)
    yield from builder.create()
    yield from builder.install(commit)
    left = leavings.found(bench.folders.workspace, commit.files)
    leavings.keep(bench.folders.workspace, left, folder / "leavings")
    workspace = bench.jail.seen(bench.folders.mount())
    bound = not leavings.only_metadata(left) or holds_code_of(venv, workspace)
    marker = {"tree": commit.tree if bound else "", "python": base.version, "setup": bench.spec.setup}
    # As a whole or not at all: a worker may be killed between any two lines.
    (folder / "ready.json.new").write_text(json.dumps(marker), encoding="utf-8")
    (folder / "ready.json.new").rename(folder / "ready.json")
    yield CommandEnded(Stage.SETUP, 0, time.monotonic() - began)


class Builder:
    """Runs the commands of one set-up, in the run's jail, with network."""

    def __init__(self, bench: Workbench, places: Places, venv: Path, base: interpreter.Interpreter) -> None:
        if find_uv() is None:
            raise ToolError(
                "uv is not installed.", remedy="Install uv beside OMC QA, or on the worker's PATH."
            )
        self._bench = bench
        self._venv = venv
        self._base = base
        self._left = bench.spec.limits.setup_seconds
        cache = self._cache(places)
        settings, named = installer_settings()
        seen = bench.jail.seen(cache)
        self._env = settings | {
            "UV_NO_SYNC": "0",
            "UV_CACHE_DIR": f"{seen}/uv",
            "PIP_CACHE_DIR": f"{seen}/pip",
            "UV_LINK_MODE": "copy",  # a link would let one environment's code change the cache's
            "UV_COMPILE_BYTECODE": "1",  # the tests cannot: they see the environment read-only
            "UV_NO_PROGRESS": "1",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        }
        bench.use(venv, base.folders())
        self._mounts = [*named, cache, Mount(venv, str(venv), writable=True)]

    def _cache(self, places: Places) -> Mount:
        spec, jail = self._bench.spec, self._bench.jail
        trust = "protected" if spec.protected else "branch"
        project = sha256(spec.project.encode("utf-8", "replace")).hexdigest()[:12]
        folder = places.caches / f"{project}-{trust}-{jail.tier}"
        if not folder.exists():
            folder.mkdir()
            give(folder, jail)
        return Mount(folder, "/omc-qa/cache", writable=True)

    def create(self) -> Generator[Event, None, None]:
        """An empty environment; with pip if a command of the settings may call it."""
        make = (
            "uv",
            "venv",
            "--quiet",
            "--allow-existing",
            "--python",
            str(self._base.executable),
            str(self._venv),
        )
        if not self._bench.spec.setup:
            yield from self._must(make)
            return
        seeded = yield from self._execute((*make, "--seed"))
        if seeded.exit_code or seeded.stopped:
            # uv downloads pip; without an index Python's own copy will do.
            yield from self._must(make)
            # Nothing that the tests import: compiling it would take longer than all the rest.
            install = ("env", "UV_COMPILE_BYTECODE=0", "uv", "pip", "install")
            yield from self._must(
                (
                    *install,
                    "--quiet",
                    "--no-index",
                    "--find-links",
                    self._base.wheels,
                    "pip",
                )
            )

    def install(self, commit: Commit) -> Generator[Event, None, None]:
        if self._bench.spec.setup:
            yield from self._must(shell(self._bench.spec.setup), self._bench.spec.setup)
            return
        for command in setups.detected(commit.names(self._bench.spec.subdir), commit.pyproject):
            yield Log(f"$ {shlex.join(command)}\n")
            yield from self._must(command)
        python = str(self._venv / "bin" / "python")
        here = yield from self._execute((python, "-I", "-c", "import pytest"))
        if here.exit_code:
            yield Log("[pytest is not among the project's requirements]\n$ uv pip install pytest\n")
            yield from self._must(("uv", "pip", "install", "pytest"))

    def _must(self, argv: Sequence[str], title: str = "") -> Generator[Event, None, None]:
        ended = yield from self._execute(argv)
        title = title or shlex.join(argv)
        if ended.stopped:
            raise SubjectError(
                f"The set-up was stopped: {ended.stopped}.",
                remedy="Raise the project's limit for set-up, or make the set-up shorter.",
                detail=self._bench.log.last_lines(),
            )
        if ended.exit_code:
            raise SubjectError(
                f"The set-up failed: {title} ended with exit code {ended.exit_code}.",
                remedy="Its last lines say why. Correct the branch, or the project's setup command.",
                detail=self._bench.log.last_lines(),
            )

    def _execute(self, argv: Sequence[str]) -> Generator[Event, None, Ended]:
        ended = yield from self._bench.execute(
            argv, limit=max(self._left, 1), name="setup", mounts=self._mounts, env=self._env, network=True
        )
        self._left -= ended.seconds
        return ended


def holds_code_of(venv: Path, workspace: str) -> bool:
    """Whether something was installed from the workspace in a form that is not editable."""
    return any(
        _copied_from(record, workspace)
        for record in venv.glob("lib*/python*/site-packages/*.dist-info/direct_url.json")
    )


def _copied_from(record: Path, workspace: str) -> bool:
    try:
        descriptor = os.open(record, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            data = json.loads(file.read(DIRECT_URL_BYTES))
        url = urlsplit(data["url"])
        editable = bool(data.get("dir_info", {}).get("editable"))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return True  # not as PEP 610 has it: better built once too often
    path = os.path.normpath(unquote(url.path))
    inside = path == workspace or path.startswith(workspace.rstrip("/") + "/")
    return url.scheme == "file" and inside and not editable

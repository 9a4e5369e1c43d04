"""One set-up: its commands in the run's jail, with network, until an environment stands.

uv venv  ──>  the setup command of the settings, else what the project's files ask for  ──>  pytest
"""

import shlex
from collections.abc import Collection, Generator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path

from tracks.errors import SubjectError, ToolError
from tracks.events import Event, Log
from tracks.execution import eviction, indexes, setups, tables, usage
from tracks.execution.interpreter import Interpreter
from tracks.execution.masking import Masks, masked
from tracks.execution.processes import Ended
from tracks.execution.sandbox import Mount
from tracks.execution.spec import Places
from tracks.execution.workbench import Workbench, find_uv, shell
from tracks.execution.workspace import give

CACHE = "/omc-qa/cache"


class Builder:
    def __init__(self, bench: Workbench, places: Places, venv: Path, base: Interpreter) -> None:
        if find_uv() is None:
            raise ToolError(
                "uv is not installed.", remedy="Install uv beside OMC QA, or on the worker's PATH."
            )
        self._bench = bench
        self._venv = venv
        self._base = base
        self._left = bench.spec.limits.setup_seconds
        self._cache = self._cache_of(places)
        self._cached = 0
        settings = indexes.settings(bench.jail)
        self._secrets = settings.secrets
        cache = Mount(self._cache, CACHE, writable=True)
        seen = bench.jail.seen(cache)
        self._env = settings.env | {
            "UV_NO_SYNC": "0",
            "UV_CACHE_DIR": f"{seen}/uv",
            "PIP_CACHE_DIR": f"{seen}/pip",
            "UV_LINK_MODE": "copy",  # a link would let one environment's code change the cache's
            "UV_COMPILE_BYTECODE": "1",  # the tests cannot: they see the environment read-only
            "UV_NO_PROGRESS": "1",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        }
        bench.use(venv, base.folders())
        self._mounts = [*settings.mounts, cache, Mount(venv, str(venv), writable=True)]

    def _cache_of(self, places: Places) -> Path:
        spec, jail = self._bench.spec, self._bench.jail
        trust = "protected" if spec.protected else "branch"
        project = sha256(spec.project.encode("utf-8", "replace")).hexdigest()[:12]
        return places.caches / f"{project}-{trust}-{jail.tier}"

    def build(self, names: Collection[str], texts: Mapping[str, str]) -> Generator[Event, None, None]:
        """``names`` and ``texts`` of the project's files are as ``setups.detected`` takes them."""
        used = yield from eviction.using(self._cache)
        try:
            if not self._cache.exists():
                self._cache.mkdir()
                give(self._cache, self._bench.jail)
            eviction.forget(self._cache)  # should this worker be killed
            self._cached = yield from usage.size(self._cache)
            yield from self._create()
            yield from self._install(names, texts)
        finally:
            eviction.forget(self._cache)  # another's set-up may have measured it meanwhile
            used.release()

    def _create(self) -> Generator[Event, None, None]:
        """An empty environment; with pip if a command of the settings may call it."""
        python = ("--python", str(self._base.executable))
        make = ("uv", "venv", "--quiet", "--allow-existing", *python, str(self._venv))
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
                (*install, "--quiet", "--no-index", "--find-links", self._base.wheels, "pip")
            )

    def _install(self, names: Collection[str], texts: Mapping[str, str]) -> Generator[Event, None, None]:
        if self._bench.spec.setup:
            yield Log(f"$ {self._bench.spec.setup}\n")
            yield from self._must(shell(self._bench.spec.setup), self._bench.spec.setup)
            return
        for command in self._detected(names, texts):
            yield Log(f"$ {shlex.join(command)}\n")
            yield from self._must(command)
        python = str(self._venv / "bin" / "python")
        here = yield from self._execute((python, "-I", "-c", "import pytest"))
        if here.exit_code:
            yield Log("[pytest is not among the project's requirements]\n$ uv pip install pytest\n")
            yield from self._must(("uv", "pip", "install", "pytest"))

    def _detected(self, names: Collection[str], texts: Mapping[str, str]) -> list[setups.Command]:
        tools = Mount(self._bench.folders.tools, "/omc-qa/tools")
        folder = self._bench.jail.seen(tools)
        with tables.readable():
            setup = setups.detected(names, texts, python=self._base.version, folder=folder)
        for name, text in setup.files.items():
            (tools.source / name).write_text(text, encoding="utf-8")
        return setup.commands

    def _must(self, argv: Sequence[str], title: str = "") -> Generator[Event, None, None]:
        ended = yield from self._execute(argv)
        title = title or shlex.join(argv)
        if ended.stopped:
            raise SubjectError(
                f"The set-up was stopped: {ended.stopped}.",
                remedy="Raise the project's limit for set-up, or make the set-up shorter.",
                detail=self._last_lines(),
            )
        if ended.exit_code:
            raise SubjectError(
                f"The set-up failed: {title} ended with exit code {ended.exit_code}.",
                remedy="Its last lines say why. Correct the branch, or the project's setup command.",
                detail=self._last_lines(),
            )

    def _last_lines(self) -> str:
        return Masks(self._secrets).text(self._bench.log.last_lines())

    def _execute(self, argv: Sequence[str]) -> Generator[Event, None, Ended]:
        limit = max(self._left, 1)
        steps = self._bench.execute(
            argv, limit=limit, name="setup", mounts=self._mounts, already=self._cached, env=self._env
        )
        ended = yield from masked(steps, self._secrets)
        self._left -= ended.seconds
        return ended

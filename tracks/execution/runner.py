"""One run from its spec to its end: ``for event in run(spec, places)``.

    CHECKOUT   mirror ──> workspace at the SHA
    SETUP      environment: given, cached or built          ──> Prepared
    BEFORE     the project's command, in the jail
    TEST       the project's command, with the recorder     ──> results
    AFTER      always when BEFORE was begun, whatever came of it

Raises SubjectError when the branch, its settings or its repository are at fault, ToolError when we
or this machine are. Closing the iterator cancels the run: every process of it is killed, AFTER still
gets a few seconds, the workspace is removed.
"""

import contextlib
import json
import os
import shutil
from collections.abc import Generator, Iterator
from pathlib import Path

from tracks.errors import SubjectError
from tracks.events import CommandEnded, Event, Prepared, StageStarted
from tracks.execution import (
    environment,
    git,
    leavings,
    lfs,
    locks,
    remote,
    sandbox,
    starts,
    submodules,
    workspace,
)
from tracks.execution.processes import Ended
from tracks.execution.sandbox import Mount
from tracks.execution.spec import Places, RunSpec
from tracks.execution.tail import Tail
from tracks.execution.workbench import Workbench, shell
from tracks.statuses import Network, Stage

RECORDER = "omc_qa_recorder"
NOT_SOURCE = shutil.ignore_patterns("__pycache__")
LAST_CHANCE_SECONDS = 15.0
"""What AFTER gets when the run is cancelled: less than a lease."""


def run(spec: RunSpec, places: Places) -> Generator[Event, None, None]:
    jail = sandbox.jail(allow_unsandboxed=spec.allow_unsandboxed)
    mirror = git.mirror_path(places, spec.project, spec.repository)
    with workspace.folders(spec, places, jail) as folders:
        yield StageStarted(Stage.CHECKOUT)
        if not (mirror.exists() and git.has_commit(mirror, spec.sha)):
            yield from remote.fetch_mirror(
                mirror,
                spec.repository,
                allow_local=spec.allow_local,
                sha=spec.sha,
                limit=spec.limits.setup_seconds,
            )
        yield from Run(Workbench(spec, jail, folders, mirror), places).events()


class Run:
    def __init__(self, bench: Workbench, places: Places) -> None:
        self._bench = bench
        self._places = places
        self._spec = bench.spec
        self._folders = bench.folders
        self._environment: environment.Environment | None = None

    def events(self) -> Iterator[Event]:
        try:
            yield from self._stages()
        finally:
            if self._environment:
                self._environment.release()

    def _stages(self) -> Iterator[Event]:
        yield from self._check_out()
        yield StageStarted(Stage.SETUP)
        yield from self._set_up()
        try:
            problem = yield from self._before_and_test()
        except BaseException:
            self._after_in_silence()
            raise
        yield from self._after()
        if problem:
            raise problem

    def _check_out(self) -> Iterator[Event]:
        workspace.remove(self._folders.workspace)
        mirror, folder = self._bench.mirror, self._folders.workspace
        yield from git.checkout(mirror, self._spec.sha, folder, self._spec.run)
        yield from submodules.check_out(self._spec, self._places, mirror, folder)
        workspace.check_subdir(self._folders.workspace, self._spec.subdir)
        workspace.give(self._folders.workspace, self._bench.jail)

    def _set_up(self) -> Iterator[Event]:
        commit = environment.Commit.read(self._bench.mirror, self._spec.sha, self._spec.subdir)
        yield from lfs.notices(self._folders.workspace, commit.files)
        ready = self._environment = yield from environment.prepare(self._bench, self._places, commit)
        if ready.built:
            # The run that built it starts as every later one: from a fresh checkout.
            yield from self._check_out()
        if ready.leavings:
            leavings.restore(ready.leavings, self._folders.workspace)
            workspace.give(self._folders.workspace, self._bench.jail)
        self._bench.use(ready.prefix, ready.folders)
        spec = self._spec
        commands = {"setup": spec.setup, "before": spec.before, "test": spec.test, "after": spec.after}
        where = {"tier": str(self._bench.jail.tier), "root": self._bench.root()}
        yield Prepared({"python": ready.version, "lock": ready.lock} | where | commands)

    def _before_and_test(self) -> Generator[Event, None, SubjectError | None]:
        if self._spec.before:
            ended = yield from self._stage(Stage.BEFORE, self._spec.before, self._spec.limits.before_seconds)
            if ended.exit_code or ended.stopped:
                return self._before_failed(ended)
        return (yield from self._test())

    def _before_failed(self, ended: Ended) -> SubjectError:
        how = f"was stopped: {ended.stopped}" if ended.stopped else f"ended with exit code {ended.exit_code}"
        return SubjectError(
            f"The command before the tests {how}: {self._spec.before}",
            remedy="Nothing was tested. Its last lines say why.",
            detail=self._bench.log.last_lines(),
        )

    def _stage(self, stage: Stage, line: str, limit: float) -> Generator[Event, None, Ended]:
        yield StageStarted(stage)
        ended = yield from self._bench.execute(
            shell(line), limit=limit, name=str(stage), network=self._spec.network is Network.HOST
        )
        yield CommandEnded(stage, ended.exit_code, ended.seconds, ended.stopped)
        return ended

    def _test(self) -> Generator[Event, None, SubjectError | None]:
        spec = self._spec
        yield StageStarted(Stage.TEST)
        with contextlib.closing(Tail(self._folders.record)) as tail:
            workspace.give(self._folders.record, self._bench.jail)
            mounts, env = self._recorder()
            steps = self._bench.execute(
                shell(spec.test),
                limit=spec.limits.test_seconds,
                name="test",
                mounts=mounts,
                env=env,
                network=spec.network is Network.HOST,
            )
            ended = yield from _with_results(steps, tail)
            finished = tail.finished()
            if finished:
                yield finished
            stopped = ended.stopped or tail.excess
            yield CommandEnded(Stage.TEST, ended.exit_code, ended.seconds, stopped)
            if stopped:
                return None
            return starts.problem(
                command=spec.test,
                exit_code=ended.exit_code,
                loaded=tail.loaded > 0,
                collected=tail.collected,
                finished=finished,
                selected=len(spec.selection),
                shared=spec.share is not None,
                log=self._bench.log.last_lines(),
            )

    def _recorder(self) -> tuple[list[Mount], dict[str, str]]:
        """The plugin alone in a folder, and the variables that make pytest load it."""
        jail, spec = self._bench.jail, self._spec
        alone = self._folders.tools / "recorder"
        alone.mkdir()
        shutil.copytree(Path(__file__).with_name("recorder"), alone / RECORDER, ignore=NOT_SOURCE)
        seen = jail.seen(Mount(alone, "/omc-qa/tools/recorder"))
        record = Mount(self._folders.record, "/omc-qa/events.jsonl", writable=True)
        env = {
            "OMC_QA_RECORD": jail.seen(record),
            "PYTHONPATH": os.pathsep.join(filter(None, (seen, spec.env.get("PYTHONPATH")))),
            "PYTEST_PLUGINS": ",".join(filter(None, (spec.env.get("PYTEST_PLUGINS"), RECORDER))),
        }
        if spec.selection:
            chosen = Mount(self._folders.tools / "selection.json", "/omc-qa/tools/selection.json")
            chosen.source.write_text(json.dumps(spec.selection), encoding="utf-8")
            env["OMC_QA_SELECTION"] = jail.seen(chosen)
        return [record], env

    def _after(self) -> Iterator[Event]:
        if self._spec.after:
            yield from self._stage(Stage.AFTER, self._spec.after, self._spec.limits.after_seconds)

    def _after_in_silence(self) -> None:
        """Nobody reads on, but what BEFORE has begun is still to be ended."""
        if self._spec.after:
            limit = min(self._spec.limits.after_seconds, LAST_CHANCE_SECONDS)
            locks.exhaust(self._stage(Stage.AFTER, self._spec.after, limit))


def _with_results(steps: Generator[Event, None, Ended], tail: Tail) -> Generator[Event, None, Ended]:
    """What the command does, and after each step what the recorder has written since."""
    with contextlib.closing(steps):
        while True:
            try:
                event = next(steps)
            except StopIteration as end:
                yield from tail.read()
                ended: Ended = end.value
                return ended
            yield event
            yield from tail.read()

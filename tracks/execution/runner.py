"""One run from its spec to its end: ``for event in run(spec, places)``.

    CHECKOUT              mirror ──> workspace at the SHA, with its submodules; a commit that is not on the
                          run's branch is refused; tracks on trial are merged in the mirror first
                          the files of the track's checks are looked at        ──> CheckFinished
    SETUP                 environment: given, cached or built                  ──> Prepared
                          what is to be laid over the checkout is
    BEFORE … AFTER        see ``stages``

Raises SubjectError when the branch, its settings or its repository are at fault, ToolError when we
or this machine are. What it emits and raises holds no secret of the spec: they are masked. Closing the
iterator cancels the run: every process of it is killed, AFTER still gets a few seconds, the workspace
is removed.
"""

from collections.abc import Generator, Iterator
from pathlib import Path

from tracks.errors import SubjectError, ToolError
from tracks.events import Event, Prepared, StageStarted
from tracks.execution import (
    chains,
    checks,
    environment,
    git,
    leavings,
    lfs,
    masking,
    remote,
    sandbox,
    stages,
    submodules,
    workspace,
)
from tracks.execution.overlay import lay_over
from tracks.execution.spec import Merge, Overlay, Places, RunSpec
from tracks.execution.workbench import Workbench
from tracks.statuses import Stage


def run(spec: RunSpec, places: Places) -> Generator[Event, None, None]:
    return masking.masked(_run(spec, places), spec.secrets)


def _run(spec: RunSpec, places: Places) -> Generator[Event, None, None]:
    jail = sandbox.jail(allow_unsandboxed=spec.allow_unsandboxed)
    mirror = git.mirror_path(places, spec.project, spec.repository)
    with workspace.folders(spec, places, jail) as folders:
        yield StageStarted(Stage.CHECKOUT)
        for sha in _needed(spec):
            yield from _fetch(spec, mirror, sha)
        if spec.merge:
            _merge(spec, spec.merge, mirror)
        yield from Run(Workbench(spec, jail, folders, mirror), places).events()


def _needed(spec: RunSpec) -> tuple[str, ...]:
    """The commits that the repository must have."""
    tested = (spec.merge.base, *spec.merge.heads) if spec.merge else (spec.sha,)
    return (*tested, spec.overlay.sha) if spec.overlay else tested


def _merge(spec: RunSpec, merge: Merge, mirror: Path) -> None:
    """Make the commit that is to be tested, where this machine's mirror has it not yet."""
    made = chains.make(mirror, merge)
    if made != spec.sha:
        raise ToolError(
            f"Merging the tracks again gave commit {made[:7]}, and not {spec.sha[:7]}.",
            remedy="Do the workers' versions of git differ? Start the trial integration again.",
        )


def _fetch(spec: RunSpec, mirror: Path, sha: str) -> Generator[Event, None, None]:
    """Bring the commit into the mirror. Raises SubjectError where it is not on the run's branch: whoever
    names a commit must not have it run with what only the branch is given. A branch that is gone is given
    nothing of that kind."""
    if mirror.exists() and _is_there(spec, mirror, sha):
        return
    yield from remote.fetch_mirror(
        mirror, spec.repository, allow_local=spec.allow_local, sha=sha, limit=spec.limits.setup_seconds
    )
    if not git.has_commit(mirror, sha) or _is_there(spec, mirror, sha):
        return  # what is nowhere is told by the checkout
    if spec.protected or spec.branch in git.branches(mirror):
        raise SubjectError(
            f"The commit {sha[:7]} is not on the branch {spec.branch!r} (any more).",
            remedy="Push it to that branch, or test a commit that is on it.",
        )


def _is_there(spec: RunSpec, mirror: Path, sha: str) -> bool:
    return git.has_commit(mirror, sha) and (not spec.branch or git.is_on(mirror, spec.branch, sha))


class Run:
    def __init__(self, bench: Workbench, places: Places) -> None:
        self._bench = bench
        self._places = places
        self._spec = bench.spec
        self._workspace = bench.folders.workspace
        self._environment: environment.Environment | None = None

    def events(self) -> Iterator[Event]:
        try:
            yield from self._check_out(overlay=None)
            yield from self._look_at_files()
            yield StageStarted(Stage.SETUP)
            yield from self._set_up()
            yield from stages.play(self._bench)
        finally:
            if self._environment:
                self._environment.release()

    def _check_out(self, *, overlay: Overlay | None) -> Iterator[Event]:
        workspace.remove(self._workspace)
        yield from git.checkout(self._bench.mirror, self._spec.sha, self._workspace, self._spec.run)
        if overlay:
            lay_over(overlay, self._bench.mirror, self._workspace)
        yield from submodules.check_out(self._spec, self._places, self._bench.mirror, self._workspace)
        workspace.check_subdir(self._workspace, self._spec.subdir)
        workspace.give(self._workspace, self._bench.jail)

    def _look_at_files(self) -> Iterator[Event]:
        if self._spec.looks:
            asked = [check for check in self._spec.checks if not check.definition.uses_command]
            yield from checks.events(asked, checks.Files(self._bench).look, self._spec.limits.check_seconds)

    def _set_up(self) -> Iterator[Event]:
        commit = environment.Commit.read(self._bench.mirror, self._spec.sha, self._spec.subdir)
        yield from lfs.notices(self._workspace, commit.files)
        ready = self._environment = yield from environment.prepare(self._bench, self._places, commit)
        if ready.built or self._spec.overlay:
            # The run that built it starts as every later one: from a fresh checkout. An environment is of
            # the commit: what is laid over it comes later, or every other run would get it too.
            yield from self._check_out(overlay=self._spec.overlay)
        if ready.leavings:
            leavings.restore(ready.leavings, self._workspace)
        workspace.give(self._workspace, self._bench.run_jail)
        self._bench.use(ready.prefix, ready.folders)
        spec = self._spec
        commands = {"setup": spec.setup, "before": spec.before, "test": spec.test, "after": spec.after}
        where = {"tier": str(self._bench.jail.tier), "root": self._bench.root()}
        yield Prepared({"python": ready.version, "lock": ready.lock} | where | commands)

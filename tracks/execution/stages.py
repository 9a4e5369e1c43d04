"""The stages of a run that take place in its own jail: before, test, check, after.

    BEFORE     the project's command, in the jail
    TEST       the project's command, with the recorder     ──> results
    CHECK      the commands of the track's checks, whatever came of the tests    ──> CheckFinished
    AFTER      always when BEFORE was begun, whatever came of it; the jail is still the same

Where each test is to be run afresh, all three are gone through for each of them, in that one jail.
What BEFORE leaves running goes on until the end of AFTER; then nothing of the jail does. What TEST leaves
running ends with it: it could answer for a check.
"""

from collections.abc import Generator, Iterator
from contextlib import ExitStack, closing

from tracks.errors import SubjectError
from tracks.events import CommandEnded, Event, StageStarted
from tracks.execution import checks, locks, recording, starts
from tracks.execution.checks import Commands
from tracks.execution.processes import Ended
from tracks.execution.progress import Progress
from tracks.execution.services import Services
from tracks.execution.session import Session
from tracks.execution.tail import Tail
from tracks.execution.watch import readable
from tracks.execution.workbench import Workbench, shell
from tracks.statuses import Stage

LAST_CHANCE_SECONDS = 4.0
"""What AFTER gets when the run is cancelled. A worker hears of it within 5 s, and no process of the run is
to be left after 10."""


def play(bench: Workbench) -> Iterator[Event]:
    """Raises SubjectError when BEFORE fails or the tests cannot start, ToolError when we are at fault."""
    folders = bench.folders
    with ExitStack() as opened:
        tail = opened.enter_context(closing(Tail(folders.record)))
        progress = opened.enter_context(closing(Progress(folders.now, folders.record)))
        services = Services(bench)
        mounts = [*recording.mounts(folders, bench.run_jail), *services.mounts()]
        session = opened.enter_context(closing(bench.session(mounts)))
        opened.callback(services.stop, session)
        yield from services.start(session)
        yield from Stages(bench, session, services.variables(), tail, progress).events()


class Stages:
    def __init__(
        self, bench: Workbench, session: Session, variables: dict[str, str], tail: Tail, progress: Progress
    ) -> None:
        self._bench = bench
        self._spec = bench.spec
        self._session = session
        self._variables = variables
        self._recorded = recording.variables(bench.spec, bench.folders, bench.run_jail)
        self._tail = tail
        self._progress = progress

    def events(self) -> Iterator[Event]:
        try:
            problem = yield from self._one_by_one() if self._spec.fresh else self._before_and_test()
        except BaseException:
            self._after_in_silence()
            raise
        yield from self._after()
        if problem:
            raise problem

    def _before_and_test(self) -> Generator[Event, None, SubjectError | None]:
        if problem := (yield from self._before()):
            return problem
        problem = None
        if not self._spec.checks_only:
            ended = yield from self._test(self._spec.limits.test_seconds)
            problem = yield from self._weighed(ended)
        yield from self._check()
        return problem

    def _one_by_one(self) -> Generator[Event, None, SubjectError | None]:
        """Each test as if it were the only one; together they have the time of a whole test command."""
        ended, limit = Ended(0, 0.0, ""), self._spec.limits.test_seconds
        for place, test in enumerate(self._spec.selection):
            if place:
                yield from self._after()
            if problem := (yield from self._before()):
                return problem
            recording.select(self._bench.folders, (test,))
            ended = _together(ended, (yield from self._test(limit - ended.seconds)))
            if ended.seconds >= limit:
                break
        return (yield from self._weighed(ended))

    def _before(self) -> Generator[Event, None, SubjectError | None]:
        if not self._spec.before:
            return None
        ended = yield from self._stage(Stage.BEFORE, self._spec.before, self._spec.limits.before_seconds)
        return self._before_failed(ended) if ended.exit_code or ended.stopped else None

    def _before_failed(self, ended: Ended) -> SubjectError:
        how = f"was stopped: {ended.stopped}" if ended.stopped else f"ended with exit code {ended.exit_code}"
        return SubjectError(
            f"The command before the tests {how}: {self._spec.before}",
            remedy="Nothing was tested. Its last lines say why.",
            detail=self._bench.log.last_lines(),
        )

    def _test(self, limit: float) -> Generator[Event, None, Ended]:
        yield StageStarted(Stage.TEST)
        command = self._command(Stage.TEST, self._spec.test, limit, self._recorded)
        return (yield from _with_results(command, self._tail))

    def _check(self) -> Iterator[Event]:
        if self._spec.looks:
            yield StageStarted(Stage.CHECK)
            commands = Commands(self._bench, self._session, self._variables)
            asked = [check for check in self._spec.checks if check.definition.uses_command]
            yield from checks.events(asked, commands.look, self._spec.limits.check_seconds)

    def _weighed(self, ended: Ended) -> Generator[Event, None, SubjectError | None]:
        """The end of the test command, and why there is nothing to look at, if there is not."""
        tail = self._tail
        finished = tail.finished()
        if finished:
            yield finished
        stopped = ended.stopped or tail.excess or self._cut()
        yield CommandEnded(Stage.TEST, ended.exit_code, ended.seconds, stopped)
        if stopped:
            return None
        return starts.problem(
            command=self._spec.test,
            exit_code=ended.exit_code,
            loaded=tail.loaded > 0,
            collected=tail.collected,
            finished=finished,
            selected=len(self._spec.selection),
            shared=self._spec.share is not None,
            log=self._bench.log.last_lines(),
        )

    def _cut(self) -> str:
        """The recorder, too, is under the limit of a file's size: what it writes beyond that is lost."""
        limit = self._spec.limits.file_bytes
        return f"the results took more than {readable(limit)}" if self._tail.size >= limit else ""

    def _after(self) -> Iterator[Event]:
        if self._spec.after:
            yield from self._stage(Stage.AFTER, self._spec.after, self._spec.limits.after_seconds)

    def _after_in_silence(self) -> None:
        """Nobody reads on, but what BEFORE has begun is still to be ended."""
        if self._spec.after:
            limit = min(self._spec.limits.after_seconds, LAST_CHANCE_SECONDS)
            locks.exhaust(self._stage(Stage.AFTER, self._spec.after, limit))

    def _stage(self, stage: Stage, line: str, seconds: float) -> Generator[Event, None, Ended]:
        yield StageStarted(stage)
        ended = yield from self._command(stage, line, seconds, {})
        yield CommandEnded(stage, ended.exit_code, ended.seconds, ended.stopped)
        return ended

    def _command(
        self, stage: Stage, line: str, seconds: float, env: dict[str, str]
    ) -> Generator[Event, None, Ended]:
        progress = self._progress if stage is Stage.TEST else None
        ended = yield from self._bench.run(
            self._session,
            shell(line),
            limit=seconds,
            name=str(stage),
            env=self._variables | env,
            progress=progress,
            lives_on=stage is not Stage.TEST,
        )
        return ended


def _together(one: Ended, other: Ended) -> Ended:
    """Two commands as if they were one."""
    return Ended(other.exit_code or one.exit_code, one.seconds + other.seconds, one.stopped or other.stopped)


def _with_results(steps: Generator[Event, None, Ended], tail: Tail) -> Generator[Event, None, Ended]:
    """What the command does, and after each step what the recorder has written since."""
    with closing(steps):
        while True:
            try:
                event = next(steps)
            except StopIteration as end:
                yield from tail.read()
                ended: Ended = end.value
                return ended
            yield event
            yield from tail.read()

"""The checks of a run, one after the other, in its jail.

    Checks(bench, session, variables).events()      CheckFinished …, and heartbeats between them

A command's output is kept apart from the run's log: its head and tail. Files are looked at by ``inspector``,
which runs in the jail as well, for there a link leads nowhere; patterns are applied here, by RE2. What a
check shows is the run's own word, cleaned and bounded like all of it.
"""

import json
import secrets
import shutil
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from pathlib import Path

from tracks import expectations, globs
from tracks.checks import Check, CheckDefinition, CheckKind
from tracks.events import CheckFinished, Event, Heartbeat, Log, StageStarted
from tracks.execution.processes import Ended, LogBook
from tracks.execution.sandbox import Mount
from tracks.execution.session import Session
from tracks.execution.tail import clean
from tracks.execution.workbench import Workbench, shell
from tracks.expectations import Printed, Seen, Verdict
from tracks.statuses import Stage, Standing

LOOKED_AT = 1024**2
"""Characters of an output that its pattern is looked for in."""
OUTPUT = 64 * 1024
"""Characters of it that are stored."""
ANSWER = 32 * 1024**2
SENTENCE = 1000
READ_KINDS = frozenset({CheckKind.CONTAINS, CheckKind.LINES, CheckKind.NO_LINE, CheckKind.NO_SECRETS})


class Captured(LogBook):
    """The head and the tail of what a command prints; none of it goes into the run's log."""

    def __init__(self, limit: int) -> None:
        super().__init__(0)
        self._half = limit // 2
        self._head = ""
        self._end = ""
        self.size = 0

    def take(self, text: str) -> str:
        room = self._half - len(self._head)
        self._head += text[:room]
        self._end = (self._end + text[room:])[-self._half :]
        self.size += len(text)
        return ""

    @property
    def text(self) -> str:
        return _joined(self._head, self._end, self.size)

    @property
    def is_cut(self) -> bool:
        return self.size > len(self._head) + len(self._end)


class Checks:
    def __init__(self, bench: Workbench, session: Session, variables: Mapping[str, str]) -> None:
        self._bench = bench
        self._session = session
        self._variables = variables

    def events(self, checks: Sequence[Check]) -> Iterator[Event]:
        if checks:
            yield StageStarted(Stage.CHECK)
        for check in checks:
            yield from self._one(check)

    def _one(self, check: Check) -> Iterator[Event]:
        began = time.monotonic()
        exit_code, output = None, ""
        if check.definition.uses_command:
            printed = yield from self._printed(check.definition)
            verdict = expectations.of_command(check.definition, printed)
            output = printed.output
            exit_code = None if printed.stopped else printed.exit_code
        else:
            verdict = yield from self._of_files(check.definition)
        yield CheckFinished(
            criterion=check.criterion,
            standing=verdict.standing,
            figure=clean(verdict.figure, 100),
            sentence=clean(verdict.sentence, SENTENCE),
            exit_code=exit_code,
            output=clean(_shortened(output or verdict.evidence), 2 * OUTPUT),
            seconds=time.monotonic() - began,
        )

    def _printed(self, check: CheckDefinition) -> Generator[Event, None, Printed]:
        captured = Captured(LOOKED_AT)
        ended = yield from self._run(shell(check.command), check.seconds, captured)
        return Printed(ended.exit_code, captured.text, captured.is_cut, ended.stopped)

    def _of_files(self, check: CheckDefinition) -> Generator[Event, None, Verdict]:
        mark, captured = secrets.token_hex(16), Captured(ANSWER)
        ended = yield from self._run((*self._inspector(), mark, _question(check)), check.seconds, captured)
        if ended.stopped:
            return Verdict(Standing.UNKNOWN, "", f"Looking at the files was stopped: {ended.stopped}.")
        _, _, said = captured.text.partition(mark)
        try:
            seen = _seen(json.loads(said.partition(mark)[0]))
        except (ValueError, TypeError, KeyError, AttributeError):
            return Verdict(Standing.UNKNOWN, "", f"The files could not be looked at. {captured.text[-500:]}")
        return expectations.of_files(check, seen)

    def _inspector(self) -> tuple[str, ...]:
        here = self._bench.folders.tools / "inspector.py"
        if not here.exists():
            shutil.copyfile(Path(__file__).with_name("inspector.py"), here)
        jail = self._bench.run_jail
        return (jail.python(), "-I", "-S", jail.seen(Mount(here, "/omc-qa/tools/inspector.py")))

    def _run(
        self, argv: Sequence[str], seconds: float, captured: Captured
    ) -> Generator[Log | Heartbeat, None, Ended]:
        ended = yield from self._bench.run(
            self._session,
            argv,
            limit=seconds,
            name="this check",
            env=self._variables,
            progress=None,
            log=captured,
        )
        return ended


def _question(check: CheckDefinition) -> str:
    glob = check.glob if check.kind is CheckKind.FILES else check.path if globs.is_glob(check.path) else ""
    pattern = globs.to_regex(glob) if glob else ""
    return json.dumps({"path": check.path, "pattern": pattern, "reads": check.kind in READ_KINDS})


def _seen(told: dict[str, object]) -> Seen:
    """What the inspector has told: it speaks from among the branch's processes, so that nothing is taken for
    granted. Raises ValueError, TypeError, KeyError or AttributeError."""
    texts = {str(name): str(text) for name, text in dict(told.get("texts") or {}).items()}  # type: ignore[call-overload]
    return Seen(
        state=str(told["state"]),
        size=int(told.get("size", 0)),  # type: ignore[call-overload]
        count=int(told.get("count", 0)),  # type: ignore[call-overload]
        files=tuple(map(str, told.get("files", ()))),  # type: ignore[call-overload]
        texts=texts,
        left_out=str(told.get("left_out", "")),
    )


def _shortened(text: str) -> str:
    return text if len(text) <= OUTPUT else _joined(text[: OUTPUT // 2], text[-OUTPUT // 2 :], len(text))


def _joined(head: str, end: str, size: int) -> str:
    """The cut is said as ``masking`` knows it, which looks for what is left of a secret beside it."""
    left_out = size - len(head) - len(end)
    return f"{head}\n[… {left_out} characters are left out here]\n{end}" if left_out else head + end

"""The checks of a run, one after the other.

    events(checks, look, seconds)       CheckFinished …, and heartbeats between them
        look = Files(bench).look                           in the fresh checkout, before all of the run's own
             | Commands(bench, session, variables).look    when the tests have ended, in their jail

Files are looked at first because tests could make and remove them; and by ``inspector``, in a jail, for there
a link leads nowhere. A command sees what the tests have left, but none of their processes. Its output is kept
apart from the run's log: its head and tail. What BEFORE has left running may still print among it.
"""

import json
import shutil
import threading
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from tracks import expectations, globs
from tracks.checks import Check, CheckDefinition, CheckKind
from tracks.events import CheckFinished, Event, Heartbeat
from tracks.execution.captured import Captured, shortened
from tracks.execution.processes import HEARTBEAT_SECONDS
from tracks.execution.sandbox import Mount
from tracks.execution.session import Session
from tracks.execution.tail import UNCLEAN, clean
from tracks.execution.workbench import Workbench, shell
from tracks.expectations import Printed, Seen, Verdict
from tracks.statuses import Standing, Tier

LOOKED_AT = 1024**2
"""Characters of an output that its pattern is looked for in."""
OUTPUT = 64 * 1024
"""Characters of it that are stored."""
ANSWER = 64 * 1024**2
SENTENCE = 1000
PATTERN_SECONDS = 5.0
"""What a pattern may take for all lines of a check. One line more can take as long again."""
READ_KINDS = frozenset({CheckKind.CONTAINS, CheckKind.LINES, CheckKind.NO_LINE, CheckKind.NO_SECRETS})
MOST_READ = {CheckKind.NO_SECRETS: (20_000, 16 * 1024**2)}
"""Files, and bytes of them all. What is looked for there is our own and fast."""
READ = (2_000, 2 * 1024**2)


@dataclass(frozen=True, slots=True)
class Shown:
    """What came of a check; ``exit_code`` is None where no command has ended."""

    verdict: Verdict
    output: str = ""
    exit_code: int | None = None


Look = Callable[[CheckDefinition, float], Generator[Event, None, Shown]]
"""Takes a check and the seconds that it has."""


def events(checks: Sequence[Check], look: Look, seconds: float) -> Iterator[Event]:
    """``seconds`` is what all of them may take: those for which nothing is left of it are UNKNOWN."""
    end = time.monotonic() + seconds
    for check in checks:
        began = time.monotonic()
        if began < end:
            shown = yield from look(check.definition, min(check.definition.seconds, end - began))
        else:
            said = f"It was not looked at: the checks took the {seconds:g} s that they have together."
            shown = Shown(Verdict(Standing.UNKNOWN, "", said))
        yield CheckFinished(
            criterion=check.criterion,
            standing=shown.verdict.standing,
            figure=clean(shown.verdict.figure, 100),
            sentence=clean(shown.verdict.sentence, SENTENCE),
            exit_code=shown.exit_code,
            output=clean(shortened(shown.output or shown.verdict.evidence, OUTPUT), 2 * OUTPUT),
            seconds=time.monotonic() - began,
        )


class Commands:
    def __init__(self, bench: Workbench, session: Session, variables: Mapping[str, str]) -> None:
        self._bench = bench
        self._session = session
        self._variables = variables

    def look(self, check: CheckDefinition, seconds: float) -> Generator[Event, None, Shown]:
        if self._bench.jail.tier is Tier.NONE and not self._bench.spec.allow_unsandboxed_checks:
            said = "It was not run: there is no sandbox here, and a tester's command is run in one only."
            return Shown(Verdict(Standing.UNKNOWN, "", said))
        captured = Captured(LOOKED_AT)
        ended = yield from self._bench.run(
            self._session,
            shell(check.command),
            limit=seconds,
            name="this check",
            env=self._variables,
            progress=None,
            log=captured,
            lives_on=False,
        )
        printed = Printed(ended.exit_code, captured.text, captured.is_cut, ended.stopped)
        verdict = yield from _judged(partial(expectations.of_command, check, printed))
        return Shown(verdict, printed.output, None if ended.stopped else ended.exit_code)


class Files:
    def __init__(self, bench: Workbench) -> None:
        """The workspace holds a fresh checkout, and nothing of the branch has run in it."""
        self._bench = bench
        script = bench.folders.tools / "inspector.py"
        if not script.exists():
            shutil.copyfile(Path(__file__).with_name("inspector.py"), script)
        seen = bench.jail.seen(Mount(script, "/omc-qa/tools/inspector.py"))
        self._inspector = (bench.jail.python(), "-I", "-S", seen)

    def look(self, check: CheckDefinition, seconds: float) -> Generator[Event, None, Shown]:
        captured = Captured(ANSWER)
        ended = yield from self._bench.execute(
            (*self._inspector, _question(check)),
            limit=seconds,
            name="this check",
            mounts=(),
            already=0,
            env={},
            log=captured,
        )
        if ended.stopped:
            said = f"Looking at the files was stopped: {ended.stopped}."
            return Shown(Verdict(Standing.UNKNOWN, "", said))
        try:
            seen = seen_in(captured.text)
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
            said = f"The files could not be looked at. {captured.text[-500:]}"
            return Shown(Verdict(Standing.UNKNOWN, "", said))
        return Shown((yield from _judged(partial(expectations.of_files, check, seen))))


def seen_in(answer: str) -> Seen:
    """What the inspector has told. Raises ValueError, KeyError, TypeError, AttributeError, OverflowError or
    RecursionError for what is no such answer."""
    told: dict[str, Any] = json.loads(UNCLEAN.sub("\ufffd", answer))
    if told["state"] not in expectations.STATES:
        raise ValueError("no state of a path")
    return Seen(
        state=told["state"],
        size=int(told.get("size", 0)),
        count=int(told.get("count", 0)),
        files=tuple(_text(name) for name in told.get("files", ())),
        texts={_text(name): _text(text) for name, text in told.get("texts", {}).items()},
        left_out=_text(told.get("left_out", "")),
    )


def _text(value: object) -> str:
    """Escapes can stand for what RE2 and PostgreSQL do not take."""
    return UNCLEAN.sub("\ufffd", str(value))


def _question(check: CheckDefinition) -> str:
    glob = check.glob if check.kind is CheckKind.FILES else check.path if globs.is_glob(check.path) else ""
    asked: dict[str, object] = {"path": check.path, "pattern": globs.to_regex(glob) if glob else ""}
    if check.kind in READ_KINDS:
        asked["reads"] = MOST_READ.get(check.kind, READ)
    return json.dumps(asked)


def _judged(judge: Callable[[expectations.Late], Verdict]) -> Generator[Heartbeat, None, Verdict]:
    """No run is to be taken for dead while a pattern is at work, nor to wait for it when it is cancelled."""
    late, end = threading.Event(), time.monotonic() + PATTERN_SECONDS
    with ThreadPoolExecutor(1) as pool:
        try:
            verdict = pool.submit(judge, late.is_set)
            while wait([verdict], HEARTBEAT_SECONDS).not_done:
                if time.monotonic() >= end:
                    late.set()
                yield Heartbeat()
            return verdict.result()
        finally:
            late.set()

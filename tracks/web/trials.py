"""What a trial run showed, in words, and which setting to change; pure.

Run ──> Verdict(tone, title, text, remedy, field, detail, works)
"""

from dataclasses import dataclass

from tracks.models import Run
from tracks.statuses import RunState, Stage

FIELDS = {
    Stage.CHECKOUT: ("subdir", "the folder"),
    Stage.SETUP: ("setup", "the set-up command"),
    Stage.BEFORE: ("before", "the command before the tests"),
    Stage.TEST: ("test", "the test command"),
    Stage.AFTER: ("after", "the command after the tests"),
}
NOT_YOURS = "Nothing is known to be wrong with the settings."


@dataclass(frozen=True, slots=True)
class Verdict:
    tone: str
    """good, warn or bad."""
    title: str
    text: str
    remedy: str = ""
    detail: str = ""
    field: str = ""
    """Which field of the form to change, and how the page calls it."""
    field_name: str = ""
    works: bool = False


def verdict(run: Run) -> Verdict:
    """Of a trial that has ended."""
    state = RunState(run.state)
    if state is RunState.FINISHED:
        return _finished(run)
    if state in (RunState.FAULTED, RunState.LOST, RunState.CANCELLED):
        return Verdict(
            "warn", "The trial was not carried out", f"{run.reason} {NOT_YOURS}", run.remedy, run.detail
        )
    field, name = FIELDS[Stage(run.stage or Stage.CHECKOUT)]
    title = "The tests could not run" if state is RunState.BROKEN else "The books do not balance"
    return Verdict("bad", title, run.reason, run.remedy, run.detail, field, name)


def _finished(run: Run) -> Verdict:
    parts = [(run.passed, "passed"), (run.failed, "failed"), (run.errors, "errors"), (run.skipped, "skipped")]
    parts += [(run.xfailed, "xfailed"), (run.xpassed, "xpassed")]
    figures = ", ".join(f"{count} {word}" for count, word in parts if count)
    text = f"{run.collected} tests were collected: {figures}. {run.reason}".strip()
    broken = run.failed + run.errors
    remedy = (
        "Tests that fail now are no obstacle: they are what the tracks are compared with." if broken else ""
    )
    return Verdict("good", "The commands work", text, remedy, works=True)

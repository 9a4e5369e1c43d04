"""The sprint's table in the terminal; imports Django, so only after it is set up.

Track   Run       Commit   State     ● passed  ▲ failed  ■ errors  …  Tests  Time   Against the baseline
main    baseline  5bd668a  finished       579        33        48       666  4.1 s
A Data  initial   264a9b0  finished       563        20        77       666  4.0 s  48 fixed, 64 newly …
"""

from rich.table import Table
from rich.text import Text

from reports.queries import comparisons_with
from reports.transitions import DeltaClass
from tracks import queries
from tracks.models import Run, Sprint
from tracks.statuses import RunState

FIGURES = (
    ("● passed", "passed", "green"),
    ("▲ failed", "failed", "red"),
    ("■ errors", "errors", "dark_orange"),
    ("○ skipped", "skipped", "dim"),
)
WORDS = {
    DeltaClass.FIXED: ("fixed", "green"),
    DeltaClass.NEWLY_FAILING: ("newly failing", "red"),
    DeltaClass.NEWLY_ERRORING: ("newly erroring", "red"),
    DeltaClass.VANISHED: ("vanished", "red"),
    DeltaClass.MUTED: ("muted", "red"),
    DeltaClass.ADDED: ("added", ""),
    DeltaClass.STILL_BROKEN_DIFFERENT: ("broken differently", "dim"),
}


def sprint_runs(sprint: Sprint) -> list[Run]:
    """The baseline and every iteration, in the order of the table."""
    baseline = [sprint.baseline] if sprint.baseline else []
    return baseline + [run for track in sprint.tracks.all() for run in queries.iterations(track)]


def sprint_table(sprint: Sprint) -> Table:
    runs = sprint_runs(sprint)
    compared = comparisons_with(sprint.baseline, runs)
    table = Table(
        title=f"{sprint.project.name} · {sprint.name}", title_justify="left", box=None, pad_edge=False
    )
    for heading in ("Track", "Run", "Commit", "State"):
        table.add_column(heading, no_wrap=heading != "State")
    for heading, _, style in FIGURES:
        table.add_column(heading, justify="right", style=style, no_wrap=True)
    for heading in ("Tests", "Time"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("Against the baseline")
    for run in runs:
        delta = compared[run.pk].figures if run.pk in compared and run.reported else {}
        table.add_row(*_facts(run, sprint), *_figures(run), _time(run), _changes(run, delta))
    return table


def describe(run: Run) -> str:
    """One line for a terminal that cannot show a table that moves."""
    name = f"track {run.track.key}, {iteration_name(run)}" if run.track else "baseline"
    figures = f"{run.passed} passed, {run.failed} failed, {run.errors} errors, {run.skipped} skipped"
    return f"{name} @{run.sha[:7]}: {run.state}" + (f" ({run.reason})" if run.reason else f": {figures}")


def iteration_name(run: Run) -> str:
    if run.iteration is None:
        return str(run.kind)
    return f"retest {run.iteration}" if run.iteration else "initial"


def _facts(run: Run, sprint: Sprint) -> tuple[str | Text, ...]:
    track = f"{run.track.key} {run.track.name}" if run.track else run.branch
    style = {RunState.FINISHED: "", RunState.RUNNING: "cyan", RunState.QUEUED: "dim"}.get(
        RunState(run.state), "red"
    )
    state = Text(run.state + (f": {run.reason}" if run.reason else ""), style=style)
    return Text(track), iteration_name(run), run.sha[:7], state


def _figures(run: Run) -> list[str]:
    figures = [str(getattr(run, field)) for _, field, _ in FIGURES]
    waiting = run.is_active and run.reported < run.collected
    return [*figures, f"{run.reported}/{run.collected}" if waiting else str(run.collected)]


def _time(run: Run) -> str:
    return f"{run.test_seconds:.1f} s" if run.test_seconds is not None else ""


def _changes(run: Run, figures: dict[str, int]) -> Text:
    parts = [
        Text(f"{figures[name]} {word}", style=style)
        for name, (word, style) in WORDS.items()
        if figures.get(name)
    ]
    if not parts:
        return Text("no change" if figures else "", style="dim")
    return Text(", ").join(parts)

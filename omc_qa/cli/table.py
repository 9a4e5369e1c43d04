"""The sprint's table in the terminal; imports Django, so only after it is set up.

Track   Run       Commit   State     ● passed  ▲ failed  ■ errors  …  Tests  Time   Against the baseline
main    baseline  5bd668a  finished       579        33        48       666  4.1 s
A Data  initial   264a9b0  finished       563        20        77       666  4.0 s  48 fixed, 64 newly …
"""

from rich.table import Table
from rich.text import Text

from reports.models import Comparison
from reports.queries import comparisons_with
from reports.transitions import DeltaClass
from tracks import queries
from tracks.models import Run, Sprint
from tracks.statuses import RunState
from tracks.web.runs_in_words import iteration_name

FIGURES = (
    ("● passed", "passed", "green"),
    ("▲ failed", "failed", "red"),
    ("■ errors", "errors", "dark_orange"),
    ("○ skipped", "skipped", "dim"),
)
RARE_FIGURES = (("◇ xfailed", "xfailed", "dim"), ("◆ xpassed", "xpassed", "magenta"))
"""Shown where a run has any."""
DETAIL_LINES = 12
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
    figures = [*FIGURES, *(rare for rare in RARE_FIGURES if any(getattr(run, rare[1]) for run in runs))]
    table = Table(
        title=f"{sprint.project.name} · {sprint.name}", title_justify="left", box=None, pad_edge=False
    )
    for heading in ("Track", "Run", "Commit", "State"):
        table.add_column(heading, no_wrap=heading != "State")
    for heading, _, style in figures:
        table.add_column(heading, justify="right", style=style, no_wrap=True)
    for heading in ("Tests", "Time"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("Against the baseline")
    for run in runs:
        counts = [str(getattr(run, field)) for _, field, _ in figures]
        table.add_row(*_facts(run), *counts, _tests(run), _time(run), _changes(run, compared.get(run.pk)))
    for track in sprint.tracks.exclude(pk__in=[run.track_id for run in runs if run.track_id]):
        table.add_row(Text(f"{track.key} {track.name}"), Text("not tested yet", style="dim"))
    return table


def describe(run: Run) -> str:
    """What came of a run, for a terminal that cannot show a table that moves."""
    name = f"track {run.track.key}, {iteration_name(run)}" if run.track else "baseline"
    if not run.reason:
        rare = "".join(
            f", {getattr(run, field)} {field}" for _, field, _ in RARE_FIGURES if getattr(run, field)
        )
        figures = f"{run.passed} passed, {run.failed} failed, {run.errors} errors, {run.skipped} skipped"
        return f"{name} @{run.sha[:7]}: {run.state}: {figures}{rare}"
    lines = [f"{name} @{run.sha[:7]}: {run.state}: {explain(run)}", *run.detail.splitlines()[-DETAIL_LINES:]]
    return "\n    ".join(lines)


def explain(run: Run) -> str:
    """Why a run did not end in order, and what to do, as sentences."""
    reason = run.reason.rstrip()
    return f"{reason if reason.endswith(('.', '!', '?')) else reason + '.'} {run.remedy}".rstrip()


def _facts(run: Run) -> tuple[str | Text, ...]:
    track = f"{run.track.key} {run.track.name}" if run.track else run.branch
    styles = {RunState.FINISHED: "", RunState.RUNNING: "cyan", RunState.QUEUED: "dim"}
    state = Text(
        run.state + (f": {run.reason}" if run.reason else ""), style=styles.get(RunState(run.state), "red")
    )
    return Text(track), iteration_name(run), run.sha[:7], state


def _tests(run: Run) -> str:
    waiting = run.is_active and run.reported < run.collected
    return f"{run.reported}/{run.collected}" if waiting else str(run.collected)


def _time(run: Run) -> str:
    return f"{run.test_seconds:.1f} s" if run.test_seconds is not None else ""


def _changes(run: Run, found: Comparison | None) -> Text:
    if found is None or not run.reported:
        return Text("")
    figures = found.figures
    parts = [
        Text(f"{figures[name]} {word}", style=style)
        for name, (word, style) in WORDS.items()
        if figures.get(name)
    ]
    changes = Text(", ").join(parts) if parts else Text("no change", style="dim")
    return changes.append(" (not to be trusted)", style="dim") if found.caveats else changes

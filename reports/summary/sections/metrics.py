"""The metrics of the baseline and of every iteration of every track, beside each other; pure.

              tests  passed        failed       errors     skipped
Baseline      660    563           20           77         0
A initial     660    575 (+12)     18 (−2)      67 (−10)   0
Target               580           10           0
"""

from collections.abc import Iterator, Mapping
from typing import Any

from reports.document import Block, Column, Figure, Picture, PictureKind, Section, Table, Tone
from reports.document.blocks import Line
from reports.summary.facts import IterationTold, RunTold, SummaryFacts, TrackTold
from reports.summary.sections.writing import NOTHING, line, says
from reports.summary.standing import called
from tracks.statuses import Outcome

SHOWN = ("collected", Outcome.PASSED, Outcome.FAILED, Outcome.ERROR, Outcome.SKIPPED)
TARGETS = {Outcome.PASSED: "min_passed", Outcome.FAILED: "max_failed", Outcome.ERROR: "max_errors"}
BOUNDS = {Outcome.PASSED: "at least ", Outcome.FAILED: "at most ", Outcome.ERROR: "at most "}
_COLUMNS = (
    Column("Run"),
    Column("State"),
    *(Column(title, is_figure=True) for title in ("Tests", "Passed", "Failed", "Errors", "Skipped", "Took")),
)


def section(facts: SummaryFacts, figures: Mapping[str, Figure]) -> Section | None:
    rows = [*_rows(facts, figures)]
    if not rows:
        return None
    target = _target(figures)
    table = Table("Metrics of every run", _COLUMNS, (*rows, target) if target else tuple(rows))
    changed = any(
        f"track.{track.key}.{each.number}.change.collected" in figures for track, each in _all(facts)
    )
    said = (says("In brackets is the change against the baseline.", tone=Tone.QUIET),) if changed else ()
    return Section("metrics", "Metrics comparison", (table, *said, *_pictures(facts)))


def _all(facts: SummaryFacts) -> Iterator[tuple[TrackTold, IterationTold]]:
    return ((track, each) for track in facts.tracks for each in track.iterations if each.run.ended_at)


def _rows(facts: SummaryFacts, figures: Mapping[str, Figure]) -> Iterator[tuple[Line, ...]]:
    baseline = facts.baseline
    if baseline and baseline.ended_at:
        yield _row("Baseline", baseline, "baseline", figures)
    for track, each in _all(facts):
        yield _row(f"{track.key}, {called(each)}", each.run, f"track.{track.key}.{each.number}", figures)


def _row(name: str, run: RunTold, prefix: str, figures: Mapping[str, Figure]) -> tuple[Line, ...]:
    state = line("checks only" if run.checks_only else run.state.value)
    seconds = figures.get(f"{prefix}.seconds")
    counts = (NOTHING if run.checks_only else _count(prefix, what, figures) for what in SHOWN)
    return (line(name), state, *counts, line(seconds) if seconds else NOTHING)


def _count(prefix: str, what: str, figures: Mapping[str, Figure]) -> Line:
    change = figures.get(f"{prefix}.change.{what}")
    return line(figures[f"{prefix}.{what}"], *((" (", change, ")") if change and change.value else ()))


def _target(figures: Mapping[str, Figure]) -> tuple[Line, ...]:
    """The sprint's targets, where it has one."""
    named = {outcome: figures.get(f"sprint.target.{name}") for outcome, name in TARGETS.items()}
    if not any(named.values()):
        return ()
    bounds = {
        outcome: line(BOUNDS[outcome], figure) if figure else NOTHING for outcome, figure in named.items()
    }
    cells = (bounds.get(Outcome(what), NOTHING) if what != "collected" else NOTHING for what in SHOWN)
    return (line("Target"), NOTHING, *cells, NOTHING)


def _pictures(facts: SummaryFacts) -> Iterator[Block]:
    for track in facts.tracks:
        points = [*_points(facts, track)]
        if len(points) > 1:
            yield Picture(
                PictureKind.METRICS,
                f"Outcomes of {track.key} over its iterations",
                _in_words(points),
                {"points": points, "targets": _targets(facts)},
            )


def _points(facts: SummaryFacts, track: TrackTold) -> Iterator[dict[str, Any]]:
    """Baseline first; a run that is not measured is left out."""
    if facts.baseline and facts.baseline.is_measured:
        yield _point("baseline", facts.baseline)
    for each in track.iterations:
        if each.run.is_measured:
            yield _point(called(each), each.run)


def _point(label: str, run: RunTold) -> dict[str, Any]:
    counts = {key: run.counts.get(outcome, 0) for key, outcome in _KEYS.items()}
    return {"label": label, **counts}


_KEYS = {"passed": Outcome.PASSED, "failed": Outcome.FAILED, "errors": Outcome.ERROR}


def _targets(facts: SummaryFacts) -> dict[str, int | None]:
    targets = facts.targets
    return {"passed": targets.min_passed, "failed": targets.max_failed, "errors": targets.max_errors}


def _in_words(points: list[dict[str, Any]]) -> str:
    said = (
        f"{each['label']}: {each['passed']} passed, {each['failed']} failed, "
        f"{each['errors']} {'error' if each['errors'] == 1 else 'errors'}"
        for each in points
    )
    return f"{'; '.join(said)}."

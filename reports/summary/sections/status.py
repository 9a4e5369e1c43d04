"""Where every track stands, a line each; pure."""

from collections.abc import Mapping

from reports.document import Column, Figure, Link, Section, Table
from reports.document.blocks import Line
from reports.document.prose import line_of
from reports.summary.facts import RunTold, SummaryFacts, TrackTold
from reports.summary.pairs import awaits_comparison
from reports.summary.sections import keys
from reports.summary.sections.writing import NOTHING, commit, line
from reports.summary.standing import called, word_of

_COLUMNS = (
    Column("Track"),
    Column("Owner"),
    Column("Latest test"),
    Column("Commit"),
    Column("Newly broken", is_figure=True),
    Column("Fixed", is_figure=True),
    Column("Faults to mend", is_figure=True),
    Column("Gates open or waived", is_figure=True),
    Column("Status"),
)


def section(facts: SummaryFacts, figures: Mapping[str, Figure]) -> Section | None:
    if not facts.tracks:
        return None
    rows = tuple(_row(track, facts.baseline, figures) for track in facts.tracks)
    return Section("status", "Track status", (Table("Status of every track", _COLUMNS, rows),))


def _row(track: TrackTold, baseline: RunTold | None, figures: Mapping[str, Figure]) -> tuple[Line, ...]:
    prefix = f"track.{track.key}"
    latest = track.latest
    failing, erroring = (figures.get(f"{prefix}.newly_{how}") for how in ("failing", "erroring"))
    broken = line("not compared yet") if awaits_comparison(track, baseline) else NOTHING
    if failing and erroring:
        broken = line(failing, " failing, ", erroring, " erroring")
    fixed = figures.get(f"{prefix}.fixed")
    return (
        line(Link(f"{track.key} {track.name}", f"#{keys.of_track(track)}")),
        line(track.owner) or NOTHING,
        line(called(latest)) if latest else line("not tested yet"),
        commit(latest.run.sha if latest else track.head) or NOTHING,
        broken,
        line(fixed) if fixed else NOTHING,
        line(figures[f"{prefix}.findings.open"]),
        line(figures[f"{prefix}.gates.open"], " of ", figures[f"{prefix}.gates"]),
        line_of(word_of(track), figures),
    )

"""The open findings by severity and track; pure."""

from collections.abc import Mapping

from reports.document import Block, Column, Figure, Picture, PictureKind, Section, Table
from reports.document.blocks import Line
from reports.summary.facts import SummaryFacts
from reports.summary.sections.tally import tally
from reports.summary.sections.writing import line, says
from tracks.finding_statuses import Severity

_COLUMNS = (Column("Track"), *(Column(each.capitalize(), is_figure=True) for each in Severity))


def section(facts: SummaryFacts, figures: Mapping[str, Figure]) -> Section | None:
    found, opened = figures["sprint.findings"], figures["sprint.findings.open"]
    if not found.value:
        return None
    said = says(*tally("sprint", figures), ".")
    blocks: tuple[Block, ...] = (said,)
    if opened.value:
        blocks = (said, _table(facts, figures), _picture(facts, figures))
    return Section("findings", "Findings by severity", blocks)


def _table(facts: SummaryFacts, figures: Mapping[str, Figure]) -> Table:
    rows = [_row(track.key, f"track.{track.key}", figures) for track in facts.tracks if track.findings]
    return Table("Open findings", _COLUMNS, (*rows, _row("All", "sprint", figures)))


def _row(name: str, prefix: str, figures: Mapping[str, Figure]) -> tuple[Line, ...]:
    return (line(name), *(line(figures[f"{prefix}.findings.open.{each}"]) for each in Severity))


def _picture(facts: SummaryFacts, figures: Mapping[str, Figure]) -> Picture:
    rows = [
        {"label": track.key}
        | {each.value: int(figures[f"track.{track.key}.findings.open.{each}"].value) for each in Severity}
        for track in facts.tracks
        if track.findings
    ]
    words = (f"{row['label']}: {', '.join(f'{row[each]} {each}' for each in Severity)}" for row in rows)
    return Picture(
        PictureKind.SEVERITIES, "Open findings by severity", f"{'; '.join(words)}.", {"rows": rows}
    )

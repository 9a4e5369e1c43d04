"""What to mend first, with its estimated effort; pure."""

from collections.abc import Mapping

from reports.document import Column, Figure, Section, Table
from reports.document.blocks import Line
from reports.summary.facts import FindingTold, SummaryFacts
from reports.summary.figures.of_findings import is_open
from reports.summary.sections import keys
from reports.summary.sections.writing import NOTHING, line
from tracks.finding_statuses import Severity
from tracks.markdown import to_text

_COLUMNS = (
    Column("Priority"),
    Column("Finding"),
    Column("Recommended fix"),
    Column("Who"),
    Column("Effort", is_figure=True),
)


def section(facts: SummaryFacts, figures: Mapping[str, Figure]) -> Section | None:
    rows = tuple(
        _row(finding, figures)
        for severity in Severity
        for track in facts.tracks
        for finding in track.findings
        if finding.severity is severity and is_open(finding)
    )
    if not rows:
        return None
    table = Table("Recommendations by priority", _COLUMNS, rows)
    return Section("recommendations", "Recommendations", (table,))


def _row(finding: FindingTold, figures: Mapping[str, Figure]) -> tuple[Line, ...]:
    effort = figures.get(f"finding.{finding.name}.effort")
    return (
        line(finding.severity.value),
        line(keys.to_finding(finding), f" {keys.titled(finding)}"),
        line(to_text(finding.recommended_fix)) or NOTHING,
        line(finding.assignee) or NOTHING,
        line(effort) if effort else line("no estimate"),
    )

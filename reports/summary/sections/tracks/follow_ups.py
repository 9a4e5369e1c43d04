"""What is to be done about the track, the most severe first: findings to mend, conditions to meet; pure."""

from collections.abc import Iterator, Mapping

from reports.document import Column, Figure, Section, Table
from reports.document.blocks import Line
from reports.summary.facts import ConditionTold, FindingTold, TrackTold
from reports.summary.figures.of_findings import is_open
from reports.summary.sections import keys
from reports.summary.sections.writing import NOTHING, day, line
from tracks.finding_statuses import Severity

_COLUMNS = tuple(Column(title) for title in ("Severity", "What", "Who", "By or effort"))


def section(track: TrackTold, figures: Mapping[str, Figure]) -> Section | None:
    rows = [row for severity in Severity for row in _of_severity(severity, track, figures)]
    if not rows:
        return None
    table = Table(f"Follow-ups of {track.key}", _COLUMNS, tuple(rows))
    return Section(f"{keys.of_track(track)}-follow-ups", "Required follow-ups", (table,))


def _of_severity(
    severity: Severity, track: TrackTold, figures: Mapping[str, Figure]
) -> Iterator[tuple[Line, ...]]:
    for finding in track.findings:
        if finding.severity is severity and is_open(finding):
            yield _to_mend(finding, figures)
    for condition in unmet(track):
        if condition.severity is severity:
            what = line(f"Condition: {condition.text}")
            yield (
                line(severity.value),
                what,
                line(condition.owner) or NOTHING,
                line(f"by {day(condition.due)}"),
            )


def unmet(track: TrackTold) -> tuple[ConditionTold, ...]:
    """The conditions of the decisions that count."""
    return tuple(
        each
        for decision in track.decisions
        if decision.counts
        for each in decision.conditions
        if not each.is_met
    )


def _to_mend(finding: FindingTold, figures: Mapping[str, Figure]) -> tuple[Line, ...]:
    effort = figures.get(f"finding.{finding.name}.effort")
    return (
        line(finding.severity.value),
        line(keys.to_finding(finding), f" {keys.titled(finding)}"),
        line(finding.assignee) or NOTHING,
        line(effort) if effort else NOTHING,
    )

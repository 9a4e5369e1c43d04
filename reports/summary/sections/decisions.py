"""Who decided what, on which commit, why, and under which conditions; pure."""

from collections.abc import Iterator, Mapping

from reports.document import Block, Column, Figure, Link, Mono, Paragraph, Quote, Section, Strong, Table
from reports.document.blocks import Line
from reports.document.prose import blocks_of
from reports.summary.facts import DecisionTold, SummaryFacts
from reports.summary.numbers import by_number
from reports.summary.sections import keys
from reports.summary.sections.writing import (
    NOTHING,
    SHORT,
    bullets,
    commit,
    counted,
    day,
    line,
    says,
)

_COLUMNS = tuple(Column(title) for title in ("Track", "Decision", "By", "On", "Commit", "Counts"))

_ANSWERS = tuple(Column(title) for title in ("Question", "Answer", "By", "On"))


def section(facts: SummaryFacts, figures: Mapping[str, Figure]) -> Section | None:
    told = [(track, each) for track in facts.tracks for each in track.decisions]
    answered = tuple(_answers(facts))
    if not told:
        return Section("decisions", "Decisions", answered) if answered else None
    rows = tuple((line(Link(track.key, f"#{keys.of_track(track)}")), *_row(each)) for track, each in told)
    blocks: list[Block] = [Table("Decisions", _COLUMNS, rows)]
    unmet = figures["sprint.conditions"]
    if unmet.value:
        blocks.append(says(*counted(unmet, "condition"), f" {by_number('is', 'are', unmet)} not met yet."))
    reasons = (block for _, each in told for block in _reasons(each))
    return Section("decisions", "Decisions", (*blocks, *reasons, *answered))


def _row(decision: DecisionTold) -> tuple[Line, ...]:
    return (
        line(Strong(decision.kind.value)),
        line(decision.by),
        line(day(decision.at)),
        commit(decision.sha) or NOTHING,
        line("yes" if decision.counts else "no"),
    )


def _reasons(decision: DecisionTold) -> Iterator[Block]:
    """What the leads said, and what they asked for."""
    yield Paragraph(
        line(
            Strong(f"{decision.track}, {decision.kind}"),
            f" by {decision.by} on ",
            Mono(decision.sha[:SHORT]),
            ":",
        )
    )
    yield Quote(blocks_of(decision.rationale))
    if decision.conditions:
        yield bullets(
            line(
                Strong("met: " if each.is_met else "not met: "),
                f"{each.text} ({each.severity}, {each.owner or 'nobody'}, by {day(each.due)})",
            )
            for each in decision.conditions
        )
    if decision.stale:
        yield says("It does not count any more:")
        yield bullets(line(each) for each in decision.stale)
    elif not decision.counts:
        yield says("A later decision replaced it.")


def _answers(facts: SummaryFacts) -> Iterator[Block]:
    """What was decided of the questions; why, stands with each."""
    rows = tuple(
        (
            line(keys.to_finding(finding), f" {keys.titled(finding)}"),
            line(Strong(finding.answer.option)),
            line(finding.answer.by) or NOTHING,
            line(day(finding.answer.at)) if finding.answer.at else NOTHING,
        )
        for track in facts.tracks
        for finding in track.findings
        if finding.answer
    )
    if rows:
        yield Table("Answers to questions", _ANSWERS, rows)

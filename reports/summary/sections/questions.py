"""The questions that wait for a decision, with their options; pure."""

from collections.abc import Iterator

from reports.document import Block, Column, Section, Table
from reports.document.blocks import Line
from reports.document.prose import blocks_of
from reports.summary.facts import FindingTold, SummaryFacts
from reports.summary.figures.of_findings import is_asked
from reports.summary.sections.writing import NOTHING, line
from tracks.markdown import to_text

_OPTIONS = (Column("Option"), Column("For"), Column("Against"))


def section(facts: SummaryFacts) -> Section | None:
    asked = [each for track in facts.tracks for each in track.findings if is_asked(each)]
    parts = tuple(
        Section(f"question-{each.name.lower()}", f"{each.name}: {each.title}", tuple(_blocks(each)))
        for each in asked
    )
    return Section("questions", "Open questions", (), parts) if parts else None


def _blocks(question: FindingTold) -> Iterator[Block]:
    yield from blocks_of(question.evidence)
    if question.options:
        rows = tuple(tuple(_cell(text) for text in option) for option in question.options)
        yield Table(f"Options of {question.name}", _OPTIONS, rows)


def _cell(text: str) -> Line:
    return line(to_text(text)) or NOTHING

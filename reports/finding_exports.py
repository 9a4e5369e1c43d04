"""Findings as a table of Markdown, for a report or a chat; pure. As CSV: ``tracks.spreadsheets``."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from reports.rendering.escaping import escaped


def markdown_lines(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> Iterator[str]:
    """A table, a line at a time; what a cell holds stays text."""
    yield _row(columns)
    yield _row(["---"] * len(columns))
    for row in rows:
        yield _row([escaped(str(row[column]).strip()) for column in columns])


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |\n"

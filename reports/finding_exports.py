"""Findings as a table of Markdown, for a report or a chat; pure. As CSV: ``tracks.spreadsheets``."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

_MARKS = re.compile(r"([\\`*_{}\[\]()#+\-.!|~<>&])")


def markdown_lines(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> Iterator[str]:
    """A table, a line at a time; what a cell holds stays text."""
    yield _row(columns)
    yield _row(["---"] * len(columns))
    for row in rows:
        yield _row([escaped(str(row[column])) for column in columns])


def escaped(cell: str) -> str:
    """The cell's text on one line, with every mark of Markdown and HTML taken literally."""
    return _MARKS.sub(r"\\\1", " ".join(cell.split()))


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |\n"

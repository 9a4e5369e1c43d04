"""Rows as a file of CSV that spreadsheets read; pure.

columns, rows ──csv_lines──> a line at a time

A spreadsheet takes a cell that begins with = + - @, their full-width forms, a tab or an end of a line for a
formula: such a cell gets an apostrophe in front, which spreadsheets do not show. Every cell is quoted: a
spreadsheet that divides cells at semicolons finds none within a text.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence

FORMULA = (*"=+-@", *"\uff1d\uff0b\uff0d\uff20", "\t", "\r", "\n")


class _Line:
    """What csv writes to: it keeps one line."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> None:
        self.text = text


def csv_lines(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> Iterator[str]:
    """The heading and one line a row, each ended by CR LF, with a mark in front that says UTF-8."""
    line = _Line()
    writer = csv.writer(line, quoting=csv.QUOTE_ALL)
    writer.writerow(columns)
    yield "\N{ZERO WIDTH NO-BREAK SPACE}" + line.text
    for row in rows:
        writer.writerow([harmless(str(row[column])) for column in columns])
        yield line.text


def harmless(cell: str) -> str:
    """The cell's text, such that no spreadsheet computes it."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell

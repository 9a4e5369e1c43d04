"""Findings as CSV and Markdown: no cell is computed, no cell breaks its table."""

import csv

import pytest

from reports.finding_exports import markdown_lines
from reports.rendering.escaping import escaped
from tracks.markdown import to_html
from tracks.spreadsheets import csv_lines, harmless

HOSTILE = [
    '=HYPERLINK("http://evil","x")',
    "+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1+1",
    *(f"{mark}1" for mark in "\uff1d\uff0b\uff0d\uff20"),
    "x;=1+1",
    'a "quoted", cell',
    "two\nlines",
    "a | b",
    "\\",
    "`x` <b>bold</b> [l](javascript:alert(1)) # *s*",
    "&lt;b&gt;",
]


@pytest.mark.parametrize("cell", HOSTILE)
def test_a_cell_of_csv_is_read_back_as_text(cell):
    lines = "".join(csv_lines(["title"], [{"title": cell}]))
    heading, row = csv.reader(lines.removeprefix("\ufeff").splitlines(keepends=True))
    assert heading == ["title"]
    assert row == [harmless(cell)]
    assert row[0][0] not in "=+-@\uff1d\uff0b\uff0d\uff20\t\r\n"
    assert row[0].removeprefix("'") == cell


def test_a_text_with_a_semicolon_is_one_cell_wherever_cells_end_at_semicolons():
    (_, row) = csv_lines(["title"], [{"title": "x;=1+1"}])
    assert next(csv.reader([row], delimiter=";")) == ["x;=1+1"]


@pytest.mark.parametrize("cell", HOSTILE)
def test_a_cell_of_markdown_stays_one_cell_of_text(cell):
    page = to_html("".join(markdown_lines(["finding", "title"], [{"finding": "A-1", "title": cell}])))
    assert page.count("<td>") == 2
    for forbidden in ("<b>", "<a ", "<code>", "<em>"):
        assert forbidden not in page


def test_what_needs_no_escape_has_none():
    assert escaped("Prices are  missing") == "Prices are missing"
    assert harmless("1 + 1") == "1 + 1"

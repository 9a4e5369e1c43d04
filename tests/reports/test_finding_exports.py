"""Findings as CSV and Markdown: no cell is computed, no cell breaks its table."""

import csv

import pytest

from reports.finding_exports import csv_lines, escaped, harmless, markdown_lines
from tracks.markdown import to_html

HOSTILE = [
    '=HYPERLINK("http://evil","x")',
    "+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
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
    assert row[0][0] not in "=+-@\t\r"
    assert row[0].removeprefix("'") == cell


@pytest.mark.parametrize("cell", HOSTILE)
def test_a_cell_of_markdown_stays_one_cell_of_text(cell):
    page = to_html("".join(markdown_lines(["finding", "title"], [{"finding": "A-1", "title": cell}])))
    assert page.count("<td>") == 2
    for forbidden in ("<b>", "<a ", "<code>", "<em>"):
        assert forbidden not in page


def test_what_needs_no_escape_has_none():
    assert escaped("Prices are  missing") == "Prices are missing"
    assert harmless("1 + 1") == "1 + 1"

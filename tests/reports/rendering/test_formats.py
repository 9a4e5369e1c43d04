"""Each format tells the same figures, says which edition it is, and leads to its sections."""

import io
import json
import re
from datetime import UTC, datetime

import pytest
from lxml import html
from pypdf import PdfReader

from reports.document import (
    Bullets,
    Code,
    Column,
    Document,
    Link,
    Mono,
    Paragraph,
    Query,
    Section,
    Table,
    Text,
    figures_in,
    from_json,
    to_json,
)
from reports.rendering import Draft, Edition, Imprint, markdown, pdf
from reports.rendering.escaping import escaped
from reports.rendering.files import file_of
from reports.rendering.html import contents, render
from reports.statuses import Format
from tests.reports.rendering.documents import figure, full
from tracks.errors import ToolError

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
EDITION = Edition(3, "b" * 64, "Tess", NOON)
SHOWN = ["563", "+12", "2.1 %", "−7", "1 h"]
FIGURES = Paragraph(tuple(part for each in SHOWN for part in (figure(f"f.{each}", each), Text("; "))))
DOCUMENT = Document("Report", "Shop", "a" * 40, (Section("figures", "Figures", (FIGURES,)),))


def words(kind: Format, document: Document, imprint: Imprint = EDITION) -> str:
    made = file_of(kind, {"document": to_json(document)}, imprint)
    if kind is Format.PDF:
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages)
    if kind is Format.HTML:
        return str(html.document_fromstring(made).text_content())
    return made.decode()


@pytest.mark.parametrize("kind", [Format.MARKDOWN, Format.HTML, Format.PDF])
def test_each_format_tells_the_same_figures(kind: Format):
    said = words(kind, DOCUMENT).replace("\\", "")
    assert re.search(r"\s*;\s*".join(map(re.escape, SHOWN)), said)


def test_the_json_is_what_was_frozen_and_which_edition_it_is():
    told = json.loads(words(Format.JSON, DOCUMENT))
    assert from_json(told["document"]) == DOCUMENT
    assert [each.shown for each in figures_in(from_json(told["document"]))] == SHOWN
    at = "2026-11-24T12:00:00+00:00"
    assert told["edition"] == {"number": 3, "by": "Tess", "at": at, "note": "", "is_intact": True}


@pytest.mark.parametrize("kind", [Format.MARKDOWN, Format.HTML, Format.PDF])
def test_each_format_says_which_edition_it_is(kind: Format):
    said = words(kind, DOCUMENT)
    assert "Report 3, published by Tess on 24 November 2026, 12:00 UTC" in said
    assert "a" * 40 in said
    assert "b" * 64 in said
    assert "Draft, not published" in words(kind, DOCUMENT, Draft("c" * 64))


def test_a_document_is_the_same_after_it_was_kept():
    assert from_json(to_json(full("words"))) == full("words")


def test_a_figure_leads_to_what_stands_behind_it():
    parsed = html.document_fromstring(render(DOCUMENT, page=lambda query: f"/runs/{query.head}"))
    assert [each.get("href") for each in parsed.iter("a") if each.get("class") == "figure"] == ["/runs/1"] * 5
    parsed = html.document_fromstring(render(DOCUMENT, page=nowhere))
    assert [each.text for each in parsed.iter("span") if each.get("class") == "figure"] == SHOWN


def nowhere(_: Query) -> str:
    return ""


SAME = Document(
    "Contents",
    "",
    "",
    (
        Section("a", "Track A: β & co.", (Paragraph((Link("there", "#b"),)),)),
        Section("b", "Track A: β & co.", (), (Section("c", "Contents"),)),
    ),
)


def test_markdown_leads_to_its_sections_by_the_anchors_that_github_makes():
    assert re.findall(r"\(#(.*?)\)", markdown.render(SAME, EDITION)) == [
        *("track-a-β--co", "track-a-β--co-1", "contents-2"),
        "track-a-β--co-1",
    ]


def test_the_contents_of_a_page_lead_to_its_sections():
    sections = html.document_fromstring(render(SAME, page=nowhere)).iter("section")
    links = html.document_fromstring(contents(SAME)).iter("a")
    assert [f"#{each.get('id')}" for each in sections] == [each.get("href") for each in links]


def test_a_long_list_of_a_pdf_has_all_its_lines():
    names = [f"tests/test_cart.py::test_{number}" for number in range(200)]
    listed = Bullets(tuple((Paragraph((Mono(name),)),) for name in names))
    said = words(Format.PDF, Document("t", "", "", (Section("s", "s", (listed,)),)))
    assert re.findall(r"•\s*(\S+)", said) == names


COMMAND = f"pytest tests/orders/test_checkout.py::test_{'total_' * 8}"


def test_a_command_is_copied_from_a_pdf_as_it_is():
    assert COMMAND in words(Format.PDF, Document("t", "", "", (Section("s", "s", (Code(COMMAND),)),)))


@pytest.mark.parametrize(("titles", "heads"), [(("", ""), 0), (("Fact", ""), 1)])
def test_a_table_without_titles_has_no_row_for_them(titles, heads):
    table = Table("Facts", tuple(map(Column, titles)), (((Text("a"),), (Text("b"),)),))
    parsed = html.document_fromstring(
        render(Document("t", "", "", (Section("s", "s", (table,)),)), page=nowhere)
    )
    assert len(list(parsed.iter("thead"))) == heads


@pytest.mark.parametrize(
    ("typesetter", "told"),
    [
        ("import os; os.abort()", "more memory than it may"),
        ("import time; time.sleep(60)", "more than 1 s"),
        ("import sys; sys.exit('label occurs twice')", "could not be set"),
    ],
)
def test_what_keeps_a_pdf_from_being_set_is_told_with_what_to_do(monkeypatch, tmp_path, typesetter, told):
    script = tmp_path / "typesetter.py"
    script.write_text(typesetter)
    monkeypatch.setattr(pdf, "TYPESETTER", script)
    monkeypatch.setattr(pdf, "SECONDS", 1)
    with pytest.raises(ToolError, match=told) as problem:
        pdf.render(DOCUMENT, EDITION)
    assert "as Markdown" in problem.value.remedy


def test_what_typst_refuses_is_told_in_its_words():
    twice = Document("t", "", "", (Section("s", "s", (Paragraph((Link("x", "#s"),)),)), Section("s", "s")))
    with pytest.raises(ToolError) as problem:
        pdf.render(twice, EDITION)
    assert "occurs multiple times" in problem.value.detail


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("octo/repo#12", "octo/repo#\u206012"),
        ("tess@example.org", "tess@\u2060example.org"),
        ("GH-3 @tess #1", "GH-\u20603 @\u2060tess #\u20601"),
        (":tada: at 12:30", ":\u2060tada: at 12:30"),
        ("test_a::test_b: no", "test\\_a::\u2060test\\_b: no"),
    ],
)
def test_no_text_of_markdown_names_a_person_an_issue_or_an_emoji(text, written):
    assert escaped(text) == written

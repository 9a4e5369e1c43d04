"""No text breaks a format: in no place of a document is it more than text."""

import io
import re

import pytest
from lxml import etree, html
from markdown_it import MarkdownIt
from pypdf import PdfReader

from reports.document import Code, Column, Document, Link, Mono, Paragraph, Query, Section, Table, Text
from reports.rendering import Draft, markdown, page, pdf
from reports.rendering.characters import plain
from reports.rendering.html import render
from reports.rendering.pictures import draw
from tests.reports.rendering.documents import HOSTILE, full, pictures, table

PLAIN = full("words")
DRAFT = Draft("b" * 64)
TAGS = {
    *(
        "nav",
        "section",
        "h2",
        "h3",
        "p",
        "ol",
        "ul",
        "li",
        "div",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    ),
    *(
        "pre",
        "code",
        "blockquote",
        "details",
        "summary",
        "figure",
        "figcaption",
        "strong",
        "em",
        "a",
        "span",
        "i",
    ),
    *("svg", "title", "desc", "g", "path", "rect", "text"),
}
ATTRIBUTES = {
    *("id", "class", "href", "rel", "title", "scope", "role", "tabindex", "aria-label", "aria-hidden"),
    *(
        "viewbox",
        "width",
        "height",
        "xmlns",
        "font-family",
        "font-size",
        "font-weight",
        "fill",
        "fill-opacity",
    ),
    *("x", "y", "d", "stroke", "stroke-dasharray", "text-anchor", "dominant-baseline", "transform"),
}
UNSAFE = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def address(_: Query) -> str:
    return "/runs/1?a=1&b=2"


def shape(document: Document) -> list[tuple[str, dict[str, str]]]:
    """Every element of the page with its attributes' names, in order."""
    parsed = html.document_fromstring(f"<body>{render(document, page=address)}</body>")
    return [(each.tag, sorted(each.attrib)) for each in parsed.iter() if isinstance(each.tag, str)]


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_a_page_has_the_same_elements_whatever_its_words(text: str):
    found = shape(full(text))
    assert found == shape(PLAIN)
    assert {tag for tag, _ in found} - {"html", "body"} <= TAGS
    assert {name for _, names in found for name in names} <= ATTRIBUTES


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_a_page_says_the_words_as_they_are(text: str):
    parsed = html.document_fromstring(f"<body>{render(full(text), page=address)}</body>")
    assert plain(text) in [each.text or "" for each in parsed.iter("strong")]
    assert not UNSAFE.search(page.render(full(text), DRAFT))


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_a_picture_is_well_formed(text: str):
    for svg in parsed_pictures(text):
        assert svg.tag == "{http://www.w3.org/2000/svg}svg"
        assert svg[0].text == plain(text)


def parsed_pictures(text: str) -> list[etree._Element]:
    return [etree.fromstring(draw(each)) for each in pictures(text)]


GITHUB = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def tokens(document: Document) -> list[str]:
    """Blocks of the Markdown; and of what stands in lines, only what is more than words."""
    found = []
    for each in GITHUB.parse(markdown.render(document, DRAFT)):
        found.append(each.type)
        found += [child.type for child in each.children or () if child.type in _MORE]
    return found


_MORE = {"html_inline", "image", "link_open", "s_open"}


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_markdown_has_the_same_blocks_whatever_its_words(text: str):
    found = tokens(full(text))
    assert not {"html_block", "html_inline", "image", "s_open"} & set(found)
    if text.strip():
        assert found == tokens(PLAIN)


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_a_table_of_markdown_stays_a_table(text: str):
    document = Document("t", "", "", (Section("s", "s", (table(text, rows=3),)),))
    rows = [
        each for each in GITHUB.parse(markdown.render(document, DRAFT)) if each.type in ("tr_open", "td_open")
    ]
    assert [each.type for each in rows] == ["tr_open", *(["tr_open"] + ["td_open"] * 4) * 3]


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_markdown_steers_no_terminal_and_names_nobody(text: str):
    written = markdown.render(full(text), DRAFT)
    assert not UNSAFE.search(written)
    assert "@somebody" not in "".join(said(written))


def said(written: str) -> list[str]:
    """What stands in lines and is no code."""
    inline = [child for each in GITHUB.parse(written) for child in each.children or ()]
    return [each.content for each in inline if each.type == "text"]


def test_a_pdf_opens_and_holds_every_word():
    texts = [*(each for each in HOSTILE if len(each) < LONG), "Кириллица"]
    blocks = [full(each).sections[0].blocks for each in texts]
    blocks.append((Paragraph((Link("far", f"https://example.org/{'x' * 9_000}"),)),))
    sections = tuple(Section(f"s{place}", f"T{place}", each) for place, each in enumerate(blocks))
    said = pages(Document("All", "of it", "a" * 40, sections))
    for text in texts:
        assert known(plain(text)) in known("".join(said))
    assert all("a" * 40 in each and "b" * 64 in each for each in said)
    assert all(word in "".join(said) for word in ("far", "שלום", "Кириллица"))
    assert "\u200b" not in "".join(said)


def test_a_name_that_is_longer_than_a_page_of_a_pdf_goes_on_overleaf():
    name = "tests/" + "deep/" * 2_000
    cells = Table("t", (Column("a"), Column("b")), (((Mono(name),), (Text("short"),)),))
    said = pages(Document(name, name, "", (Section("s", name, (cells, Code(name))),)))
    assert len(said) > 3
    assert known("".join(said)).count("deep/") > 2 * 1_900


LONG = 5_000


def pages(document: Document) -> list[str]:
    """The words of each page."""
    reader = PdfReader(io.BytesIO(pdf.render(document, DRAFT)))
    return [each.extract_text() for each in reader.pages]


def known(text: str) -> str:
    """Of letters that are set from left to right and that the fonts have, without spaces."""
    return re.sub(r"[^!-~]+", "", text)

"""What people wrote becomes blocks: nothing of it is HTML, nothing leads anywhere but to the web."""

import pytest

from reports.document import Bullets, Code, Emphasis, Link, Mono, Paragraph, Quote, Strong, Table, Text
from reports.document.blocks import Block
from reports.document.prose import blocks_of
from tests.hostile import TEXTS
from tests.reports.rendering.documents import figure

PASSED = figure("track.A.passed")


def line_of(text: str) -> tuple[object, ...]:
    (block,) = blocks_of(text, {"track.A.passed": PASSED})
    assert isinstance(block, Paragraph)
    return block.line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("{{track.A.passed}} passed", (PASSED, Text(" passed"))),
        ("**{{ track.A.passed }} passed**", (PASSED, Strong(" passed"))),
        ("[{{track.A.passed}} ok](https://x.org)", (PASSED, Link(" ok", "https://x.org"))),
        ("{{track.B.passed}} passed", (Text("{{track.B.passed}} passed"),)),
        ("`{{track.A.passed}}`", (Mono("{{track.A.passed}}"),)),
        ("*a* b\nc", (Emphasis("a"), Text(" b c"))),
        ("# Cause", (Strong("Cause"),)),
        ("not ~~approved~~", (Text("not ~~approved~~"),)),
        ("[a](/etc) [b](javascript:x) [c](mailto:a@b.c)", None),
    ],
)
def test_a_line_keeps_what_a_document_has_a_word_for(text: str, line: tuple[object, ...] | None):
    expected = line or (Text("a [b](javascript:x) "), Link("c", "mailto:a@b.c"))
    assert line_of(text) == expected


def said(text: str) -> Paragraph:
    return Paragraph((Text(text),))


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("a  \nb", (said("a"), said("b"))),
        ("- a\n- b", (Bullets(((said("a"),), (said("b"),))),)),
        ("1. a", (Bullets(((said("a"),),), ordered=True),)),
        ("> a", (Quote((said("a"),)),)),
        ("```python x\na\n```", (Code("a", "python"),)),
        ("```evil\na\n```", (Code("a"),)),
        ("---", ()),
        ("", ()),
    ],
)
def test_a_block_is_the_nearest_one_of_a_document(text: str, blocks: tuple[Block, ...]):
    assert blocks_of(text) == blocks


def test_a_table_has_a_cell_for_each_column():
    (table,) = blocks_of("| a | b |\n|---|---|\n| {{track.A.passed}} |", {"track.A.passed": PASSED})
    assert isinstance(table, Table)
    assert [column.title for column in table.columns] == ["a", "b"]
    assert table.rows == (((PASSED,), ()),)


@pytest.mark.parametrize("text", TEXTS)
def test_no_text_becomes_a_link_that_could_run(text: str):
    for block in blocks_of(text):
        for inline in getattr(block, "line", ()):
            assert not isinstance(inline, Link) or inline.href.startswith(("https://", "mailto:"))


@pytest.mark.parametrize("href", ["javascript:x", "/etc", "data:x", "#A b", ""])
def test_a_link_leads_to_the_web_or_into_the_document(href: str):
    with pytest.raises(ValueError, match="no address"):
        Link("x", href)

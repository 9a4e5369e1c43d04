"""The document as the template of the PDF reads it: plain JSON values; pure.

    "tests/orders/test_checkout.py"  ──>  "tests/\\u200borders/\\u200btest_\\u200b…"

A line of a page breaks at spaces only, and a name from code has none: so that it does not leave the page, it
is told where it may break.
"""

import re
from collections.abc import Sequence
from typing import Any

from reports.document import (
    Block,
    Bullets,
    Code,
    Document,
    Emphasis,
    Figure,
    Folded,
    Inline,
    Link,
    Mark,
    Mono,
    Paragraph,
    Picture,
    Quote,
    Section,
    Strong,
    Table,
    Text,
)
from reports.document.blocks import Line
from reports.rendering import pictures
from reports.rendering.characters import in_line, plain
from tracks.statuses import SHAPES

LONG = 1_000
"""A table's row of more characters may be parted by the end of a page: it could be longer than one."""
SHORT = 8
"""Of a longer list of single lines each is set as a line, not as an item: an item takes 40 KB of memory, and
a report may name thousands of tests."""
TITLE = 200
"""Characters of a title: it stands on more than one page, and on none with nothing below it."""
TAB = 4

_WORD = re.compile(r"\S{17,}")
_PIECE = re.compile(r"(.{1,15}?[/:._,=&-]+(?=\w)|.{16})(?=.)")
_BREAK = "\u200b"


def prepared(document: Document) -> dict[str, Any]:
    """All that the pages show."""
    return {
        "title": _title(document.title),
        "subtitle": _title(document.subtitle),
        "commit": document.commit,
        "sections": [_section(each) for each in document.sections],
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "key": section.key,
        "title": _title(section.title),
        "blocks": _blocks(section.blocks),
        "sections": [_section(each) for each in section.sections],
    }


def _blocks(blocks: Sequence[Block]) -> list[dict[str, Any]]:
    return [{"is": type(block).__name__, **_block(block)} for block in blocks]


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Paragraph(line, tone):
            return {"line": _line(line), "tone": tone.value}
        case Bullets(items, ordered):
            long = len(items) > SHORT and not ordered and all(map(_is_line, items))
            return {"items": [_blocks(item) for item in items], "ordered": ordered, "is_long": long}
        case Table():
            columns = [{"title": _title(each.title), "is_figure": each.is_figure} for each in block.columns]
            return {"columns": columns, "rows": [_row(row) for row in block.rows]}
        case Code(text):
            return {"text": _breakable(plain(text).expandtabs(TAB))}
        case Quote(blocks):
            return {"blocks": _blocks(blocks)}
        case Folded(title, blocks):
            return {"title": _line(title), "blocks": _blocks(blocks)}
        case Picture():
            return {
                "title": _title(block.title),
                "text": in_line(block.text),
                "svg": pictures.draw(block),
            }


def _is_line(item: Sequence[Block]) -> bool:
    return len(item) == 1 and isinstance(item[0], Paragraph)


def _row(row: Sequence[Line]) -> dict[str, Any]:
    cells = [_line(line) for line in row]
    longest = max((sum(len(each["text"]) for each in cell) for cell in cells), default=0)
    return {"cells": cells, "is_long": longest > LONG}


def _line(line: Line) -> list[dict[str, str]]:
    return [_inline(each) for each in line]


def _inline(inline: Inline) -> dict[str, str]:
    told = {"is": type(inline).__name__}
    match inline:
        case Link(text, href):
            return told | {"text": _words(text), "href": href}
        case Figure():
            return told | {"text": _words(inline.shown)}
        case Mark(outcome):
            return told | {"text": SHAPES[outcome]}
        case Text(text) | Strong(text) | Emphasis(text) | Mono(text):
            return told | {"text": _words(text)}


def _title(text: str) -> str:
    told = in_line(text)
    return _breakable(told if len(told) <= TITLE else f"{told[: TITLE - 1]}…")


def _words(text: str) -> str:
    return _breakable(in_line(text))


def _breakable(text: str) -> str:
    return _WORD.sub(lambda word: _PIECE.sub(rf"\1{_BREAK}", word[0]), text)

"""The document as the template of the PDF reads it: plain JSON values; pure.

    "tests/orders/test_checkout.py"  ──>  "tests/\\u200borders/\\u200btest_\\u200b…"   in a narrow cell

A line of a page breaks at spaces only, and a name from code has none: so that it does not leave the page, one
that is longer than its line is told where it may break. The template makes of these marks no character.
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
LONGEST_LINK = 2_000
"""Characters of an address; typst refuses the whole file for one of more than 8,000."""
TAB = 4
CELL, TITLE_LINE, LINE, CODE = 16, 24, 48, 90
"""Characters of a word that have room in a cell, in a title, in a line, and in one of code."""

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
            columns = [
                {"title": _title(each.title, CELL), "is_figure": each.is_figure} for each in block.columns
            ]
            return {"columns": columns, "rows": [_row(row) for row in block.rows]}
        case Code(text):
            return {"text": _breakable(plain(text).expandtabs(TAB), CODE)}
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
    cells = [[_inline(each, CELL, CELL) for each in line] for line in row]
    longest = max((sum(len(each["text"]) for each in cell) for cell in cells), default=0)
    return {"cells": cells, "is_long": longest > LONG}


def _line(line: Line) -> list[dict[str, str]]:
    return [_inline(each, LINE, CODE) for each in line]


def _inline(inline: Inline, room: int, room_of_code: int) -> dict[str, str]:
    """``room``, in characters, is what a word may take without a break."""
    told = {"is": type(inline).__name__}
    match inline:
        case Link(text, href) if len(href) <= LONGEST_LINK:
            return told | {"text": _words(text, room), "href": href}
        case Figure():
            return told | {"text": _words(inline.shown, room)}
        case Mark(outcome):
            return told | {"text": SHAPES[outcome]}
        case Mono(text):
            return told | {"text": _words(text, room_of_code)}
        case Text(text) | Strong(text) | Emphasis(text):
            return told | {"text": _words(text, room)}
        case Link(text):
            return {"is": "Text", "text": _words(text, room)}


def _title(text: str, room: int = TITLE_LINE) -> str:
    told = in_line(text)
    return _breakable(told if len(told) <= TITLE else f"{told[: TITLE - 1]}…", room)


def _words(text: str, room: int) -> str:
    return _breakable(in_line(text), room)


def _breakable(text: str, room: int) -> str:
    words = re.compile(rf"\S{{{room + 1},}}")
    return words.sub(lambda word: _PIECE.sub(rf"\1{_BREAK}", word[0]), text)

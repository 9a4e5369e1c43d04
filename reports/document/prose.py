"""Markdown that people wrote, as blocks of a document; pure.

    "**{{track.A.passed}}** passed, see [CI](https://…)"
        ──markdown-it──>  Paragraph(Figure, Text(" passed, see "), Link("CI", …))

The parser is that of the pages, see ``tracks.markdown``: neither raw HTML nor images. What a document has no
word for is said with the nearest one: a heading is a strong paragraph, a break within a paragraph begins
another, what is struck through keeps its marks. A figure stands by itself, whatever stands around it.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import groupby

from markdown_it.tree import SyntaxTreeNode

from reports.document.blocks import Block, Bullets, Code, Column, Line, Paragraph, Quote, Table
from reports.document.inlines import Emphasis, Figure, Inline, Link, Mono, Strong, Text
from tracks.markdown import LANGUAGES, parsed

PLACEHOLDER = re.compile(r"\{\{ *([A-Za-z0-9_.-]{1,200}) *\}\}")
"""Stands for the figure of that name."""

NO_FIGURES: Mapping[str, Figure] = {}

_SCHEME = re.compile(r"https?://|mailto:", re.IGNORECASE)
Style = Callable[[str], Inline]
_STYLES: Mapping[str, Style] = {"strong": Strong, "em": Emphasis}


def blocks_of(markdown: str, figures: Mapping[str, Figure] = NO_FIGURES) -> tuple[Block, ...]:
    """The blocks; a placeholder ``{{name}}`` is the figure of that name, where there is one."""
    return _blocks(SyntaxTreeNode(parsed(markdown)), figures)


def line_of(text: str, figures: Mapping[str, Figure]) -> Line:
    """A line of plain words and placeholders, which is no Markdown."""
    return tuple(_words_and_figures(text, figures, Text, ""))


def placeholders_in(markdown: str) -> tuple[str, ...]:
    """The names that ``blocks_of`` looks up, each once, in their order."""
    words = (node.content for node in SyntaxTreeNode(parsed(markdown)).walk() if node.type == "text")
    return tuple(dict.fromkeys(name for each in words for name in PLACEHOLDER.findall(each)))


def plain_lines(markdown: str) -> tuple[str, ...]:
    """What it says without its marks and without code, placeholders as they are."""
    inlines = (node for node in SyntaxTreeNode(parsed(markdown)).walk() if node.type == "inline")
    return tuple("".join(map(_plain, inline.walk())) for inline in inlines)


def _plain(node: SyntaxTreeNode) -> str:
    match node.type:
        case "text":
            return node.content
        case "softbreak" | "code_inline":
            return " "
        case "hardbreak":
            return "\n"
        case _:
            return ""


def _blocks(parent: SyntaxTreeNode, figures: Mapping[str, Figure]) -> tuple[Block, ...]:
    return tuple(block for node in parent.children for block in _block(node, figures))


def _block(node: SyntaxTreeNode, figures: Mapping[str, Figure]) -> Iterator[Block]:
    match node.type:
        case "paragraph":
            yield from _paragraphs(node, figures)
        case "heading":
            yield Paragraph(_line(node, figures, Strong))
        case "bullet_list" | "ordered_list":
            items = tuple(_blocks(item, figures) for item in node.children)
            yield Bullets(items, ordered=node.type == "ordered_list")
        case "blockquote":
            yield Quote(_blocks(node, figures))
        case "fence" | "code_block":
            language = (node.info.split() or [""])[0].lower()
            yield Code(node.content.rstrip("\n"), language if language in LANGUAGES else "")
        case "table":
            yield _table(node, figures)


def _paragraphs(node: SyntaxTreeNode, figures: Mapping[str, Figure]) -> Iterator[Paragraph]:
    """The paragraph; where lines are broken in it, one for each of them."""
    inlines = _line(node, figures)
    for is_break, line in groupby(inlines, key=lambda each: each == _BREAK):
        if not is_break:
            yield Paragraph(tuple(line))


def _table(node: SyntaxTreeNode, figures: Mapping[str, Figure]) -> Table:
    head, *bodies = node.children
    columns = tuple(Column(_words(_line(cell, figures))) for cell in head.children[0].children)
    rows = tuple(
        tuple(_line(cell, figures) for cell in row.children) for body in bodies for row in body.children
    )
    return Table("Table", columns, rows)


_BREAK = Text("\n")


def _line(node: SyntaxTreeNode, figures: Mapping[str, Figure], style: Style = Text) -> Line:
    """What stands in the node's line, neighbours of one kind joined."""
    inlines = (each for inline in node.children for each in _inlines(inline, figures, style))
    return tuple(_joined(inlines))


def _inlines(
    parent: SyntaxTreeNode, figures: Mapping[str, Figure], style: Style, href: str = ""
) -> Iterator[Inline]:
    for node in parent.children:
        match node.type:
            case "text":
                yield from _words_and_figures(node.content, figures, style, href)
            case "code_inline":
                yield Mono(node.content)
            case "softbreak":
                yield _styled(" ", style, href)
            case "hardbreak":
                yield _BREAK
            case "link":
                yield from _inlines(node, figures, style, _safe(str(node.attrs.get("href", ""))))
            case "s":
                yield _styled("~~", style, href)
                yield from _inlines(node, figures, style, href)
                yield _styled("~~", style, href)
            case _:
                yield from _inlines(node, figures, _STYLES.get(node.type, style), href)


def _words_and_figures(text: str, figures: Mapping[str, Figure], style: Style, href: str) -> Iterator[Inline]:
    end = 0
    for found in PLACEHOLDER.finditer(text):
        if figure := figures.get(found[1]):
            yield from _some(text[end : found.start()], style, href)
            yield figure
            end = found.end()
    yield from _some(text[end:], style, href)


def _some(text: str, style: Style, href: str) -> Iterator[Inline]:
    if text:
        yield _styled(text, style, href)


def _styled(text: str, style: Style, href: str) -> Inline:
    if href:
        return Link(text, href)
    return style(text)


def _safe(href: str) -> str:
    return href if _SCHEME.match(href) else ""


def _joined(inlines: Iterator[Inline]) -> Iterator[Inline]:
    last: Inline | None = None
    for each in inlines:
        if last is None:
            last = each
        elif (
            isinstance(last, Text | Strong | Emphasis)
            and type(each) is type(last)
            and _BREAK not in (last, each)
        ):
            last = type(last)(last.text + each.text)
        elif isinstance(each, Link) and isinstance(last, Link) and last.href == each.href:
            last = Link(last.text + each.text, each.href)
        else:
            yield last
            last = each
    if last is not None:
        yield last


def _words(line: Line) -> str:
    return "".join(each.shown if isinstance(each, Figure) else getattr(each, "text", "") for each in line)

"""The document as HTML that may stand in a page; pure.

    <nav class="contents"> …                             contents()
    <section id="metrics"><h2> … <div class="scroll"><table> …    render()

Every element and every text is made by ``elements``: nothing else writes a mark of HTML. There is no
inline style and no script, which the policy of the pages forbids; how it looks is said in static/app.css.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

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
    Query,
    Quote,
    Section,
    Strong,
    Table,
    Text,
    Tone,
)
from reports.rendering import pictures
from reports.rendering.elements import Html, element, joined, words
from tracks.statuses import SHAPES, Outcome

DEEPEST = 6
Page = Callable[[Query], str]
"""The address of what stands behind a figure; empty where there is none."""


def render(document: Document, *, page: Page) -> Html:
    """The sections, without title: that is the page's."""
    return joined(_section(section, 2, page) for section in document.sections)


def contents(document: Document) -> Html:
    """Links to the sections."""
    listed = _contents(document.sections)
    return element("nav", element("h2", words("Contents")), listed, class_="contents", aria_label="Contents")


def _contents(sections: Sequence[Section]) -> Html:
    return element("ol", *map(_entry, sections))


def _entry(section: Section) -> Html:
    link = element("a", words(section.title), href=f"#{section.key}")
    return element("li", link, *([_contents(section.sections)] if section.sections else []))


def _section(section: Section, level: int, page: Page) -> Html:
    link = element("a", words(section.title), href=f"#{section.key}")
    heading = element(f"h{min(level, DEEPEST)}", link)
    inner = joined(_section(each, level + 1, page) for each in section.sections)
    return element("section", heading, _blocks(section.blocks, page), inner, id=section.key)


def _blocks(blocks: Sequence[Block], page: Page) -> Html:
    return joined(_block(block, page) for block in blocks)


def _block(block: Block, page: Page) -> Html:
    match block:
        case Paragraph(line, tone):
            named = {} if tone is Tone.PLAIN else {"class_": f"tone-{tone}"}
            return element("p", _line(line, page), **named)
        case Bullets(items, ordered):
            return element("ol" if ordered else "ul", *(element("li", _blocks(item, page)) for item in items))
        case Table():
            return _table(block, page)
        case Code(text):
            return element("pre", element("code", words(text)), tabindex="0")
        case Quote(blocks):
            return element("blockquote", _blocks(blocks, page))
        case Folded(title, blocks):
            return element("details", element("summary", _line(title, page)), _blocks(blocks, page))
        case Picture():
            caption = element("figcaption", element("strong", words(block.title)), words(f" {block.text}"))
            return element("figure", pictures.draw(block), caption, class_="picture")


def _table(table: Table, page: Page) -> Html:
    kinds = [{"class_": "n"} if column.is_figure else {} for column in table.columns]
    rows = (
        element(
            "tr", *(element("td", _line(line, page), **kind) for line, kind in zip(row, kinds, strict=True))
        )
        for row in table.rows
    )
    whole = element("table", *_head(table, kinds), element("tbody", *rows))
    return element("div", whole, class_="scroll", role="region", tabindex="0", aria_label=table.name)


def _head(table: Table, kinds: Sequence[Mapping[str, str]]) -> Iterator[Html]:
    """None where no column has a title: a table of facts names each in its row."""
    if any(column.title for column in table.columns):
        titles = zip(table.columns, kinds, strict=True)
        cells = (element("th", words(column.title), scope="col", **kind) for column, kind in titles)
        yield element("thead", element("tr", *cells))


def _line(line: Sequence[Inline], page: Page) -> Html:
    return joined(_inline(each, page) for each in line)


def _inline(inline: Inline, page: Page) -> Html:
    match inline:
        case Text(text):
            return words(text)
        case Strong(text):
            return element("strong", words(text))
        case Emphasis(text):
            return element("em", words(text))
        case Mono(text):
            return element("code", words(text))
        case Link(text, href):
            outside = {} if href.startswith("#") else {"rel": "noopener noreferrer nofollow"}
            return element("a", words(text), href=href, **outside)
        case Figure():
            return _figure(inline, page(inline.query))
        case Mark(outcome):
            return _mark(outcome)


def _figure(figure: Figure, href: str) -> Html:
    named = {"class_": "figure", "title": figure.label}
    shown = words(figure.shown)
    return element("a", shown, href=href, **named) if href else element("span", shown, **named)


def _mark(outcome: Outcome) -> Html:
    shape = element("i", words(SHAPES[outcome]), aria_hidden="true")
    return element("span", shape, element("span", words(outcome), class_="sr"), class_=f"o o-{outcome}")

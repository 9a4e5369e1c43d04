"""The document as GitHub-flavoured Markdown, without raw HTML; pure.

    # Test Summary Report: Sprint 1     title, what it is held against, digest
    ## Contents                         a link to each section, by the anchor that GitHub makes
    ## Metrics …                        the sections, one level below the one that they stand in
    ---                                 which edition it is

A picture is told in its words, and what other formats fold stands open.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

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
    sections_in,
)
from reports.rendering import Imprint
from reports.rendering.characters import in_line, plain
from reports.rendering.escaping import at_start, escaped, fence, mono
from tracks.statuses import SHAPES

DEEPEST = 6
CONTENTS = "Contents"

Anchors = Mapping[str, str]
"""By the key of a section, where GitHub anchors its heading."""


def render(document: Document, imprint: Imprint) -> str:
    """The whole file."""
    anchors = _anchors(document)
    parts = [
        f"# {_heading(document.title)}",
        *_head(document, imprint),
        f"## {CONTENTS}",
        "\n".join(_contents(document.sections, anchors)),
        *(part for section in document.sections for part in _section(section, 2, anchors)),
        "---",
        f"{escaped(imprint.told)}. Digest {mono(imprint.digest)}.",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _head(document: Document, imprint: Imprint) -> Iterator[str]:
    yield at_start(escaped(document.subtitle))
    told = [f"- {escaped(imprint.told)}"]
    if document.commit:
        told.append(f"- Base commit {mono(document.commit)}")
    yield "\n".join([*told, f"- Digest {mono(imprint.digest)}"])


def _contents(sections: Sequence[Section], anchors: Anchors, indent: str = "") -> Iterator[str]:
    for section in sections:
        yield f"{indent}- [{_heading(section.title)}](#{anchors[section.key]})"
        yield from _contents(section.sections, anchors, indent + "  ")


def _section(section: Section, level: int, anchors: Anchors) -> Iterator[str]:
    yield f"{'#' * min(level, DEEPEST)} {_heading(section.title)}"
    yield from _blocks(section.blocks, anchors)
    for inner in section.sections:
        yield from _section(inner, level + 1, anchors)


def _blocks(blocks: Sequence[Block], anchors: Anchors) -> Iterator[str]:
    for block in blocks:
        yield from _block(block, anchors)


def _block(block: Block, anchors: Anchors) -> Iterator[str]:
    match block:
        case Paragraph(line):
            yield at_start(_line(line, anchors))
        case Bullets(items, ordered):
            yield "\n".join(
                _item(item, f"{place}." if ordered else "-", anchors) for place, item in enumerate(items, 1)
            )
        case Table():
            yield "\n".join(_table(block, anchors))
        case Code(text, language):
            taken = plain(text).rstrip("\n")
            ticks = fence(taken)
            yield f"{ticks}{language}\n{taken}\n{ticks}"
        case Quote(blocks):
            yield _indented("\n\n".join(_blocks(blocks, anchors)), "> ")
        case Folded(title, blocks):
            yield _bold(_line([_unmarked(each) for each in title], anchors))
            yield from _blocks(blocks, anchors)
        case Picture():
            yield f"{_bold(escaped(block.title))}: {escaped(block.text)}"


def _item(blocks: Sequence[Block], mark: str, anchors: Anchors) -> str:
    inner = _indented("\n\n".join(_blocks(blocks, anchors)), " " * (len(mark) + 1))
    return f"{mark} {inner.lstrip()}".rstrip()


def _indented(text: str, by: str) -> str:
    return "\n".join(f"{by}{line}".rstrip() for line in text.split("\n"))


def _table(table: Table, anchors: Anchors) -> Iterator[str]:
    yield _row(escaped(column.title) for column in table.columns)
    yield _row("---:" if column.is_figure else "---" for column in table.columns)
    for row in table.rows:
        yield _row(_line(line, anchors, in_table=True) for line in row)


def _row(cells: Iterator[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _line(line: Sequence[Inline], anchors: Anchors, *, in_table: bool = False) -> str:
    return "".join(_inline(each, anchors, in_table=in_table) for each in line).strip()


def _inline(inline: Inline, anchors: Anchors, *, in_table: bool) -> str:
    match inline:
        case Text(text):
            return escaped(text)
        case Strong(text):
            return _bold(escaped(text))
        case Emphasis(text):
            return _wrapped(escaped(text), "*")
        case Mono(text):
            return mono(text, in_table=in_table)
        case Link(text, href):
            return f"[{escaped(text)}]({_target(href, anchors)})"
        case Figure():
            return escaped(inline.shown)
        case Mark(outcome):
            return SHAPES[outcome]


def _target(href: str, anchors: Anchors) -> str:
    if href.startswith("#"):
        return f"#{anchors.get(href[1:], href[1:])}"
    return f"<{''.join(each if each not in _UNFIT else _quoted(each) for each in in_line(href))}>"


_UNFIT = frozenset('<>\\| "`')


def _quoted(character: str) -> str:
    return f"%{ord(character):02X}"


def _unmarked(inline: Inline) -> Inline:
    """What stands in a bold line is not bold by itself."""
    return Text(inline.text) if isinstance(inline, Strong | Emphasis) else inline


def _bold(text: str) -> str:
    return _wrapped(text, "**")


def _wrapped(text: str, marks: str) -> str:
    """Spaces stay outside: marks beside them would be taken literally."""
    words = text.strip()
    if not words:
        return text
    before, after = text.split(words, 1)[0], text[len(text.rstrip()) :]
    return f"{before}{marks}{words}{marks}{after}"


def _heading(title: str) -> str:
    return escaped(title).strip().rstrip("#")


def _anchors(document: Document) -> Anchors:
    """As GitHub makes them: the letters, digits and hyphens of the title; those after the first of a name are
    numbered."""
    seen = Counter([_slug(document.title), _slug(CONTENTS)])
    found = {}
    for section in sections_in(document):
        slug = _slug(section.title)
        found[section.key] = f"{slug}-{seen[slug]}" if seen[slug] else slug
        seen[slug] += 1
    return found


def _slug(title: str) -> str:
    words = in_line(title).strip().lower().replace(" ", "-")
    return "".join(each for each in words if each.isalnum() or each in "-_")

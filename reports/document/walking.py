"""Every section and inline of a document, in the order in which it is read; pure."""

from collections.abc import Iterator, Sequence

from reports.document.blocks import (
    Block,
    Bullets,
    Code,
    Document,
    Folded,
    Paragraph,
    Picture,
    Quote,
    Section,
    Table,
)
from reports.document.inlines import Figure, Inline


def sections_in(document: Document) -> Iterator[Section]:
    """Each section, before those within it."""
    for section in document.sections:
        yield from _sections(section)


def inlines_in(document: Document) -> Iterator[Inline]:
    for section in sections_in(document):
        yield from _of_blocks(section.blocks)


def figures_in(document: Document) -> Iterator[Figure]:
    """Each figure, as often as it is shown."""
    return (each for each in inlines_in(document) if isinstance(each, Figure))


def _sections(section: Section) -> Iterator[Section]:
    yield section
    for inner in section.sections:
        yield from _sections(inner)


def _of_blocks(blocks: Sequence[Block]) -> Iterator[Inline]:
    for block in blocks:
        yield from _of_block(block)


def _of_block(block: Block) -> Iterator[Inline]:
    match block:
        case Paragraph():
            yield from block.line
        case Bullets():
            for item in block.items:
                yield from _of_blocks(item)
        case Table():
            for row in block.rows:
                for line in row:
                    yield from line
        case Quote():
            yield from _of_blocks(block.blocks)
        case Folded():
            yield from block.title
            yield from _of_blocks(block.blocks)
        case Code() | Picture():
            pass

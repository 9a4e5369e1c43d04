"""Markdown that people wrote, as blocks of a document; pure."""

from collections.abc import Mapping

from reports.document.blocks import Block, Paragraph
from reports.document.inlines import Figure, Text

NO_FIGURES: Mapping[str, Figure] = {}


def blocks_of(markdown: str, figures: Mapping[str, Figure] = NO_FIGURES) -> tuple[Block, ...]:
    """The blocks; a placeholder ``{{name}}`` is the figure of that name, where there is one."""
    return (Paragraph((Text(markdown),)),)

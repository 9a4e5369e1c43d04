"""The document model: what a report is made of, whichever format it is read in; pure.

Document ── title, sections
Section  ── key, title, blocks, sections
block    ── Paragraph, Bullets, Table, Code, Quote, Folded, Picture, Prose
inline   ── Text, Strong, Emphasis, Mono, Link, Figure, Mark

prose.py    Markdown that people wrote ──> blocks
forms.py    the same as plain JSON values, and back
walking.py  every inline of a document; the figures in it
"""

from reports.document.blocks import (
    Block,
    Bullets,
    Code,
    Column,
    Document,
    Folded,
    Paragraph,
    Picture,
    PictureKind,
    Quote,
    Section,
    Table,
    Tone,
)
from reports.document.forms import from_json, to_json
from reports.document.inlines import Emphasis, Figure, Inline, Inlines, Link, Mark, Mono, Strong, Text
from reports.document.queries import Asked, Query
from reports.document.walking import figures_in, inlines_in, sections_in

__all__ = [
    "Asked",
    "Block",
    "Bullets",
    "Code",
    "Column",
    "Document",
    "Emphasis",
    "Figure",
    "Folded",
    "Inline",
    "Inlines",
    "Link",
    "Mark",
    "Mono",
    "Paragraph",
    "Picture",
    "PictureKind",
    "Query",
    "Quote",
    "Section",
    "Strong",
    "Table",
    "Text",
    "Tone",
    "figures_in",
    "from_json",
    "inlines_in",
    "sections_in",
    "to_json",
]

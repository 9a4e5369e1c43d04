"""What a report is made of, from the whole to its paragraphs; pure."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from reports.document.inlines import Inline

Line = tuple[Inline, ...]


class Tone(StrEnum):
    """How a paragraph is meant; never told by colour alone."""

    PLAIN = "plain"
    GOOD = "good"
    BAD = "bad"
    WARN = "warn"
    QUIET = "quiet"


class PictureKind(StrEnum):
    METRICS = "metrics"
    """Outcomes of a track's iterations, see ``reports.rendering.pictures`` for the data of each."""
    FLOW = "flow"
    """Outcomes from base to head."""
    SEVERITIES = "severities"
    """Open findings by severity and track."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    line: Line
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Bullets:
    """``items`` are blocks each."""

    items: tuple[tuple["Block", ...], ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    title: str
    is_figure: bool = False
    """Set to the right, in tabular figures."""


@dataclass(frozen=True, slots=True)
class Table:
    """Each row has a line for each column. ``name`` says what it is, for who does not see it."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Line, ...], ...]


@dataclass(frozen=True, slots=True)
class Code:
    """Taken literally, line by line; ``language`` is one of ``tracks.markdown.LANGUAGES`` or empty."""

    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    blocks: tuple["Block", ...]


@dataclass(frozen=True, slots=True)
class Folded:
    """What only some want to read: folded where a format can fold."""

    title: Line
    blocks: tuple["Block", ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """``text`` tells the same in words, for who does not see it and for formats without pictures."""

    kind: PictureKind
    title: str
    text: str
    data: Any
    """Plain JSON values."""


Block = Paragraph | Bullets | Table | Code | Quote | Folded | Picture


@dataclass(frozen=True, slots=True)
class Section:
    """``key`` is unique in the document, of lower-case letters, digits and hyphens."""

    key: str
    title: str
    blocks: tuple[Block, ...] = ()
    sections: tuple["Section", ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    title: str
    subtitle: str
    commit: str
    """The base commit that all of it is held against; empty where there is none yet."""
    sections: tuple[Section, ...]

"""What stands in a line of a report; pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.document.queries import Query
from tracks.statuses import Outcome


@dataclass(frozen=True, slots=True)
class Text:
    """Words, taken literally in every format."""

    text: str


@dataclass(frozen=True, slots=True)
class Strong:
    text: str


@dataclass(frozen=True, slots=True)
class Emphasis:
    text: str


@dataclass(frozen=True, slots=True)
class Mono:
    """A name from code: a test, a path, a commit."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """``href`` is http, https, mailto, or ``#key`` of a section."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that was asked for. ``name`` is unique in a report and stays the same from one to the next
    (``track.A.1.passed``), ``label`` says in words what it is ("passed in A, retest 1"), ``shown`` is how it
    is written ("+12", "2.1 %", "1 h")."""

    name: str
    label: str
    value: float
    shown: str
    query: Query


@dataclass(frozen=True, slots=True)
class Mark:
    """The shape of an outcome, with its colour where there are colours."""

    outcome: Outcome


Inline = Text | Strong | Emphasis | Mono | Link | Figure | Mark
Inlines = Sequence[Inline]

"""What stands in a line of a report; pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from reports.document.queries import Query
from tracks.statuses import Outcome

_HREF = re.compile(r"https?://|mailto:|#[a-z0-9-]+\Z", re.IGNORECASE)


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
    """``href`` is http, https, mailto, or ``#key`` of a section; ValueError for what is none of these."""

    text: str
    href: str

    def __post_init__(self) -> None:
        if not _HREF.match(self.href):
            raise ValueError(f"no address that a report may lead to: {self.href[:80]!r}")


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

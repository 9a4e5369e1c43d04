"""What sections are written with: lines, sentences, small tables; pure.

says("Of ", figure, " tests …")   ──> Paragraph(Text, Figure, Text)
counted(figure, "test")           ──> the figure, and the word in the right number
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

from reports.document import Bullets, Column, Figure, Inline, Mono, Paragraph, Table, Text, Tone
from reports.document.blocks import Line

NOTHING: Line = (Text("–"),)
"""In a cell where there is nothing to tell."""
SHORT = 7
"""Digits of a commit by which people call it."""

Part = str | Inline


def line(*parts: Part) -> Line:
    return tuple(Text(part) if isinstance(part, str) else part for part in parts if part != "")


def says(*parts: Part, tone: Tone = Tone.PLAIN) -> Paragraph:
    return Paragraph(line(*parts), tone)


def counted(figure: Figure, one: str, many: str = "") -> tuple[Figure, Text]:
    """``1 test``, ``2 tests``."""
    return figure, Text(f" {one if abs(figure.value) == 1 else many or one + 's'}")


def is_or_are(figure: Figure) -> str:
    return "is" if figure.value == 1 else "are"


def separated(parts: Iterable[Sequence[Inline]], between: str = ", ") -> Line:
    """The parts in one line."""
    found: list[Inline] = []
    for part in parts:
        found += [Text(between), *part] if found else part
    return tuple(found)


def bullets(lines: Iterable[Sequence[Inline]], *, ordered: bool = False) -> Bullets:
    return Bullets(tuple((Paragraph(tuple(each)),) for each in lines), ordered)


def names(ids: Iterable[str]) -> Bullets:
    """Tests, paths: what is called as it is in code."""
    return bullets((Mono(each),) for each in ids)


def told(name: str, rows: Iterable[tuple[str, Line]]) -> Table:
    """A table of what is what; what is empty is left out."""
    columns = (Column("What"), Column("Is"))
    return Table(name, columns, tuple((line(what), is_) for what, is_ in rows if is_))


def commit(sha: str) -> Line:
    return (Mono(sha[:SHORT]),) if sha else ()


def day(when: date) -> str:
    return f"{when:%-d %B %Y}"


def moment(when: datetime) -> str:
    return f"{when.astimezone(UTC):%-d %B %Y, %H:%M} UTC"

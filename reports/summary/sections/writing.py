"""What sections are written with: lines, sentences, small tables; pure.

first(node_ids, total)            ──> the first NAMED of them, and that there are more where there are
says("Of ", figure, " tests …")   ──> Paragraph(Text, Figure, Text)
counted(figure, "test")           ──> the figure, and the word in the right number
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime

from reports.document import Block, Bullets, Column, Figure, Inline, Mono, Paragraph, Table, Text, Tone
from reports.document.blocks import Line
from reports.summary.numbers import by_number

NOTHING: Line = (Text("–"),)
"""In a cell where there is nothing to tell."""
SHORT = 7
"""Digits of a commit by which people call it."""
NAMED = 20
"""So many tests are named where they are not what the report is about."""

Part = str | Inline


def line(*parts: Part) -> Line:
    return tuple(Text(part) if isinstance(part, str) else part for part in parts if part != "")


def says(*parts: Part, tone: Tone = Tone.PLAIN) -> Paragraph:
    return Paragraph(line(*parts), tone)


def counted(figure: Figure, one: str, many: str = "") -> tuple[Figure, Text]:
    """``1 test``, ``2 tests``."""
    return figure, Text(f" {by_number(one, many or one + 's', figure)}")


def separated(parts: Iterable[Sequence[Inline]], between: str = ", ") -> Line:
    """The parts in one line."""
    found: list[Inline] = []
    for part in parts:
        found += [Text(between), *part] if found else part
    return tuple(found)


def bullets(lines: Iterable[Sequence[Inline]], *, ordered: bool = False) -> Bullets:
    return Bullets(tuple((Paragraph(tuple(each)),) for each in lines), ordered)


def first(ids: Sequence[str], total: float, *, most: int = NAMED) -> Iterator[Block]:
    """Tests, paths: what is called as it is in code."""
    yield from first_of([line(Mono(each)) for each in ids], total, most=most)


def first_of(lines: Sequence[Line], total: float, *, most: int = NAMED) -> Iterator[Block]:
    """The first lines; where there are more than these in ``total``, it is said before."""
    yield from cut(min(len(lines), most), total)
    if lines:
        yield bullets(lines[:most])


def cut(shown: int, total: float) -> Iterator[Block]:
    """What stands before every list that is not whole."""
    if 0 < shown < total:
        yield says("The first of them:", tone=Tone.QUIET)


def told(name: str, rows: Iterable[tuple[str, Line]]) -> Table:
    """A table of what is what, without a head; what is empty is left out."""
    columns = (Column(""), Column(""))
    return Table(name, columns, tuple((line(what), is_) for what, is_ in rows if is_))


def commit(sha: str) -> Line:
    return (Mono(sha[:SHORT]),) if sha else ()


def day(when: date) -> str:
    return f"{when:%-d %B %Y}"


def moment(when: datetime) -> str:
    return f"{when.astimezone(UTC):%-d %B %Y, %H:%M} UTC"

"""Documents for tests: one text in every place of a report where words may stand."""

from reports.document import (
    Asked,
    Bullets,
    Code,
    Column,
    Document,
    Emphasis,
    Figure,
    Folded,
    Link,
    Mark,
    Mono,
    Paragraph,
    Picture,
    PictureKind,
    Query,
    Quote,
    Section,
    Strong,
    Table,
    Text,
    Tone,
)
from reports.document.blocks import Line
from tests.hostile import TEXTS
from tracks.statuses import Outcome

HOSTILE = [
    *TEXTS,
    "\\input{/etc/passwd} $\\frac{1}{0}$ % \\end{document}",
    '#import "x.typ": * #panic() #read("/etc/passwd") $x$ @label <label> _ * = //',
    "n" * 10_000,
    "tests/" + "deep/" * 2_000 + "test_x.py",
    "שלום עולם and سلام",
    "👩‍💻 🚀 漢字 한국어",
    "\x1b[31mred\x1b[0m \x07 \x9b31m",
    "`` ` ``` | \\| \\",
    "# 1. - + = --- ***",
    "@somebody closes #1, www.example.org",
    "two\nlines\r\nand\u2028more",
    "|",
    "a" * 15 + "`" * 30,
    " ",
]


def figure(name: str = "track.A.passed", shown: str = "563") -> Figure:
    return Figure(name, "passed in A", 563, shown, Query(Asked.OUTCOME, head=1, named="passed"))


def line(text: str) -> Line:
    """Every inline."""
    link = Link(text, "https://example.org/a_(b)?c=<d>&e=|`\"'")
    return (
        *(Text(text), Strong(text), Emphasis(text), Mono(text), link, figure(shown=text)),
        *(Link(text, "#here"), Link(text, "#nowhere"), Mark(Outcome.FAILED)),
    )


def table(text: str, rows: int = 2) -> Table:
    cells = (line(text), (Text(text),), (Mono(text),), (figure(),))
    columns = (Column(text), Column("b"), Column("c"), Column("d", is_figure=True))
    return Table(text, columns, (cells,) * rows)


def pictures(text: str) -> tuple[Picture, ...]:
    point = {"label": text, "passed": 563, "failed": 20, "errors": 0}
    metrics = {
        "points": [point, point | {"failed": 4}],
        "targets": {"passed": 600, "failed": None, "errors": 0},
    }
    flow = {
        "base": text,
        "head": text,
        "matrix": {"passed": {"passed": 5, "failed": 1}, "absent": {"error": 2}},
    }
    rows = {"rows": [{"label": text, "critical": 1, "low": 9}, {"label": "B"}]}
    return (
        Picture(PictureKind.METRICS, text, text, metrics),
        Picture(PictureKind.FLOW, text, text, flow),
        Picture(PictureKind.SEVERITIES, text, text, rows),
    )


def full(text: str) -> Document:
    """Every block, with the text in each."""
    paragraph = Paragraph(line(text))
    only = Paragraph((Text(text),), Tone.BAD)
    blocks = (
        *(paragraph, only, Bullets(((only, Code(text)), ()), ordered=True), table(text)),
        *(Code(text, "python"), Quote((only, Bullets(((only,),)))), Folded(line(text), (only, table(text)))),
        *pictures(text),
    )
    inner = Section("inner", text, (only,))
    return Document(text, text, "a" * 40, (Section("here", text, blocks, (inner,)),))

"""The pictures of a report as SVG, for HTML and for print; pure.

METRICS      {"points": [{"label": "baseline", "passed": 563, "failed": 20, "errors": 77}, …],
              "targets": {"passed": 580, "failed": 10, "errors": None}}
             a row a point and a panel an outcome, each to its own scale; the target is a dashed line
FLOW         {"base": "baseline", "head": "A, retest 1", "matrix": {"passed": {"failed": 3}}}
             see ``reports.alluvial``
SEVERITIES   {"rows": [{"label": "A", "critical": 1, "high": 2}, …]}
             a bar a row, its parts named by a letter

No colour tells anything alone. Colours are attributes, for print; the style sheet of the pages has others
for the dark. Measures are those of the viewBox, 640 wide.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from reports.alluvial import Node, Size
from reports.alluvial import draw as draw_flow
from reports.document import Picture, PictureKind
from reports.rendering.characters import in_line
from reports.rendering.elements import Html, element, joined, words
from tracks.finding_statuses import Severity
from tracks.statuses import SHAPES, Outcome

WIDTH = 640
ROW = 24
LABELS = 128
"""So wide are the labels on the left."""
LONGEST = 20
"""Characters of a label."""

_INK, _QUIET = "#1b1b19", "#6c6a62"
_COLOURS = {
    Outcome.PASSED: "#2a9a59",
    Outcome.FAILED: "#cf3a33",
    Outcome.ERROR: "#b5680f",
    Outcome.SKIPPED: "#b9b7b0",
    Outcome.XFAILED: "#8aa0b4",
    Outcome.XPASSED: "#9a62bf",
    Outcome.ABSENT: "#6c6a62",
}
_SEVERE = {
    Severity.CRITICAL: "#cf3a33",
    Severity.HIGH: "#e08a3c",
    Severity.MEDIUM: "#e6c65c",
    Severity.LOW: "#c9c7c0",
}
_PANELS = (("passed", Outcome.PASSED), ("failed", Outcome.FAILED), ("errors", Outcome.ERROR))
_FLOW = Size(width=360.0, height=220.0, node=8.0, gap=16.0, thinnest=2.0)
_PART = 34
"""The narrowest part of a bar has room for its letter and number."""


def draw(picture: Picture) -> Html:
    """The picture as an ``<svg>``; its title and its text stand in it for who does not see it."""
    drawn, height = _DRAWN[picture.kind](picture.data)
    told = element("title", words(picture.title)), element("desc", words(picture.text))
    named = {"viewBox": f"0 0 {WIDTH} {height}", "role": "img", "font_family": "Libertinus Serif"}
    return element(
        "svg", *told, drawn, xmlns="http://www.w3.org/2000/svg", width=WIDTH, height=height, **named
    )


def _metrics(data: Mapping[str, Any]) -> tuple[Html, int]:
    points: Sequence[Mapping[str, Any]] = data["points"]
    bottom = ROW * (len(points) + 1)
    labels = [_text(0, _middle(row), _cut(point["label"])) for row, point in enumerate(points, 1)]
    width = (WIDTH - LABELS) // len(_PANELS)
    panels = [
        _panel(LABELS + place * width, width, points, name, outcome, data["targets"].get(name))
        for place, (name, outcome) in enumerate(_PANELS)
    ]
    return joined([*labels, *panels]), bottom + ROW


def _panel(
    x: int, width: int, points: Sequence[Mapping[str, Any]], name: str, outcome: Outcome, target: int | None
) -> Html:
    """The bars of one outcome; right of all of them, where the target's line never is, their figures."""
    room = width - 64
    most = max([*(point[name] for point in points), target or 0, 1])
    head = _text(x, _middle(0), f"{SHAPES[outcome]} {name}", font_weight="bold")
    rows = (_bar(x, row, round(room * point[name] / most), outcome) for row, point in enumerate(points, 1))
    figures = (
        _text(x + width - 16, _middle(row), str(point[name]), text_anchor="end")
        for row, point in enumerate(points, 1)
    )
    aimed = _target(x, round(room * (target or 0) / most), len(points), target)
    return joined([head, *rows, *aimed, *figures])


def _bar(x: int, row: int, length: int, outcome: Outcome) -> Html:
    return _rect(x, row, max(length, 1), _COLOURS[outcome], f"f-{outcome}")


def _target(x: int, at: int, rows: int, target: int | None) -> Iterator[Html]:
    if target is None:
        return
    bottom = ROW * (rows + 1)
    yield element(
        "path",
        d=f"M{x + at},{ROW} V{bottom}",
        stroke=_INK,
        stroke_dasharray="3 3",
        class_="line",
        fill="none",
    )
    yield _text(x, bottom + ROW // 2, f"target {target}", quiet=True)


def _flow(data: Mapping[str, Any]) -> tuple[Html, int]:
    drawn = draw_flow(data["matrix"], _FLOW)
    left = (WIDTH - _FLOW.width) / 2
    ribbons = (
        element(
            "path",
            element("title", words(each.text)),
            d=each.path,
            fill=_COLOURS[each.head],
            fill_opacity=0.25 if each.base is each.head else 0.65,
            class_=f"f-{each.head}",
        )
        for each in drawn.ribbons
    )
    nodes = (_node(each) for each in (*drawn.left, *drawn.right))
    flow = element("g", *ribbons, *nodes, transform=f"translate({left:g},{ROW + 8})")
    heads = [
        _text(left - 8, _middle(0), _cut(data["base"]), quiet=True, text_anchor="end"),
        _text(left + _FLOW.width + 8, _middle(0), _cut(data["head"]), quiet=True),
    ]
    labels = [
        *(_label(each, left - 8, anchor="end") for each in drawn.left),
        *(_label(each, left + _FLOW.width + 8) for each in drawn.right),
    ]
    return joined([*heads, flow, *labels]), ROW + 16 + round(_FLOW.height)


def _node(node: Node) -> Html:
    at = {"x": f"{node.x:g}", "y": f"{node.y:g}", "width": f"{node.width:g}", "height": f"{node.height:g}"}
    return element("rect", fill=_COLOURS[node.outcome], class_=f"f-{node.outcome}", **at)


def _label(node: Node, x: float, anchor: str = "start") -> Html:
    several = "s" if node.outcome is Outcome.ERROR and node.count != 1 else ""
    said = f"{SHAPES[node.outcome]} {node.text}{several}"
    return _text(x, ROW + 8 + node.y + node.height / 2, said, text_anchor=anchor)


def _severities(data: Mapping[str, Any]) -> tuple[Html, int]:
    rows: Sequence[Mapping[str, Any]] = data["rows"]
    most = max([*(sum(row.get(each, 0) for each in Severity) for row in rows), 1])
    scale = (WIDTH - LABELS - _PART * len(Severity)) / most
    bars = [
        joined([_text(0, _middle(place), _cut(row["label"])), *_parts(row, place, scale)])
        for place, row in enumerate(rows)
    ]
    return joined([*bars, *_legend(len(rows))]), ROW * (len(rows) + 1)


def _parts(row: Mapping[str, Any], place: int, scale: float) -> Iterator[Html]:
    x = LABELS
    for severity in Severity:
        if count := row.get(severity, 0):
            width = _PART + round(count * scale)
            yield _rect(x, place, width - 2, _SEVERE[severity], f"s-{severity}")
            yield _text(x + 6, _middle(place), f"{severity[0].upper()} {count}", class_="on")
            x += width


def _legend(row: int) -> Iterator[Html]:
    for place, severity in enumerate(Severity):
        said = f"{severity[0].upper()} = {severity}"
        yield _text(LABELS + place * 100, _middle(row), said, quiet=True)


def _rect(x: float, row: int, width: float, colour: str, name: str) -> Html:
    y, height = ROW * row + 4, ROW - 8
    return element("rect", x=x, y=y, width=width, height=height, fill=colour, class_=name)


def _text(x: float, y: float, said: str, *, quiet: bool = False, **more: str) -> Html:
    colour = {"fill": _QUIET, "class_": "quiet"} if quiet else {"fill": _INK}
    at = {"x": f"{x:g}", "y": f"{y:g}", "font_size": 13, "dominant_baseline": "central"}
    return element("text", words(in_line(said)), **(at | colour | more))


def _middle(row: int) -> float:
    return ROW * (row + 0.5)


def _cut(label: str) -> str:
    return label if len(label) <= LONGEST else f"{label[: LONGEST - 1]}…"


_DRAWN: Mapping[PictureKind, Callable[[Mapping[str, Any]], tuple[Html, int]]] = {
    PictureKind.METRICS: _metrics,
    PictureKind.FLOW: _flow,
    PictureKind.SEVERITIES: _severities,
}

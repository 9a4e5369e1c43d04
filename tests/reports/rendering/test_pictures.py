"""What a picture says is read: no line crosses a figure, and the words are right."""

from lxml import etree

from reports.document import Picture, PictureKind
from reports.rendering.pictures import draw

SVG = "{http://www.w3.org/2000/svg}"


def drawn(kind: PictureKind, data: dict[str, object]) -> etree._Element:
    return etree.fromstring(draw(Picture(kind, "t", "t", data)))


def test_no_figure_stands_over_the_line_of_a_target():
    point = {"label": "baseline", "passed": 79, "failed": 20, "errors": 5}
    targets = {"passed": 80, "failed": 20, "errors": 6}
    picture = drawn(PictureKind.METRICS, {"points": [point], "targets": targets})
    lines = [float(each.get("d").split(",")[0][1:]) for each in picture.iter(f"{SVG}path")]
    ends = [float(each.get("x")) for each in picture.iter(f"{SVG}text") if each.text in ("79", "20", "5")]
    assert len(lines) == len(ends) == 3
    for line, end in zip(lines, ends, strict=True):
        assert end - 40 > line


def test_several_errors_are_errors():
    picture = drawn(
        PictureKind.FLOW, {"base": "a", "head": "b", "matrix": {"error": {"error": 1, "passed": 47}}}
    )
    said = [each.text for each in picture.iter(f"{SVG}text")]
    assert "■ 48 errors" in said
    assert "■ 1 error" in said

"""The picture of where the tests went: nothing overlaps, nothing is lost, what is small is seen."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.alluvial import SIZE, Alluvial, Cells, Node, Size, draw
from tracks.statuses import Outcome

cells = st.dictionaries(
    st.sampled_from([str(outcome) for outcome in Outcome]),
    st.dictionaries(st.sampled_from([str(outcome) for outcome in Outcome]), st.integers(0, 100_000)),
)


def ends_at(picture: Alluvial, node: Node, side: str) -> list[tuple[float, float]]:
    """The tops and bottoms of a node's ribbons, from top to bottom."""
    outcome = "base" if side == "left" else "head"
    return sorted(
        (getattr(ribbon, side), getattr(ribbon, side) + ribbon.height)
        for ribbon in picture.ribbons
        if getattr(ribbon, outcome) is node.outcome
    )


def test_nodes_and_ribbons_stand_for_the_tests() -> None:
    picture = draw({"passed": {"passed": 5, "failed": 1}, "failed": {"passed": 2}})
    assert [node.text for node in picture.left] == ["6 passed", "2 failed"]
    assert [node.text for node in picture.right] == ["7 passed", "1 failed"]
    assert [ribbon.text for ribbon in picture.ribbons] == [
        "5 passed → passed",
        "1 passed → failed",
        "2 failed → passed",
    ]


def test_what_vanished_and_what_came_is_at_the_bottom() -> None:
    picture = draw({"absent": {"passed": 1}, "passed": {"absent": 1, "passed": 1}})
    assert picture.left[-1].outcome is picture.right[-1].outcome is Outcome.ABSENT


def test_a_ribbon_is_an_svg_path_from_node_to_node() -> None:
    (ribbon,) = draw({"passed": {"passed": 3}}, Size(width=100, height=90, node=10, gap=10)).ribbons
    assert ribbon.path == (
        "M10.00,0.00 C50.00,0.00 50.00,0.00 90.00,0.00 L90.00,90.00 C50.00,90.00 50.00,90.00 10.00,90.00 Z"
    )


def test_one_test_among_many_is_seen() -> None:
    picture = draw({"passed": {"passed": 100_000, "failed": 1}})
    assert picture.ribbons[1].height == SIZE.thinnest


def test_heights_are_in_proportion_where_nothing_is_small() -> None:
    first, second = draw({"passed": {"passed": 300, "failed": 100}}).ribbons
    assert first.height == pytest.approx(3 * second.height)


def test_without_tests_there_is_nothing_to_draw() -> None:
    assert draw({"passed": {"failed": 0}}) == draw({}) == Alluvial(SIZE, (), (), ())


def test_a_word_that_is_no_outcome_is_refused() -> None:
    with pytest.raises(ValueError, match="sunny"):
        draw({"sunny": {"passed": 1}})


def test_a_picture_too_low_for_its_gaps_is_refused() -> None:
    with pytest.raises(ValueError, match="no room for gaps"):
        Size(height=60, gap=10)


@given(cells)
def test_nothing_is_lost(drawn: Cells) -> None:
    picture = draw(drawn)
    tests = sum(count for row in drawn.values() for count in row.values())
    assert sum(node.count for node in picture.left) == sum(node.count for node in picture.right) == tests
    assert sum(ribbon.count for ribbon in picture.ribbons) == tests


@given(cells)
def test_a_node_is_as_high_as_its_ribbons_which_lie_in_it_without_overlap(drawn: Cells) -> None:
    picture = draw(drawn)
    for side, nodes in (("left", picture.left), ("right", picture.right)):
        for node in nodes:
            ends = ends_at(picture, node, side)
            assert node.height == pytest.approx(sum(bottom - top for top, bottom in ends))
            assert ends[0][0] == pytest.approx(node.y)
            assert all(bottom == pytest.approx(top) for (_, bottom), (top, _) in pairwise(ends))


@given(cells)
def test_nodes_keep_their_gap_and_the_picture_its_height(drawn: Cells) -> None:
    picture = draw(drawn)
    for nodes in (picture.left, picture.right):
        assert all(
            lower.y == pytest.approx(upper.y + upper.height + SIZE.gap) for upper, lower in pairwise(nodes)
        )
    if picture.ribbons:
        fuller = max(picture.left, picture.right, key=len)
        assert fuller[0].y == pytest.approx(0.0, abs=1e-9)
        assert fuller[-1].y + fuller[-1].height == pytest.approx(SIZE.height)


@given(cells)
def test_every_ribbon_has_its_least_height_and_more_tests_never_less(drawn: Cells) -> None:
    ribbons = sorted(draw(drawn).ribbons, key=lambda ribbon: ribbon.count)
    assert all(ribbon.height >= SIZE.thinnest - 1e-9 for ribbon in ribbons)
    assert all(fewer.height <= more.height + 1e-9 for fewer, more in pairwise(ribbons))


@given(cells)
def test_paths_stay_within_the_picture(drawn: Cells) -> None:
    for ribbon in draw(drawn).ribbons:
        points = re.findall(r"(-?[\d.]+),(-?[\d.]+)", ribbon.path)
        assert all(0 <= float(x) <= SIZE.width and -0.01 <= float(y) <= SIZE.height + 0.01 for x, y in points)

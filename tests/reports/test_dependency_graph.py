"""In which order tracks are taken, and how it is drawn who waits for whom."""

from graphlib import CycleError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.dependency_graph import HEIGHT, WIDTH, draw, in_order


@st.composite
def dependencies(drawer) -> dict[int, set[int]]:
    """Without cycles: a track waits for earlier ones only; in whatever order they are given."""
    count = drawer(st.integers(1, 20))
    needs = {track: drawer(st.sets(st.integers(0, track - 1))) if track else set() for track in range(count)}
    return {track: needs[track] for track in drawer(st.permutations(range(count)))}


def test_without_dependencies_there_is_nothing_to_draw():
    assert draw([1, 2], {1: [], 2: []}) is None
    assert in_order({2: [], 1: []}) == [2, 1]


def test_of_several_that_may_come_the_lowest_rank_is_first():
    assert in_order({"A": ["C"], "B": [], "C": []}, rank=str) == ["B", "C", "A"]
    with pytest.raises(CycleError):
        in_order({"A": ["B"], "B": ["A"]})


def test_what_is_waited_for_stands_on_the_left():
    graph = draw([1, 2, 3, 4], {1: [2], 2: [], 3: [1], 4: []})
    places = {box.track: box for box in graph.boxes}
    assert places.keys() == {1, 2, 3}
    assert places[2].x < places[1].x < places[3].x
    assert [(arrow.needed, arrow.waiting) for arrow in graph.arrows] == [(2, 1), (1, 3)]


@given(dependencies())
def test_each_comes_after_all_that_it_waits_for(depends):
    order = in_order(depends)
    assert sorted(order) == sorted(depends)
    assert all(order.index(need) < order.index(track) for track in depends for need in depends[track])


@given(dependencies())
def test_no_box_lies_over_another_or_beyond_the_drawing(depends):
    graph = draw(sorted(depends), depends)
    if graph is None:
        return
    for number, box in enumerate(graph.boxes):
        assert 0 <= box.x <= graph.width - WIDTH
        assert 0 <= box.y <= graph.height - HEIGHT
        for other in graph.boxes[number + 1 :]:
            assert abs(box.x - other.x) >= WIDTH or abs(box.y - other.y) >= HEIGHT
    assert len(graph.arrows) == sum(map(len, depends.values()))

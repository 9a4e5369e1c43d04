"""The picture of where the tests went, as the page draws it."""

import itertools

import pytest

from reports.web.filters import Filter
from reports.web.picture import draw_links
from tracks.statuses import Outcome

EVERY = {base: dict.fromkeys(Outcome, 1) for base in Outcome}
TALL = {"passed": {"passed": 100_000, "failed": 1, "error": 1, "skipped": 1}, "failed": {"passed": 1}}


@pytest.mark.parametrize("cells", [EVERY, TALL, {"passed": {"passed": 5}}])
def test_labels_never_lie_over_one_another(cells):
    picture = draw_links(cells, Filter.from_query({}, 1, 2))
    for side in (picture.left, picture.right):
        for upper, lower in itertools.pairwise(side):
            assert lower.y - upper.y >= 16
        assert all(0 < label.y < picture.drawn.size.height for label in side)


def test_what_stays_is_told_from_what_moves():
    picture = draw_links(TALL, Filter.from_query({"from": "passed", "to": "failed"}, 1, 2))
    stays = {linked.ribbon.text: (linked.stays, linked.is_chosen) for linked in picture.ribbons}
    assert stays["100000 passed → passed"] == (True, False)
    assert stays["1 passed → failed"] == (False, True)


def test_without_tests_there_is_no_picture():
    assert draw_links({}, Filter.from_query({}, 1, 2)).ribbons == []

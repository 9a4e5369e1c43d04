"""Which tests a tester means."""

import pytest

from tracks.errors import InvalidInput
from tracks.selections import PLACES, Selection

NAMES = {
    0: "tests/api/test_login.py::test_a",
    1: "tests/api/test_login.py::TestB::test_c[1]",
    2: "tests/api/v2/test_orders_api.py::test_a",
    3: "tests/utils/test_seed.py::test_a",
    4: "tests/utils/test_seed.py",
    5: "tests/apiary/test_bees.py::test_a",
}
MARKERS = {"slow": {1, 3}, "db": {2, 3}}


@pytest.mark.parametrize(
    ("selection", "meant"),
    [
        (Selection(), {0, 1, 2, 3, 4, 5}),
        (Selection(("tests/api",)), {0, 1, 2}),
        (Selection(("tests/api/",)), {0, 1, 2}),
        (Selection(("./tests/api",)), {0, 1, 2}),
        (Selection(("././/tests/*/test_s*.py",)), {3, 4}),
        (Selection(("tests/utils/test_seed.py",)), {3, 4}),
        (Selection(("tests/api/test_login.py::TestB",)), {1}),
        (Selection(("tests/api/test_login.py::TestB::test_c",)), {1}),
        (Selection(("tests/**/*_api.py",)), {2}),
        (Selection(("tests/*/test_*.py",)), {0, 1, 3, 4, 5}),
        (Selection(("tests/api",), outside=True), {3, 4, 5}),
        (Selection(marker="slow and not db"), {1}),
        (Selection(("tests/api", "tests/utils"), keyword="test_a and not login", marker="db"), {2, 3}),
        (Selection(keyword="slow"), {1, 3}),
        (Selection(("nowhere",)), set()),
    ],
    ids=lambda each: each.in_words() if isinstance(each, Selection) else "",
)
def test_places_markers_and_names_choose_together(selection: Selection, meant: set[int]):
    assert selection.chosen(NAMES, MARKERS)[0] == meant


def test_places_in_which_nothing_is_are_named():
    chosen = Selection(("tests/api", "tests/gone.py")).chosen(NAMES, MARKERS)
    assert chosen[1] == ("tests/gone.py",)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"places": ("a\0b",)}, "places"),
        ({"places": ("x" * 501,)}, "places"),
        ({"places": ("/",)}, "places"),
        ({"places": (".",)}, "places"),
        ({"places": ("./",)}, "places"),
        ({"places": ("a",) * (PLACES + 1)}, "places"),
        ({"outside": True}, "places"),
        ({"keyword": "a b"}, "keyword"),
        ({"marker": "(a"}, "marker"),
    ],
)
def test_what_names_nothing_is_refused_at_its_field(fields: dict[str, object], field: str):
    with pytest.raises(InvalidInput) as refused:
        Selection(**fields)
    assert refused.value.field == field

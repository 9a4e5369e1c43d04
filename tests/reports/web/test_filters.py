"""What an address of the compare page asks for, and the addresses that are made of it."""

from urllib.parse import parse_qs

import pytest

from reports.web.filters import Filter, Sort


def asked(**query: str) -> Filter:
    return Filter.from_query(query, 1, 2)


def said(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(address.removeprefix("?")).items()}


def test_without_a_wish_all_changes_are_shown_by_number():
    assert asked() == Filter((1, 2), "changed", "", "", "", "", "", "", Sort.NUMBER)


def test_parts_combine_and_each_can_be_taken_away():
    found = asked(**{"class": "fixed", "q": "price", "path": "tests/web/", "marker": "slow", "error": "9f"})
    whole = {
        "base": "1",
        "head": "2",
        "class": "fixed",
        "q": "price",
        "path": "tests/web",
        "marker": "slow",
        "error": "9f",
    }
    assert said(found.address()) == whole
    for name in sorted(found.parts):
        assert said(found.address(**{name: ""})) == {key: whole[key] for key in whole if key != name}
    assert said(found.wide) == {"base": "1", "head": "2", "class": "fixed"}


def test_an_address_that_is_read_again_asks_for_the_same():
    for query in (
        {"from": "passed", "to": "failed", "q": "a&b=c#d%_"},
        {"class": "muted", "sort": "slowest"},
        {"sort": "slower", "path": "tests/ü [x].py::test"},
    ):
        found = asked(**query)
        assert asked(**said(found.address())) == found


def test_a_cell_goes_before_a_class_and_a_class_takes_the_place_of_a_cell():
    found = asked(**{"class": "fixed", "from": "passed", "to": "failed"})
    assert (found.name, found.base, found.head) == ("", "passed", "failed")
    assert said(found.of_class("muted")) == {"base": "1", "head": "2", "class": "muted"}


def test_slower_is_always_of_what_passed_in_both_and_no_class_keeps_it():
    found = asked(**{"class": "fixed", "sort": "slower"})
    assert (found.name, found.base, found.head) == ("", "passed", "passed")
    assert "sort" not in said(found.of_class("fixed"))
    assert said(asked(sort="slowest").of_class("fixed"))["sort"] == "slowest"


@pytest.mark.parametrize("part", ["class", "error", "from", "marker", "path", "q", "sort", "to"])
def test_whatever_is_asked_makes_a_filter_of_bounded_size(part):
    for hostile in ("x" * 10_000, "\0", "%", "' OR 1=1 --", "²", "\u202e"):
        found = asked(**{part: hostile})
        assert "\0" not in "".join(found.parts.values())
        assert len(found.address()) < 7_000

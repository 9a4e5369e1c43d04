"""What a branch did to its tests."""

import pytest

from reports.source.edits import AssertsRemoved, Edits, SwitchedOff, Touch, find_edits, touch_of
from tests.reports.source.given import sources

TEST = "def test_a():\n    assert 1\n    assert 2\n"
SKIPPED = "@pytest.mark.skip\n" + TEST


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (TEST, SKIPPED, (SwitchedOff("tests/t.py::test_a", "skip"),)),
        (TEST, "pytestmark = pytest.mark.xfail\n" + TEST, (SwitchedOff("tests/t.py::test_a", "xfail"),)),
        (TEST, TEST + "    pytest.skip()\n", (SwitchedOff("tests/t.py::test_a", "skip()"),)),
        (SKIPPED, SKIPPED.replace("skip", "xfail"), (SwitchedOff("tests/t.py::test_a", "xfail"),)),
        (SKIPPED, "@pytest.mark.skip\n" + SKIPPED, (SwitchedOff("tests/t.py::test_a", "skip"),)),
        (SKIPPED, SKIPPED.replace("skip", "skip('why')"), ()),
        (SKIPPED, TEST, ()),
        ("", SKIPPED, ()),
        (TEST, "def (", ()),
    ],
)
def test_a_test_is_switched_off_by_a_mark_that_it_did_not_bear(before, after, expected):
    assert find_edits(sources({"tests/t.py": before}, {"tests/t.py": after})).switched_off == expected


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ("def test_a():\n    assert 1\n", (AssertsRemoved("tests/t.py::test_a", 2, 1),)),
        ("def test_a(): pass\n", (AssertsRemoved("tests/t.py::test_a", 2, 0),)),
        (TEST.replace("assert 2", "assert 3"), ()),
        (TEST + "    assert 3\n", ()),
        ("", ()),
    ],
)
def test_asserts_are_removed_when_there_are_fewer(after, expected):
    assert find_edits(sources({"tests/t.py": TEST}, {"tests/t.py": after})).asserts_removed == expected


@pytest.mark.parametrize(
    ("after", "deleted"),
    [
        ({"tests/t.py": ""}, ("tests/t.py::test_a",)),
        ({}, ("tests/t.py::test_a",)),
        ({"tests/t.py": TEST.replace("test_a", "test_b")}, ()),
        ({"tests/u.py": TEST}, ()),
        ({"tests/t.py": "def ("}, ()),
    ],
    ids=["from its file", "with its file", "renamed", "moved", "cannot be parsed"],
)
def test_a_test_is_deleted_when_its_code_is_nowhere(after, deleted):
    assert find_edits(sources({"tests/t.py": TEST}, after)).deleted == deleted


def test_a_file_that_is_there_but_was_too_large_is_not_deleted():
    read = sources({"tests/t.py": TEST}, {}, left_out=frozenset({"tests/t.py"}))
    assert find_edits(read) == Edits()


def test_a_file_that_git_calls_moved_is_compared_with_what_it_was():
    read = sources({"tests/t.py": TEST}, {"tests/u.py": SKIPPED}, moved={"tests/t.py": "tests/u.py"})
    assert find_edits(read) == Edits(switched_off=(SwitchedOff("tests/u.py::test_a", "skip"),))


def test_tests_are_named_as_pytest_named_them():
    before, after = {"backend/tests/t.py": TEST}, {"backend/tests/t.py": SKIPPED}
    (found,) = find_edits(sources(before, after, root="backend")).switched_off
    assert found.test == "tests/t.py::test_a"


@pytest.mark.parametrize(
    ("after", "touch"),
    [
        (TEST, Touch.UNCHANGED),
        (TEST.replace("2", "3"), Touch.OWN),
        (SKIPPED, Touch.OWN),
        ("pytestmark = mark.slow\n" + TEST, Touch.OWN),
        ("", Touch.OWN),
        ("# why\n" + TEST, Touch.PRODUCT),
    ],
)
def test_the_nearest_change_to_a_test(after, touch):
    assert touch_of("tests/t.py::test_a[1]", sources({"tests/t.py": TEST}, {"tests/t.py": after})) is touch


@pytest.mark.parametrize("named", ["tests/t.py::test_a", "tests/u.py::test_a"])
@pytest.mark.parametrize(("after", "touch"), [(TEST, Touch.PRODUCT), (SKIPPED, Touch.OWN)])
def test_a_moved_test_is_compared_with_itself_under_either_name(named, after, touch):
    read = sources({"tests/t.py": TEST}, {"tests/u.py": after}, moved={"tests/t.py": "tests/u.py"})
    assert touch_of(named, read) is touch


def test_a_test_that_moved_to_another_folder_still_rests_on_the_same_fixtures():
    above = {"conftest.py": "@fixture(autouse=True)\ndef clock(): return 1\nstart()\n"}
    before, after = {"tests/api/t.py": TEST} | above, {"tests/t.py": TEST} | above
    read = sources(before, after, moved={"tests/api/t.py": "tests/t.py"})
    assert touch_of("tests/t.py::test_a", read) is Touch.PRODUCT


def test_what_the_base_branch_renamed_by_itself_is_not_the_branch_s_doing():
    origin, base, head = {"tests/t.py": TEST}, {"tests/u.py": TEST}, {"tests/t.py": TEST, "app.py": ""}
    read = sources(origin, head, base=base, moved={"tests/u.py": "tests/t.py"}, came_from={})
    assert touch_of("tests/u.py::test_a", read) is Touch.PRODUCT
    assert find_edits(read) == Edits()

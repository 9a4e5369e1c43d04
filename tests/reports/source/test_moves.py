"""Which tests are the same ones under another name."""

import pytest

from reports.source.moves import find_moves
from tests.reports.source.given import sources

ONE = "def test_one(): assert first()\n"
TWO = "def test_two(): assert second()\n"
EACH = "@mark.parametrize('n', [1, 2])\ndef test_each(n): pass\n"


def moves(gone: list[str], come: list[str], read) -> dict[str, str]:
    before, after = dict(enumerate(gone, 1)), dict(enumerate(come, 100))
    return {before[test]: after[now] for test, now in find_moves(before, after, read).items()}


@pytest.mark.parametrize(
    ("before", "after", "gone", "come"),
    [
        ({"a.py": ONE, "b.py": TWO}, {"b.py": TWO + ONE}, ["a.py::test_one"], ["b.py::test_one"]),
        ({"a.py": ONE}, {"a.py": ONE.replace("one", "1")}, ["a.py::test_one"], ["a.py::test_1"]),
        ({"a.py": ONE}, {"b.py": ONE.replace("one", "1")}, ["a.py::test_one"], ["b.py::test_1"]),
        (
            {"a.py": EACH},
            {"b.py": EACH},
            ["a.py::test_each[1]", "a.py::test_each[2]"],
            ["b.py::test_each[1]", "b.py::test_each[2]"],
        ),
        (
            {"a.py": "class TestA:\n " + ONE},
            {"a.py": "class TestB:\n " + ONE},
            ["a.py::TestA::test_one"],
            ["a.py::TestB::test_one"],
        ),
    ],
    ids=["to another file", "to another name", "both", "with its parameters", "to another class"],
)
def test_the_only_one_with_the_same_code_is_the_same_test(before, after, gone, come):
    assert moves(gone, come, sources(before, after)) == dict(zip(gone, come, strict=True))


def test_git_s_word_ties_tests_whose_code_changed():
    read = sources({"a.py": ONE}, {"b.py": ONE.replace("first", "other")}, moved={"a.py": "b.py"})
    assert moves(["a.py::test_one"], ["b.py::test_one"], read) == {"a.py::test_one": "b.py::test_one"}


def test_the_name_tells_apart_what_has_the_same_code():
    before = {"a.py": "def test_one(): pass\ndef test_two(): pass\n"}
    read = sources(before, {"b.py": before["a.py"]})
    gone, come = ["a.py::test_one", "a.py::test_two"], ["b.py::test_one", "b.py::test_two"]
    assert moves(gone, come, read) == dict(zip(gone, come, strict=True))


@pytest.mark.parametrize(
    ("before", "after", "gone", "come"),
    [
        (
            {"a.py": "def test_one(): pass\ndef test_two(): pass\n"},
            {"b.py": "def test_three(): pass\n"},
            ["a.py::test_one", "a.py::test_two"],
            ["b.py::test_three"],
        ),
        (
            {"a.py": "def test_one(): pass\n"},
            {"b.py": "def test_two(): pass\ndef test_three(): pass\n"},
            ["a.py::test_one"],
            ["b.py::test_two", "b.py::test_three"],
        ),
        ({"a.py": ONE}, {"b.py": TWO}, ["a.py::test_one"], ["b.py::test_two"]),
        ({"a.py": EACH}, {"b.py": EACH}, ["a.py::test_each[1]"], ["b.py::test_each[2]"]),
        (
            {"a.py": "def test_login(): pass\n"},
            {"b.py": "def test_colour(): pass\n"},
            ["a.py::test_login"],
            ["b.py::test_colour"],
        ),
        ({"a.py": ONE}, {"b.py": "def ("}, ["a.py::test_one"], ["b.py::test_one"]),
    ],
    ids=[
        "two for one",
        "one for two",
        "other code",
        "other parameters",
        "alike by chance",
        "cannot be parsed",
    ],
)
def test_what_is_ambiguous_or_unlike_is_not_tied(before, after, gone, come):
    assert moves(gone, come, sources(before, after)) == {}


def test_node_ids_are_those_of_the_folder_in_which_pytest_ran():
    read = sources({"backend/a.py": ONE}, {"backend/b.py": ONE}, root="backend")
    assert moves(["a.py::test_one"], ["b.py::test_one"], read) == {"a.py::test_one": "b.py::test_one"}

"""Where the commits of tracks that fail together meet, as tables."""

import pytest

from reports.meetings import MAX_COMMITS, MAX_NAMES, Commit, meet, names_in


@pytest.mark.parametrize(
    ("around", "lines", "defined"),
    [
        ("", ["def total(prices):"], {"total"}),
        ("", ["    async def fetch(self):", "class Fee(Base):"], {"fetch", "Fee"}),
        ("def total(prices):", ["    return 2 * sum(prices)"], {"total"}),
        ("def total(prices):", ["RATE = 2"], set()),
        ("def total(prices):", [""], set()),
        ("", ["    def __init__(self):", "def f(x): ...", "define = 1", "# a class of its own"], set()),
    ],
    ids=["new", "several", "inside", "after it", "blank", "none that tells"],
)
def test_what_changed_lines_define(around, lines, defined):
    assert names_in(around, lines)[0] == defined


def test_what_changed_lines_mention_holds_what_they_define():
    defined, mentioned = names_in("def total(prices):", ["    return fees.FEE + 12px"])
    assert mentioned == {"return", "fees", "FEE", "total"}
    assert defined <= mentioned


def commit(sha: str, *files: str, defines: str = "", mentions: str = "") -> Commit:
    defined = frozenset(defines.split())
    return Commit(sha, f"about {sha}", frozenset(files), defined, defined | set(mentions.split()))


def said(sides: dict[str, list[Commit]]) -> list[tuple[str, str, tuple[str, ...], tuple[str, ...]]]:
    return [(each.key, each.sha, each.files, each.symbols) for each in meet(sides)]


def test_the_commits_of_both_sides_of_a_file_and_of_a_name_are_named_and_no_others():
    found = said(
        {
            "A": [commit("a1", "x.py", defines="total rate"), commit("a2", "README"), commit("a3", "y.py")],
            "C": [commit("c1", "z.py", mentions="total other"), commit("c2", "y.py"), commit("c3")],
        }
    )
    assert found == [
        ("A", "a1", (), ("total",)),
        ("A", "a3", ("y.py",), ()),
        ("C", "c1", (), ("total",)),
        ("C", "c2", ("y.py",), ()),
    ]


def test_a_name_that_both_only_mention_is_no_meeting():
    assert not meet({"A": [commit("a1", mentions="total")], "C": [commit("c1", mentions="total")]})


def test_what_a_side_does_twice_it_does_alone():
    assert not meet({"A": [commit("a1", "x.py"), commit("a2", "x.py")], "C": [commit("c1", "y.py")]})


def test_a_commit_that_a_track_was_built_on_is_the_first_ones():
    shared = commit("a1", "x.py", defines="total")
    assert not meet({"A": [shared], "B": [commit("b1", "y.py"), shared]})
    assert said({"A": [shared], "B": [commit("b1", "x.py"), shared]}) == [
        ("A", "a1", ("x.py",), ()),
        ("B", "b1", ("x.py",), ()),
    ]


def test_commits_files_and_names_are_bounded_and_what_is_left_out_is_counted():
    files = [f"{number:03}.py" for number in range(MAX_NAMES + 5)]
    sides = {key: [commit(f"{key}{number}", *files) for number in range(MAX_COMMITS + 1)] for key in "AB"}
    found = meet(sides)
    assert len(found) == 2 * MAX_COMMITS
    assert {(len(each.files), each.more) for each in found} == {(MAX_NAMES, 5)}

"""Tracebacks marked line by line, logs without terminal codes, commands to reproduce a failure."""

import shlex

from hypothesis import given
from hypothesis import strategies as st

from tracks import reproduce
from tracks.models import Run
from tracks.web import logs, texts

SHORT = """tests/test_it.py:4: in test_price
    price("BTC")
/env/lib/python3.12/site-packages/x/one.py:9: in one
    two()
/env/lib/python3.12/site-packages/x/two.py:10: in two
    three()
/env/lib/python3.12/site-packages/x/three.py:11: in three
    raise ValueError(coin)
E   ValueError: BTC"""

LONG = """    def test_price():
>       price("BTC")

tests/test_it.py:4: 
_ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _

    def one():
>       two()

/env/lib/python3.12/site-packages/x/one.py:9: 
_ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _

    def price(coin):
>       raise ValueError(coin)
E       ValueError: BTC

ledger/prices.py:12: ValueError"""  # noqa: W291 as pytest prints it


def kinds(text: str) -> list[str]:
    return [line.kind for part in texts.mark(text) for line in part.lines]


def test_frames_of_installed_packages_fold_but_not_the_last():
    parts = texts.mark(SHORT)
    assert [part.folded for part in parts] == [0, 2, 0]
    assert parts[2].lines[-1] == texts.Line("error", "E   ValueError: BTC")


def test_so_they_do_in_the_long_style():
    parts = texts.mark(LONG)
    assert [part.folded for part in parts] == [0, 1, 0]
    assert "own" in kinds(LONG)
    assert "foreign" in kinds(LONG)


def test_each_line_is_marked_by_what_it_is():
    assert kinds("    x = 1\n>   price()\nE   ValueError\nledger/prices.py:12: ValueError") == [
        "code",
        "at",
        "error",
        "own",
    ]


@given(st.text())
def test_nothing_is_lost_but_terminal_codes(text):
    marked = [line.text for part in texts.mark(text) for line in part.lines]
    assert marked == logs.plain(text).splitlines()


def test_a_line_without_end_is_cut_and_says_so():
    (part,) = texts.mark("x" * 5000)
    assert part.lines[0].text == "x" * texts.LINE + " …"


def test_a_log_loses_its_colours_and_what_was_written_over():
    assert logs.plain("10%\r55%\r100%\n\x1b[1;31mE\x1b[0m\r\n\x1b]0;title\x07done") == "100%\nE\ndone"


@given(st.text())
def test_a_log_holds_nothing_that_could_disturb_a_page(text):
    assert not {char for char in logs.plain(text) if ord(char) < 32 and char not in "\n\t"}


def test_what_a_user_supplied_is_quoted_in_the_command():
    run = Run(branch="fix; rm -rf ~", sha="a" * 40)
    command = reproduce.commands(run, {"subdir": "my app", "test": "python -m pytest -q"}, "t.py::t[a b'c]")
    assert [shlex.split(line) for line in command.splitlines()] == [
        ["git", "fetch", "origin", "refs/heads/fix; rm -rf ~"],
        ["git", "switch", "--detach", "a" * 40],
        ["cd", "my app"],
        ["python", "-m", "pytest", "-q", "t.py::t[a b'c]"],
    ]


def test_the_steps_before_the_tests_are_part_of_the_command():
    run = Run(branch="fix", sha="a" * 40)
    command = reproduce.commands(run, {"setup": "make env", "before": "make db", "test": "a\nb"}, "t.py::t")
    assert command.splitlines()[2:] == ["make env", "make db", "python -m pytest t.py::t"]

"""The commands that reproduce a failure are a shell's own, and harmless whatever a branch is called."""

import subprocess

import pytest

from tests.hostile import TEXTS
from tracks.models import Run
from tracks.reproduce import commands


def run(**fields: object) -> Run:
    return Run(branch="fix-prices", sha="a" * 40, **fields)


def in_a_shell(text: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """The commands, with git and pytest as words that are said."""
    echoes = 'git() { echo git "$@"; }; python() { echo python "$@"; }\n'
    return subprocess.run(
        ["sh", "-c", echoes + text], env=variables, capture_output=True, text=True, check=False
    )


def test_a_variable_that_is_missing_is_named_before_anything_is_done():
    text = commands(run(), {"variables": ["MODE"]}, "test_it.py::test_one")
    stopped = in_a_shell(text)
    assert stopped.returncode != 0
    assert "MODE: set it as in the project's settings" in stopped.stderr
    assert stopped.stdout == ""
    assert "python -m pytest test_it.py::test_one" in in_a_shell(text, MODE="fast").stdout


@pytest.mark.parametrize("name", [text for text in TEXTS if "\n" not in text and "\0" not in text])
def test_what_a_branch_calls_itself_and_its_tests_is_a_word_to_the_shell(name: str):
    named = run()
    named.branch = name
    done = in_a_shell(commands(named, {}, f"test_it.py::test[{name}]; echo pwned"))
    assert done.returncode == 0
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["git", "git", "python"]


def test_tracks_that_were_merged_on_trial_are_merged_again():
    merged = Run(branch="", merged=["A", "C"], sha="a" * 40)
    merge = {"base": "b" * 40, "heads": ["c" * 40, "d" * 40], "names": ["A", "C"]}
    assert in_a_shell(commands(merged, {"merge": merge}, "a.py::one")).stdout.splitlines() == [
        "git fetch origin",
        f"git switch --detach {'b' * 40}",
        f"git merge --no-edit {'c' * 40}",
        f"git merge --no-edit {'d' * 40}",
        "python -m pytest a.py::one",
    ]
    alone = in_a_shell(commands(Run(branch="", sha="b" * 40), {"merge": None})).stdout.splitlines()
    assert alone[:2] == ["git fetch origin", f"git switch --detach {'b' * 40}"]

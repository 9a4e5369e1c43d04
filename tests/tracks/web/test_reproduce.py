"""The commands that reproduce a failure are a shell's own, and harmless whatever a branch is called."""

import subprocess

import pytest

from tests.hostile import TEXTS
from tracks.models import Run
from tracks.web.reproduce import commands


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

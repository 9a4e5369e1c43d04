"""What an error message quotes of a log."""

# ruff: noqa: E501 (tables)

import pytest

from tracks.execution.starts import cause


@pytest.mark.parametrize(
    ("log", "expected"),
    [
        (
            "ImportError while loading conftest '/w/conftest.py'.\nconftest.py:1: in <module>\n    import x\n"
            "E   ModuleNotFoundError: No module named 'x'\n",
            "ModuleNotFoundError: No module named 'x'",
        ),
        ("E   sqlalchemy.exc.InvalidRequestError: mapper\nE   more of it\n", "sqlalchemy.exc.InvalidRequestError: mapper"),
        ("Traceback …\n  File x\nValueError: bad config\n", "ValueError: bad config"),
        ("ERROR: usage: pytest [options]\npytest: error: unrecognized arguments: --no\n  inifile: None\n", "usage: pytest [options]"),
        ("\x1b[31mERROR: file or directory not found: x\x1b[0m\n\n", "file or directory not found: x"),
        ("something\nlast words\n", "last words"),
        ("", ""),
    ],
)  # fmt: skip
def test_the_cause_is_the_line_that_says_what_was_wrong(log: str, expected: str) -> None:
    assert cause(log) == expected

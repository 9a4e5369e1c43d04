"""Which Python a project gets, of those that a worker has."""

# ruff: noqa: E501 (tables)

import pytest

from tracks.errors import SubjectError
from tracks.execution.pythons import asked, chosen
from tracks.execution.tables import parsed

INSTALLED = ["3.9.18", "3.10.13", "3.11.2", "3.11.7", "3.12.1", "3.13.0"]
OWN = "3.11.7"
PROJECT = '[project]\nrequires-python = "{}"\n'
POETRY = '[tool.poetry.dependencies]\npython = "{}"\n'


@pytest.mark.parametrize(
    ("version_file", "pyproject", "setup_cfg", "expected"),
    [
        ("", "", "", "3.11.7"),
        ("3.12\n", PROJECT.format(">=3.9"), "", "3.12.1"),
        ("3.11.2\n", "", "", "3.11.2"),
        ("3.10.4\n", "", "", "3.10.13"),
        ("# pinned\ncpython-3.13\n3.9\n", "", "", "3.13.0"),
        ("system\n", PROJECT.format("<3.11"), "", "3.10.13"),
        ("", PROJECT.format(">=3.9"), "", "3.11.7"),
        ("", PROJECT.format(">=3.12"), "", "3.13.0"),
        ("", PROJECT.format("~=3.10.0"), "", "3.10.13"),
        ("", PROJECT.format("==3.9.*"), "", "3.9.18"),
        ("", PROJECT.format(">=3.9,!=3.11.*,<3.13"), "", "3.12.1"),
        ("", POETRY.format("^3.9"), "", "3.11.7"),
        ("", POETRY.format("~3.10"), "", "3.10.13"),
        ("", POETRY.format("3.12"), "", "3.12.1"),
        ("", POETRY.format(">=3.9 <3.11"), "", "3.10.13"),
        ("", POETRY.format("*"), "", "3.11.7"),
        ("", "", "[options]\npython_requires = >=3.12\n", "3.13.0"),
        ("", "not = [toml", "[options\n", "3.11.7"),
        ("", "project = 3\n", "", "3.11.7"),
    ],
)  # fmt: skip
def test_a_project_gets_the_python_that_it_asks_for(
    version_file: str, pyproject: str, setup_cfg: str, expected: str
) -> None:
    assert chosen(asked(version_file, parsed(pyproject), setup_cfg), OWN, INSTALLED) == expected


@pytest.mark.parametrize(
    ("version_file", "pyproject", "message"),
    [
        ("3.8\n", "", "asks for 3.8 (.python-version). Installed: 3.9.18, 3.10.13, 3.11.2, 3.11.7, 3.12.1, 3.13.0."),
        ("", PROJECT.format(">=3.14"), "asks for >=3.14 (requires-python). Installed: 3.9.18,"),
        ("pypy3.10\n", "", "'pypy3.10', which is no version of CPython 3"),
        ("", PROJECT.format("three"), "requires-python is no version specifier: 'three'"),
    ],
)  # fmt: skip
def test_where_none_fits_the_message_names_what_is_asked_for_and_what_is_there(
    version_file: str, pyproject: str, message: str
) -> None:
    with pytest.raises(SubjectError) as raised:
        chosen(asked(version_file, parsed(pyproject), ""), OWN, INSTALLED)
    assert message in raised.value.message and raised.value.remedy

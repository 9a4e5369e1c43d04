"""Which commands set a project up when nobody said."""

# ruff: noqa: E501 (tables)

import pytest

from tracks.execution.setups import detected

BUILD = '[build-system]\nrequires = ["hatchling"]\n'
EXTRAS = '[project]\nname = "x"\n[project.optional-dependencies]\ntest = []\ndocs = []\n'
GROUPS = "[dependency-groups]\ndev = []\nlint = []\n"


@pytest.mark.parametrize(
    ("files", "pyproject", "commands"),
    [
        ([], "", []),
        (["README.md"], "", []),
        (["uv.lock", "requirements.txt"], EXTRAS, ["uv sync --frozen --active --inexact --extra test"]),
        (["requirements.txt", "requirements-dev.txt"], "", ["uv pip install -r ./requirements-dev.txt -r ./requirements.txt"]),
        (["requirements.txt"], BUILD, ["uv pip install -r ./requirements.txt", "uv pip install --editable ."]),
        (["requirements.txt", "pyproject.toml"], EXTRAS, ["uv pip install -r ./requirements.txt"]),
        (["pyproject.toml"], EXTRAS + GROUPS, ["uv pip install --editable .[test] --group dev"]),
        (["setup.py"], "", ["uv pip install --editable ."]),
        (["pyproject.toml"], GROUPS, ["uv pip install --group dev"]),
        (["pyproject.toml"], "not = [toml", []),
        (["pyproject.toml"], "[tool.pytest.ini_options]\n", []),
    ],
)  # fmt: skip
def test_the_commands_follow_from_the_files(files: list[str], pyproject: str, commands: list[str]) -> None:
    assert [" ".join(command) for command in detected(files, pyproject)] == commands

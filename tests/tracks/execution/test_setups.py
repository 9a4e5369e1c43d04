"""Which commands set a project up when nobody said."""

# ruff: noqa: E501 (tables)

import pytest

from tracks.execution.setups import detected

BUILD = '[build-system]\nrequires = ["hatchling"]\n'
EXTRAS = '[project]\nname = "x"\n[project.optional-dependencies]\ntest = []\ndocs = []\n'
GROUPS = "[dependency-groups]\ndev = []\nlint = []\n"
POETRY = (
    '[tool.poetry.dependencies]\npython = "^3.9"\n[tool.poetry.group.dev.dependencies]\npytest = "^8.1"\n'
)
LOCK = '[[package]]\nname = "pytest"\nversion = "8.3.2"\nfiles = [{file = "x", hash = "sha256:aa"}]\n[metadata]\ngroups = ["default", "dev"]\n'
LOCKED = "uv pip install --prerelease allow --require-hashes --requirements /t/wanted.txt --constraints /t/locked.txt"
ITSELF = "uv pip install --no-deps --editable ."


@pytest.mark.parametrize(
    ("files", "pyproject", "commands"),
    [
        ([], "", []),
        (["README.md"], "", []),
        (["uv.lock", "requirements.txt"], EXTRAS, ["uv sync --frozen --active --inexact --extra test"]),
        (["requirements.txt", "requirements-dev.txt"], "", ["uv pip install -r ./requirements-dev.txt -r ./requirements.txt"]),
        (["requirements.txt", "constraints.txt"], "", ["uv pip install -r ./requirements.txt -c ./constraints.txt"]),
        (["requirements.txt"], BUILD, ["uv pip install -r ./requirements.txt", "uv pip install --editable ."]),
        (["requirements.txt", "pyproject.toml"], EXTRAS, ["uv pip install -r ./requirements.txt"]),
        (["pyproject.toml"], EXTRAS + GROUPS, ["uv pip install --editable .[test] --group dev"]),
        (["setup.py"], "", ["uv pip install --editable ."]),
        (["setup.cfg"], "", ["uv pip install --editable ."]),
        (["pyproject.toml"], GROUPS, ["uv pip install --group dev"]),
        (["pyproject.toml"], "not = [toml", []),
        (["pyproject.toml"], "project = 3\ndependency-groups = 4\n", ["uv pip install --editable ."]),
        (["pyproject.toml"], "[tool.pytest.ini_options]\n", []),
        (["poetry.lock"], POETRY, [LOCKED]),
        (["poetry.lock"], POETRY + BUILD, [LOCKED, ITSELF]),
        (["poetry.lock"], POETRY + BUILD + "[tool.poetry]\npackage-mode = false\n", [LOCKED]),
        (["pyproject.toml"], POETRY, ["uv pip install --requirements /t/wanted.txt"]),
        (["pdm.lock"], GROUPS.replace("dev = []", 'dev = ["pytest"]') + BUILD, [LOCKED, ITSELF]),
        (["pdm.lock"], EXTRAS + BUILD + "[tool.pdm]\ndistribution = false\n", []),
    ],
)  # fmt: skip
def test_the_commands_follow_from_the_files(files: list[str], pyproject: str, commands: list[str]) -> None:
    texts = {"pyproject.toml": pyproject} | {name: LOCK for name in files if name.endswith(".lock")}
    setup = detected(files, texts, python="3.11.7", folder="/t")
    assert [" ".join(command) for command in setup.commands] == commands
    for command in setup.commands:
        named = [word.removeprefix("/t/") for word in command if word.startswith("/t/")]
        assert set(named) <= set(setup.files)

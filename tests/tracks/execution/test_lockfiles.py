"""What is installed from poetry.lock and pdm.lock: the lock's own versions, and nothing else."""

from contextlib import suppress

import pytest

from tracks.errors import SubjectError
from tracks.execution.environment import Commit
from tracks.execution.lockfiles import pdm, poetry, unlocked
from tracks.execution.setups import detected
from tracks.execution.tables import parsed, readable

PYTHON = "3.11.7"
POETRY = parsed("""
[tool.poetry.dependencies]
python = "^3.9"
Requests = {version = "^2.31", extras = ["socks"]}
tomli = {version = "*", python = "<3.11"}
pywin32 = {version = "*", markers = "sys_platform == 'win32'"}
hypothesis = {version = "*", optional = true}
sphinx = {version = "*", optional = true}
[tool.poetry.extras]
test = ["hypothesis"]
docs = ["sphinx"]
[tool.poetry.dev-dependencies]
pytest = "^8"
[tool.poetry.group.lint.dependencies]
ruff = "*"
[tool.poetry.group.site]
optional = true
[tool.poetry.group.site.dependencies]
mkdocs = "*"
""")


def package(name: str, version: str, *more: str, hashed: bool = True) -> str:
    files = (
        f'files = [{{file = "x", hash = "sha256:{name}"}}, {{file = "y", hash = "md5:0"}}]' if hashed else ""
    )
    return "\n".join(["[[package]]", f'name = "{name}"', f'version = "{version}"', files, *more, ""])


LOCK = "".join(
    package(name, version)
    for name, version in [
        ("requests", "2.31.0"),
        ("urllib3", "2.2.0"),
        ("hypothesis", "6.1"),
        ("pytest", "8.3.2"),
    ]
) + package("ruff", "0.5.0")


def test_poetrys_packages_are_wanted_at_the_versions_of_its_lock() -> None:
    pins = poetry(POETRY, LOCK, PYTHON)
    assert sorted(pins.wanted.splitlines()) == [
        "hypothesis==6.1",
        "pytest==8.3.2",
        "requests[socks]==2.31.0",
        "ruff==0.5.0",
    ]
    assert "urllib3==2.2.0 \\\n    --hash=sha256:urllib3\n" in pins.constraints
    assert pins.hashed and "md5" not in pins.constraints


def test_the_hashes_of_an_old_lock_stand_in_its_metadata() -> None:
    lock = package("pytest", "8.3.2", hashed=False)
    lock += '[metadata.files]\npytest = [{file = "x", hash = "sha256:aa"}]\n'
    pins = poetry(parsed('[tool.poetry.dev-dependencies]\npytest = "*"\n'), lock, PYTHON)
    assert pins.hashed and pins.constraints == "pytest==8.3.2 \\\n    --hash=sha256:aa\n"


def test_without_hashes_they_are_not_asked_for() -> None:
    pyproject = parsed('[tool.poetry.dev-dependencies]\npytest = "*"\n')
    assert not poetry(pyproject, package("pytest", "8.3.2", hashed=False), PYTHON).hashed


@pytest.mark.parametrize(
    ("conditions", "version"),
    [
        (("python-versions = '>=3.10'", "python-versions = '<3.10'"), "2.0"),
        (("python-versions = '^3.12'", "python-versions = '~3.11'"), "1.0"),
        (("markers = 'python_version >= \"3.11\"'", "markers = 'python_version < \"3.11\"'"), "2.0"),
        (("markers = {main = 'python_version < \"3.11\"', dev = 'os_name == \"nt\"'}", ""), "1.0"),
    ],
)
def test_of_two_locked_versions_the_one_for_this_python_is_taken(
    conditions: tuple[str, str], version: str
) -> None:
    lock = package("numpy", "2.0", conditions[0]) + package("numpy", "1.0", conditions[1])
    pyproject = parsed('[project]\ndependencies = ["numpy>=1"]\n')
    assert poetry(pyproject, lock, PYTHON).wanted == f"numpy=={version}\n"


PDM = parsed("""
[project]
dependencies = ["requests[socks]>=2 ; python_version >= '3.9'", "tomli ; python_version < '3.11'"]
[project.optional-dependencies]
test = ["hypothesis"]
docs = ["sphinx"]
[dependency-groups]
dev = [{include-group = "tests"}, "ruff"]
tests = ["pytest"]
unlocked = ["mkdocs"]
""")


def test_pdms_packages_are_wanted_at_the_versions_of_its_lock() -> None:
    lock = '[metadata]\ngroups = ["default", "dev", "tests", "test"]\n' + LOCK
    pins = pdm(PDM, lock + package("urllib3", "1.0", "marker = 'python_version < \"3.10\"'"), PYTHON)
    assert sorted(pins.wanted.splitlines()) == [
        "hypothesis==6.1",
        "pytest==8.3.2",
        "requests[socks]==2.31.0",
        "ruff==0.5.0",
    ]
    assert pins.constraints.count("urllib3==") == 1 and pins.hashed


@pytest.mark.parametrize(
    ("read", "lock", "message"),
    [
        (poetry, package("x", "1", '[package.source]\ntype = "git"'), "it holds x (from git)"),
        (pdm, package("x", "1", 'path = "./libs/x"'), "it holds x (from path)"),
        (pdm, package("x", "1", 'git = "https://h.test/x"'), "it holds x (from git)"),
        (poetry, package("x", "1") + package("x", "2"), "it holds x (at 1 and at 2)"),
        (poetry, package("y", "1"), "poetry.lock does not hold x, which pyproject.toml asks for"),
        (pdm, "", "pdm.lock does not hold x"),
        (poetry, package("x", "1", "markers = 'so it is'"), "the marker 'so it is'"),
    ],
)
def test_what_only_the_projects_own_tool_can_do_is_said_with_the_remedy(
    read: object, lock: str, message: str
) -> None:
    with pytest.raises(SubjectError) as raised:
        read(parsed('[project]\ndependencies = ["x"]\n'), lock, PYTHON)  # type: ignore[operator]
    assert message in raised.value.message
    assert "setup command" in raised.value.remedy or "lock` and commit" in raised.value.remedy


CHAIN = "".join(f"g{n} = [{{include-group = 'g{n + 1}'}}]\n" for n in range(3000))
MARKER = "(" * 5000 + "python_version > '3'" + ")" * 5000
ODD = [
    "a=" + "[" * 100_000,
    "a = " + "9" * 5000,
    "[project]\nrequires-python = '^" + "9" * 5000 + "'\n",
    f"[project]\ndependencies = [{f'x; {MARKER}'!r}]\n",
    "[tool.poetry.dependencies]\nx = '^" + "9" * 5000 + "'\n",
    f"[dependency-groups]\n{CHAIN}dev = [{{include-group = 'g0'}}]\n",
]  # fmt: skip
ODD_LOCKS = [
    *ODD,
    "package = ['x', 1, []]\n",
    "[[package]]\nname = ['a']\nversion = {}\nfiles = 5\n",
    "[[package]]\nname = 'x'\nversion = '1'\nfiles = [['hash']]\nmarkers = '((('\nmarker = '((('\n".replace(
        "(((", "(" * 5000
    ),
    "[[package]]\nname = 'x'\nversion = '1'\npython-versions = '^9'\nrequires_python = '^9'\n".replace(
        "9", "9" * 5000
    ),
    "[metadata]\nfiles = ['x']\ngroups = [[], {}]\n",
]


@pytest.mark.parametrize("lock", ODD_LOCKS, ids=range(len(ODD_LOCKS)))
@pytest.mark.parametrize("name", ["pdm.lock", "poetry.lock"])
def test_a_lock_that_is_none_is_the_branchs_fault(name: str, lock: str) -> None:
    texts = {"pyproject.toml": "[project]\ndependencies = ['x']\n", name: lock}
    with pytest.raises(SubjectError) as raised, readable():
        detected(texts.keys(), texts, python=PYTHON, folder="/f")
    assert raised.value.remedy and len(raised.value.detail) < 1000


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_a_pyproject_that_no_reader_survives_is_left_to_the_installer_or_the_branchs_fault(text: str) -> None:
    texts = {"pyproject.toml": text}
    with suppress(SubjectError), readable():
        detected(texts.keys(), texts, python=PYTHON, folder="/f")
    with suppress(SubjectError):
        Commit("tree", {}, texts).python()


def test_without_a_lock_what_poetry_and_pdm_note_is_installed_as_it_is_noted() -> None:
    more = parsed('[tool.pdm.dev-dependencies]\ntest = ["pytest-cov>=4"]\n')
    lines = unlocked({"tool": {**POETRY["tool"], **more["tool"]}}, PYTHON).splitlines()
    assert lines == ["requests[socks]<3,>=2.31", "hypothesis", "pytest<9,>=8", "ruff", "pytest-cov>=4"]
    with pytest.raises(SubjectError, match=r"it holds x \(from git\)"):
        unlocked(parsed('[tool.poetry.dependencies]\nx = {git = "https://h.test/x"}\n'), PYTHON)

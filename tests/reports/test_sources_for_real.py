"""Why tests are gone and what a branch did to its tests: one real repository that shows all of it, real
pytest runs by the product's own worker, and what is stored of their comparisons, by node id."""

import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from reports.models import Comparison
from reports.queries import pair_of
from tests import factories
from tests.factories import NOON
from tests.omc_qa.cli.repositories import commit, create_repository, git
from tests.working import work_until_idle
from tracks import queries
from tracks.actions import start_baseline, start_track_run
from tracks.models import Sprint
from tracks.statuses import RunState

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

SETTINGS = "[pytest]\npython_files = test_*.py check_*.py\ntestpaths = tests extra\naddopts =\n"
HERE = """
import pytest

VALUES = ["a", "b"]

def test_stays(): assert True
def test_moves(): assert "to another file".split()
def test_called_before(): assert "in the same file".upper()
def test_gone(): assert {"nothing": "like it"}
@pytest.mark.parametrize("n", [1, 2])
def test_each(n): assert n
@pytest.mark.parametrize("value", VALUES)
def test_value(value): assert value
"""
RENAMED = """
LIMIT = 1

def test_limit(): assert 1 <= LIMIT
class TestOfAClass:
    def test_of_it(self): assert sorted([2, 1]) == [1, 2]
    def test_another(self): assert max(3, 4) == 4
"""
BROKEN = """
import app, pytest

def test_mended_itself(): assert app.price() == 3
def test_given(price): assert price == 1
def test_of_the_product(): assert app.price() == 1
def test_skips(): assert app.price()
def test_expects_less():
    assert app.price()
    assert app.price() > 0
"""
CONFTEST = """
import app, pytest

@pytest.fixture
def price(): return app.price() * {factor}
"""
BEFORE = {
    "app.py": "def price(): return 2\n",
    "pytest.ini": SETTINGS,
    "tests/conftest.py": CONFTEST.format(factor=1),
    "tests/test_here.py": HERE,
    "tests/test_there.py": "def test_there(): assert 'there'\n",
    "tests/test_deleted.py": "import os\ndef test_one(): assert os.sep\ndef test_two(): assert os.linesep\n",
    "tests/test_old.py": RENAMED,
    "tests/test_import.py": "import app\n" + "".join(f"def test_{n}(): pass\n" for n in range(3)),
    "tests/test_module.py": "import app\ndef test_of_it(): assert app\n",
    "tests/test_chosen.py": "def test_in(): pass\ndef test_out(): pass\n",
    "tests/test_ignored.py": "def test_ignored(): pass\n",
    "tests/check_named.py": "def test_otherwise(): pass\n",
    "tests/test_broken.py": BROKEN,
    "extra/test_extra.py": "def test_elsewhere(): pass\n",
}
MAIN_LATER = {
    "tests/test_later.py": "import json\ndef test_later(): assert json.loads('[1]')\n",
    "tests/test_here.py": HERE + "def test_added_later(): assert 'on the base branch'\n",
}
AFTER = {
    "app.py": "def price(): return 1\n",
    "pytest.ini": '[pytest]\ntestpaths = tests\naddopts = -k "not test_out" --ignore=tests/test_ignored.py\n',
    "tests/conftest.py": CONFTEST.format(factor="1 * 1"),
    "tests/test_here.py": HERE.replace('def test_moves(): assert "to another file".split()\n', "")
    .replace('def test_gone(): assert {"nothing": "like it"}\n', "")
    .replace("test_called_before", "test_called_now")
    .replace("[1, 2]", "[1, 3]")
    .replace('["a", "b"]', '["a"]'),
    "tests/test_there.py": "def test_there(): assert 'there'\n"
    'def test_moves(): assert "to another file".split()\n',
    "tests/test_new.py": RENAMED.replace("LIMIT = 1", "LIMIT = 0"),
    "tests/test_import.py": "import app, gone\n" + "".join(f"def test_{n}(): pass\n" for n in range(3)),
    "tests/test_module.py": "import pytest\npytest.skip('later', allow_module_level=True)\n"
    "def test_of_it(): assert app\n",
    "tests/test_broken.py": BROKEN.replace("app.price() == 3", "app.price() == 1")
    .replace("def test_skips", "@pytest.mark.skip\ndef test_skips")
    .replace("    assert app.price() > 0\n", ""),
}
CONFIGURED = "no longer collected: pytest's configuration or the command changed"
REASONS = {
    "tests/test_deleted.py::test_one": "its file was deleted",
    "tests/test_deleted.py::test_two": "its file was deleted",
    "tests/test_old.py::test_limit": "renamed or moved",
    "tests/test_old.py::TestOfAClass::test_of_it": "renamed or moved",
    "tests/test_old.py::TestOfAClass::test_another": "renamed or moved",
    "tests/test_here.py::test_moves": "renamed or moved",
    "tests/test_here.py::test_called_before": "renamed or moved",
    "tests/test_here.py::test_gone": "deleted from its file",
    "tests/test_here.py::test_each[2]": "its parametrisation changed",
    "tests/test_here.py::test_value[b]": "its parametrisation changed",
    "tests/test_here.py::test_added_later": "the base branch got it after the branch had left",
    "tests/test_later.py::test_later": "the base branch got it after the branch had left",
    "tests/test_import.py::test_0": "its module could not be collected",
    "tests/test_import.py::test_1": "its module could not be collected",
    "tests/test_import.py::test_2": "its module could not be collected",
    "tests/test_module.py::test_of_it": "its module skipped itself",
    "tests/test_chosen.py::test_out": "deselected by the configuration",
    "tests/test_ignored.py::test_ignored": CONFIGURED,
    "tests/check_named.py::test_otherwise": CONFIGURED,
    "extra/test_extra.py::test_elsewhere": CONFIGURED,
}
MOVES = {
    "tests/test_old.py::test_limit": ("tests/test_new.py::test_limit", "passed", "failed"),
    "tests/test_old.py::TestOfAClass::test_of_it": (
        "tests/test_new.py::TestOfAClass::test_of_it",
        "passed",
        "passed",
    ),
    "tests/test_old.py::TestOfAClass::test_another": (
        "tests/test_new.py::TestOfAClass::test_another",
        "passed",
        "passed",
    ),
    "tests/test_here.py::test_moves": ("tests/test_there.py::test_moves", "passed", "passed"),
    "tests/test_here.py::test_called_before": ("tests/test_here.py::test_called_now", "passed", "passed"),
}


def create_sprint(repository: Path, *, base: str) -> Sprint:
    """A sprint whose baseline has been run at the commit."""
    project = factories.create_project(
        repository=str(repository),
        env={"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": "--continue-on-collection-errors"},
        python=sys.executable,
    )
    project.trusted = True
    project.save()
    sprint = factories.create_sprint(project=project)
    start_baseline(sprint, sha=base, by=project.created_by, now=NOON)
    work_until_idle()
    sprint.refresh_from_db()
    return sprint


def compared(sprint: Sprint, sha: str, *, key: str = "A") -> Comparison:
    """What is stored when the worker has run a branch's head."""
    track = factories.create_track(sprint=sprint, key=key)
    run = start_track_run(track, sha=sha, by=sprint.project.created_by, now=NOON)
    work_until_idle()
    stored = Comparison.objects.select_related("base", "head__project").get(head=run, base=sprint.baseline)
    assert stored.unread == ""
    return stored


def reasons(stored: Comparison) -> dict[str, str]:
    names = queries.all_node_ids(stored.head.project)
    return {names[int(number)]: reason for number, reason in stored.vanished.items()}


def touched(stored: Comparison) -> Mapping[str, str]:
    names = queries.all_node_ids(stored.head.project)
    return {names[number]: touch for touch, tests in stored.touched.items() for number in tests}


@pytest.fixture
def everything(tmp_path, worker) -> Comparison:
    repository = create_repository(tmp_path / "ledger", BEFORE)
    git(repository, "branch", "branch-a")
    base = commit(repository, MAIN_LATER)
    git(repository, "checkout", "-q", "branch-a")
    git(repository, "rm", "-q", "tests/test_deleted.py", "tests/test_old.py")
    head = commit(repository, AFTER)
    return compared(create_sprint(repository, base=base), head)


def test_each_vanished_test_has_its_reason_its_new_name_and_what_hides_it(everything):
    assert everything.head.state == RunState.FINISHED, everything.head.reason
    assert reasons(everything) == REASONS

    names = queries.all_node_ids(everything.head.project)
    pair = pair_of(everything.base, everything.head, everything)
    assert {
        names[test]: (names[move["now"]], move["base"], move["head"]) for test, move in pair.moves.items()
    } == MOVES
    assert {names[parent]: [names[test] for test in tests] for parent, tests in pair.hidden.items()} == {
        "tests/test_import.py": [f"tests/test_import.py::test_{n}" for n in range(3)]
    }

    touch = touched(everything)
    of_broken = {test.partition("::")[2]: each for test, each in touch.items() if "test_broken" in test}
    assert of_broken == {
        "test_mended_itself": "own",
        "test_given": "fixtures",
        "test_of_the_product": "product",
        "test_skips": "own",
    }
    assert touch["tests/test_ignored.py::test_ignored"] == "product"
    assert touch["tests/test_here.py::test_called_before"] == "own"
    assert "tests/test_import.py::test_0" not in touch, "its module was changed, not what it does"

    edits = everything.edits
    assert edits["switched_off"]["first"] == [
        {"test": "tests/test_broken.py::test_skips", "by": "skip"},
    ]
    assert edits["asserts_removed"]["first"] == [
        {"test": "tests/test_broken.py::test_expects_less", "before": 2, "now": 1}
    ]
    assert edits["deleted"]["first"] == [
        "tests/test_deleted.py::test_one",
        "tests/test_deleted.py::test_two",
        "tests/test_here.py::test_gone",
    ]
    assert edits["settings"]["first"] == [
        {"path": "pytest.ini", "keys": ["addopts", "python_files", "testpaths"]},
        {"path": "tests/conftest.py", "keys": ["price"]},
    ]
    assert edits["bounds"] == []


SHORT = {
    "app.py": "has_more = True\n",
    "test_short.py": """
import app, os

def test_a(): assert True
def test_b(): assert not hasattr(app, "fails")
def test_c():
    if hasattr(app, "dies"): os._exit(1)
def test_d(): pass
if app.has_more:
    def test_more(): pass
""",
    "pytest.ini": "[pytest]\n",
}


def test_a_run_cut_short_is_told_from_a_lost_worker_and_from_what_nobody_knows(tmp_path, worker):
    repository = create_repository(tmp_path / "ledger", SHORT)
    base = git(repository, "rev-parse", "HEAD")
    sprint = create_sprint(repository, base=base)

    def head(key: str, files: dict[str, str]) -> Comparison:
        git(repository, "checkout", "-q", base)
        return compared(sprint, commit(repository, files, branch=f"branch-{key}"), key=key)

    early = head("A", {"app.py": "has_more = fails = True\n", "pytest.ini": "[pytest]\naddopts = -x\n"})
    assert early.head.state == RunState.INCOMPLETE
    left = ("c", "d", "more")
    assert reasons(early) == {f"test_short.py::test_{name}": "the run ended early" for name in left}

    spread = "[pytest]\naddopts = -p xdist -n 1 --max-worker-restart=0\n"
    lost = head("B", {"app.py": "has_more = dies = True\n", "pytest.ini": spread})
    assert lost.head.state == RunState.INCOMPLETE
    assert reasons(lost) == {f"test_short.py::test_{name}": "a worker was lost" for name in ("d", "more")}

    unknown = head("C", {"app.py": "has_more = False\n"})
    assert unknown.head.state == RunState.FINISHED
    assert reasons(unknown) == {"test_short.py::test_more": "unknown"}
    assert touched(unknown) == {"test_short.py::test_more": "product"}

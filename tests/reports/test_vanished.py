"""Why a test is gone: each reason, which of two counts, and what is not known."""

from dataclasses import replace

import numpy as np
import pytest

from reports.facts import RunFacts
from reports.source.snapshots import Sources
from reports.vanished import VanishedReason as Reason
from reports.vanished import entry_above, find_reasons
from tests.reports.source.given import sources
from tracks.statuses import RunState

GONE = "tests/t.py::test_a[1]"
TEST = "@mark.parametrize('n', N)\ndef test_a(n): pass\n"
RUN = RunFacts(1, RunState.FINISHED, "a" * 40, np.zeros(3, np.uint8), command="python -m pytest")
EARLY = replace(RUN, state=RunState.INCOMPLETE)


def reason(
    head: RunFacts = RUN,
    read: Sources | None = None,
    *,
    base: RunFacts = RUN,
    added: tuple[str, ...] = (),
    moved: bool = False,
) -> Reason:
    moves = {7: 8} if moved else {}
    return find_reasons({7: GONE}, base, head, added=added, moves=moves, sources=read)[7]


@pytest.mark.parametrize(
    ("base", "head", "added", "expected"),
    [
        ({}, {"deselected": frozenset({7})}, (), Reason.DESELECTED),
        ({}, {"deselected": frozenset({8})}, (), Reason.UNKNOWN),
        ({}, {"uncollected": {3: "tests/t.py"}}, (), Reason.UNCOLLECTED),
        ({}, {"uncollected": {3: "tests"}}, (), Reason.UNCOLLECTED),
        ({}, {"uncollected": {3: "tests/__init__.py"}}, (), Reason.UNCOLLECTED),
        ({}, {"uncollected": {3: "tests/t"}}, (), Reason.UNKNOWN),
        ({}, {"skipped_modules": {3: "tests/t.py"}}, (), Reason.SKIPPED_MODULE),
        ({"uncollected": {7: "tests/t.py"}}, {}, ("tests/t.py::test_b",), Reason.COLLECTED_NOW),
        ({"skipped_modules": {7: "tests/t.py"}}, {}, ("tests/t.py::test_b",), Reason.COLLECTED_NOW),
        ({"uncollected": {7: "tests/t.py"}}, {}, ("tests/u.py::test_b",), Reason.UNKNOWN),
        ({}, {"state": RunState.INCOMPLETE}, (), Reason.ENDED_EARLY),
        ({}, {"state": RunState.CANCELLED}, (), Reason.ENDED_EARLY),
        ({}, {"state": RunState.LOST}, (), Reason.WORKER_LOST),
        ({}, {"state": RunState.INCOMPLETE, "has_lost_worker": True}, (), Reason.WORKER_LOST),
        ({}, {"has_lost_worker": True}, (), Reason.UNKNOWN),
        ({}, {}, (), Reason.UNKNOWN),
    ],
)
def test_what_the_runs_themselves_tell(base, head, added, expected):
    assert reason(replace(RUN, **head), base=replace(RUN, **base), added=added) is expected


HERE = {"tests/t.py": TEST}
WITHOUT = {"tests/t.py": "def test_b(): pass\n"}


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        (sources(HERE, {}), Reason.FILE_DELETED),
        (sources(HERE, WITHOUT), Reason.DELETED),
        (sources(HERE, {"tests/t.py": TEST.replace("N)", "[2])")}), Reason.PARAMETERS),
        (sources({"tests/t.py": "N = 1\n" + TEST}, {"tests/t.py": "N = 2\n" + TEST}), Reason.PARAMETERS),
        (
            sources(
                HERE | {"tests/conftest.py": "def pytest_generate_tests(): 1"},
                HERE | {"tests/conftest.py": "def pytest_generate_tests(): 2"},
            ),
            Reason.PARAMETERS,
        ),
        (sources(WITHOUT, WITHOUT, base=HERE), Reason.LATER),
        (sources({}, {}, base=HERE), Reason.LATER),
        (sources(HERE, WITHOUT, base=HERE | {"app.py": ""}), Reason.DELETED),
        (sources(HERE, HERE | {"pytest.ini": "[pytest]\ntestpaths = x"}), Reason.CONFIGURATION),
        (sources(HERE, HERE | {"conftest.py": "collect_ignore = ['tests']\n"}), Reason.CONFIGURATION),
        (sources(HERE, HERE | {"other/conftest.py": "collect_ignore = ['x']\n"}), Reason.UNKNOWN),
        (
            sources(HERE, HERE | {"conftest.py": "@fixture\ndef client(): 1"}),
            Reason.UNKNOWN,
        ),
        (sources(HERE, HERE | {"app.py": ""}), Reason.UNKNOWN),
        (sources(HERE, {"tests/t.py": "def ("}), Reason.UNKNOWN),
        (sources(HERE, {}, left_out=frozenset({"tests/t.py"})), Reason.UNKNOWN),
        (replace(sources(HERE, {}), asked=frozenset()), Reason.UNKNOWN),
    ],
)
def test_what_git_and_the_sources_tell(read, expected):
    assert reason(read=read) is expected


def test_a_sibling_with_other_parameters_tells_that_they_changed():
    read = sources(HERE, HERE | {"app.py": ""})
    assert reason(read=read, added=("tests/t.py::test_a[2]",)) is Reason.PARAMETERS


def test_another_command_may_choose_other_tests():
    head = replace(RUN, command="python -m pytest tests/u.py")
    assert reason(head, sources(HERE, HERE)) is Reason.CONFIGURATION
    assert reason(head) is Reason.UNKNOWN, "without git it may just as well be deleted"


DELETED = sources(HERE, {})


@pytest.mark.parametrize(
    ("head", "read", "moved", "expected"),
    [
        (replace(EARLY, deselected=frozenset({7})), DELETED, True, Reason.DESELECTED),
        (replace(EARLY, uncollected={3: "tests/t.py"}), DELETED, True, Reason.UNCOLLECTED),
        (EARLY, DELETED, True, Reason.MOVED),
        (EARLY, DELETED, False, Reason.FILE_DELETED),
        (EARLY, sources(HERE, HERE | {"pytest.ini": "[pytest]\na=1"}), False, Reason.ENDED_EARLY),
    ],
)
def test_the_first_reason_that_holds_counts(head, read, moved, expected):
    assert reason(head, read, moved=moved) is expected


@pytest.mark.parametrize(
    ("node_id", "entry"),
    [
        ("a/t.py::TestA::test_b", 3),
        ("a/t.py::test_b", 2),
        ("a/u.py::test_b", 1),
        ("a/b/c/u.py::test_b", 1),
        ("ab/u.py::test_b", None),
        ("t.py", None),
    ],
)
def test_the_nearest_entry_above_a_test(node_id, entry):
    assert entry_above(node_id, {1: "a/__init__.py", 2: "a/t.py", 3: "a/t.py::TestA"}) == entry

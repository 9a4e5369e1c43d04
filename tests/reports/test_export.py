"""The JSON of a sprint: what it says of tests that are gone and of what the branch did to its tests."""

import json

import pytest

from reports.actions import kept_comparison
from reports.export import sprint_document
from reports.models import Comparison
from tests import factories
from tracks.models import Sprint, TestCase

pytestmark = pytest.mark.django_db

EDITS = {"deleted": {"total": 1, "first": ["t.py::gone"]}, "bounds": []}


@pytest.fixture
def sprint() -> Sprint:
    sprint = factories.create_sprint()
    factories.create_baseline(sprint=sprint, results={"t.py::before": "passed", "t.py::gone": "passed"})
    head = factories.create_run(
        track=factories.create_track(sprint=sprint), results={"t.py::after": "failed"}
    )
    sprint.refresh_from_db()
    kept_comparison(sprint.baseline, head)
    return sprint


def delta(sprint: Sprint) -> dict:
    document = json.loads(json.dumps(sprint_document(sprint, now=factories.NOON)))
    return document["tracks"][0]["iterations"][0]["delta"]


def test_a_moved_test_has_its_new_name_and_another_none(sprint):
    number = dict(TestCase.objects.values_list("node_id", "number"))
    Comparison.objects.update(
        vanished={str(number["t.py::before"]): "renamed or moved", str(number["t.py::gone"]): "unknown"},
        moves={
            str(number["t.py::before"]): {"now": number["t.py::after"], "base": "passed", "head": "failed"}
        },
    )
    assert delta(sprint)["vanished"] == [
        {"test": "t.py::before", "reason": "renamed or moved", "now": "t.py::after"},
        {"test": "t.py::gone", "reason": "unknown", "now": None},
    ]


def test_what_the_branch_did_to_its_tests_is_there_or_null(sprint):
    assert delta(sprint)["edits"] is None
    assert {each["reason"] for each in delta(sprint)["vanished"]} == {
        "not known: the machine that was asked has no copy of the repository"
    }
    Comparison.objects.update(edits=EDITS)
    assert delta(sprint)["edits"] == EDITS

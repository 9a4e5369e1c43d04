"""Trial integrations with a real repository, real merges and real pytest: what fails together is found."""

import sys

import pytest

from reports import actions, criteria_queries, integration_queries
from reports.interactions import InteractionKind
from reports.models import Integration
from reports.statuses import IntegrationState
from tests import factories
from tests.factories import NOON
from tests.omc_qa.cli.repositories import commit, create_repository, git
from tests.working import work_until_idle
from tracks.actions import set_secret, start_baseline, start_track_run
from tracks.checks import CheckDefinition, CheckKind
from tracks.criteria import Rule, TestsDefinition
from tracks.execution import runner
from tracks.models import TestCase
from tracks.statuses import CriterionKind, RunState, Standing

pytestmark = [pytest.mark.django_db]

TESTS = """
import prices, fees

def test_total(): assert prices.PRICE + fees.FEE < 10
def test_price(): assert prices.PRICE
"""
FILES = {"test_it.py": TESTS, "prices.py": "PRICE = 1\n", "fees.py": "FEE = 1\n", "README": "one\n"}
CHANGES = {
    "A": {"prices.py": "PRICE = 6\ndef price(): return PRICE\n"},
    "B": {"README": "two\n"},
    "C": {"fees.py": "FEE = 6  # half a price\n"},
}


@pytest.fixture
def repository(tmp_path):
    folder = create_repository(tmp_path / "ledger", FILES)
    for key, change in CHANGES.items():
        git(folder, "checkout", "-q", "main")
        commit(folder, change, branch=f"branch-{key.lower()}")
    git(folder, "checkout", "-q", "main")
    return folder


@pytest.fixture
def sprint(repository, worker):
    """Three tracks, tested: A and C pass alone and fail together."""
    project = factories.create_project(
        repository=str(repository), env={"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}, python=sys.executable
    )
    project.trusted = True
    project.save()
    sprint = factories.create_sprint(project=project)
    start_baseline(sprint, sha=git(repository, "rev-parse", "main"), by=project.created_by, now=NOON)
    for key in CHANGES:
        track = factories.create_track(sprint=sprint, key=key)
        start_track_run(
            track, sha=git(repository, "rev-parse", track.branch), by=project.created_by, now=NOON
        )
    work_until_idle()
    sprint.refresh_from_db()
    return sprint


def integrate(sprint) -> Integration:
    found = actions.start_integration(sprint, sprint.tracks.all(), by=sprint.project.created_by, now=NOON)
    actions.merge_due(now=NOON)
    work_until_idle()
    found.refresh_from_db()
    return found


@pytest.mark.slow
def test_the_pair_that_fails_together_is_found_and_nothing_is_pushed(sprint, repository):
    refs = git(repository, "for-each-ref")
    found = integrate(sprint)
    assert found.state == IntegrationState.DONE, found.note
    assert [each["key"] for each in found.merged] == ["A", "B", "C"]
    assert found.run.state == RunState.FINISHED
    (interaction,) = found.interactions
    assert TestCase.objects.get(number=interaction["test"]).node_id == "test_it.py::test_total"
    assert (interaction["kind"], interaction["keys"]) == (InteractionKind.TOGETHER, ["A", "C"])
    (meeting,) = found.meetings
    assert [(each["key"], each["symbols"]) for each in meeting["commits"]] == [
        ("A", ["price"]),
        ("C", ["price"]),
    ]
    facts = integration_queries.facts_of(sprint)
    assert {fact.passed for fact in facts.values()} == {False}
    assert git(repository, "for-each-ref") == refs, "the product never writes to the repository"


@pytest.mark.slow
def test_criteria_of_all_tracks_are_looked_at_on_the_merged_tree(sprint):
    """A's holds on A alone and not with B merged; C's the other way round; B's is about its tests."""
    reads = {"A": "one", "C": "two"}
    for key, word in reads.items():
        definition = CheckDefinition(CheckKind.CONTAINS, path="README", pattern=word).to_json()
        factories.create_criterion(
            track=sprint.tracks.get(key=key),
            text=f"README says {word}",
            kind=CriterionKind.CHECK,
            definition=definition,
        )
    factories.create_criterion(
        track=sprint.tracks.get(key="B"),
        text="All tests pass",
        kind=CriterionKind.TESTS,
        definition=TestsDefinition(Rule.EACH_PASSES).to_json(),
    )
    found = integrate(sprint)
    standings = {shown.text: shown.standing for shown in criteria_queries.standings_of(found.run)}
    assert standings == {
        "README says one": Standing.FAILS,
        "All tests pass": Standing.FAILS,
        "README says two": Standing.HOLDS,
    }
    assert found.figures["criteria"] == ["README says one", "All tests pass"]


@pytest.mark.slow
def test_merged_tracks_get_what_an_unprotected_branch_gets(sprint, monkeypatch):
    """Each of the branches is protected; what was merged of them nobody has reviewed."""
    project = sprint.project
    project.protected_branches = [f"branch-{key.lower()}" for key in CHANGES]
    project.save()
    for name, every_branch in (("RELEASE_KEY", False), ("TEST_KEY", True)):
        set_secret(
            project,
            name=name,
            value="0123456789",
            every_branch=every_branch,
            by=project.created_by,
            now=NOON,
        )
    given, run = [], runner.run

    def watched(spec, places):
        given.append(spec)
        return run(spec, places)

    monkeypatch.setattr("tracks.tasks.runner.run", watched)
    found = integrate(sprint)
    assert len(given) == 1 + found.steps.count() > 1
    assert {(spec.protected, *spec.secrets) for spec in given} == {(False, "TEST_KEY")}

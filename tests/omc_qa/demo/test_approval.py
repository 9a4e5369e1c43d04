"""The end of the sample's story, where somebody at the dashboard has done something else meanwhile."""

from types import SimpleNamespace

import pytest

from omc_qa.demo import approval
from reports.models import Decision, Integration, Waiver
from reports.statuses import DecisionKind, GateKind, IntegrationState, MergeResult
from tests import factories
from tests.factories import NOON
from tests.reports.approving import create_ready_track, say
from tracks.models import Sprint, Track
from tracks.statuses import CriterionKind, Role, Weight

pytestmark = pytest.mark.django_db


@pytest.fixture
def sprint() -> Sprint:
    """All is tested and merged on trial; C misses one target."""
    sprint = factories.create_sprint(
        project=factories.create_project(by=factories.create_user(name="Lena")), min_passed=3
    )
    for name, role in (("Tess", Role.TESTER), ("Dev", Role.DEVELOPER)):
        factories.create_member(project=sprint.project, role=role, name=name)
    factories.create_baseline(sprint=sprint, passed=2)
    sprint.refresh_from_db()
    for key in "AB":
        create_ready_track(sprint=sprint, key=key, passed=3)
    create_ready_track(sprint=sprint, key="C", passed=2)
    factories.create_criterion(
        track=track(sprint, "C"), text=approval.FOLLOW_UP, kind=CriterionKind.CHECK, weight=Weight.ADVISORY
    )
    integrate(sprint, IntegrationState.DONE)
    return sprint


def track(sprint: Sprint, key: str) -> Track:
    return sprint.tracks.select_related("sprint__project").get(key=key)


def integrate(sprint: Sprint, state: IntegrationState) -> None:
    Integration.objects.create(
        sprint=sprint,
        base_sha=sprint.baseline.sha,
        baseline=sprint.baseline,
        tracks=[],
        state=state,
        started_at=NOON,
    )


def go_on(sprint: Sprint) -> bool:
    return approval.go_on(SimpleNamespace(tracks=()), sprint, now=NOON)


def decided(sprint: Sprint) -> dict[str, str]:
    return dict(Decision.objects.filter(track__sprint=sprint).values_list("track__key", "kind"))


def test_a_target_is_waived_c_is_approved_and_a_rejected(sprint):
    assert not go_on(sprint)
    assert decided(sprint) == {"C": DecisionKind.CONDITIONAL, "A": DecisionKind.REJECTED}
    assert Waiver.objects.get().gate == GateKind.PASSED


def test_somebody_elses_trial_integration_keeps_it_from_nothing(sprint):
    integrate(sprint, IntegrationState.MERGING)
    assert not go_on(sprint)
    assert decided(sprint).keys() == {"A", "C"}


@pytest.mark.parametrize("key", ["A", "B", "C"])
def test_what_somebody_else_decided_stays_and_the_rest_is_decided(sprint, key):
    say(track(sprint, key), DecisionKind.DEFERRED)
    go_on(sprint)
    assert decided(sprint)[key] == DecisionKind.DEFERRED
    assert decided(sprint).keys() == {"A", "C", key}


def test_c_is_not_approved_where_something_else_stands_in_its_way(sprint):
    sprint.project.mergeabilities.filter(head=track(sprint, "C").head).update(result=MergeResult.CONFLICT)
    go_on(sprint)
    assert decided(sprint) == {"A": DecisionKind.REJECTED}

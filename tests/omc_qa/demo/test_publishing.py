"""The last step of the sample's story: when the report is published, and when it is not yet."""

from datetime import timedelta

import pytest

from omc_qa.demo import publishing
from reports import actions
from reports.models import Narrative, Publication, Verification
from reports.statuses import Progress
from tests import factories
from tests.factories import NOON
from tests.reports import summarised
from tracks import doorbell
from tracks.models import Sprint
from tracks.statuses import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def sprint(monkeypatch) -> Sprint:
    monkeypatch.setattr(doorbell, "ring", lambda *_, **__: None)
    sprint = summarised.create_sprint_with_everything()
    actions.compare_due(sprint)
    factories.create_member(project=sprint.project, role=Role.TESTER, name="Tess")
    return sprint


def test_tess_writes_what_worries_her_and_publishes_once(sprint):
    assert not publishing.go_on(sprint, now=NOON)
    assert not publishing.go_on(sprint, now=NOON)
    edition = Publication.objects.get()
    assert (edition.number, edition.by_name) == (1, "Tess")
    assert edition.content["texts"]["concerns"] == Narrative.objects.get().text


def test_it_waits_for_a_verdict_but_not_for_ever(sprint):
    finding = sprint.tracks.get(key="A").findings.earliest("number")
    run = sprint.tracks.get(key="A").runs.latest("iteration")
    Verification.objects.create(finding=finding, run=run, repetitions=1, state=Progress.GOING, begun_at=NOON)
    assert publishing.go_on(sprint, now=NOON)
    assert not Publication.objects.exists()
    assert not publishing.go_on(sprint, now=NOON + publishing.PATIENCE + timedelta(seconds=1))
    assert Publication.objects.exists()


def test_words_that_somebody_else_wrote_stay(sprint):
    Narrative.objects.create(sprint=sprint, section="concerns", text="None.", at=NOON)
    assert not publishing.go_on(sprint, now=NOON)
    assert Publication.objects.get().content["texts"]["concerns"] == "None."

"""The last step of the sample's story: when the report is published, and when it is not yet."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import transaction

from omc_qa.demo import publishing
from reports import actions
from reports.actions.publications import ReportMoved
from reports.models import Narrative, Publication, Verification
from reports.statuses import Progress
from tests import factories
from tests.factories import NOON
from tests.reports import summarised
from tracks.models import Sprint
from tracks.statuses import Role

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def made_sprint(django_db_setup, django_db_blocker) -> Iterator[Sprint]:
    with django_db_blocker.unblock(), transaction.atomic():
        sprint = summarised.create_sprint_with_everything()
        actions.compare_due(sprint)
        factories.create_member(project=sprint.project, role=Role.TESTER, name="Tess")
        yield sprint
        transaction.set_rollback(True)


@pytest.fixture
def sprint(made_sprint, db) -> Sprint:
    """Each test's own changes are rolled back to it."""
    return made_sprint


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


def test_what_has_no_figure_is_not_written(sprint):
    sprint.integrations.all().delete()
    assert not publishing.go_on(sprint, now=NOON)
    text = Publication.objects.get().content["texts"]["concerns"]
    assert "{{track.A.newly_erroring}}" in text
    assert "Merged with A" not in text


def test_a_figure_that_moves_between_two_attempts_is_written_anew(sprint, monkeypatch):
    def has_moved(*_: object, **__: object) -> None:
        raise ReportMoved(["Something."])

    with monkeypatch.context() as patched:
        patched.setattr(publishing, "publish", has_moved)
        assert publishing.go_on(sprint, now=NOON)
    Narrative.objects.update(figures={"track.A.newly_erroring": "7", "integration.together": "7"})
    assert not publishing.go_on(sprint, now=NOON)
    assert Publication.objects.exists()


def test_whose_words_have_figures_that_moved_publishes_them_by_hand(sprint):
    text = "{{track.A.passed}} pass."
    Narrative.objects.create(
        sprint=sprint, section="concerns", text=text, figures={"track.A.passed": "7"}, at=NOON
    )
    assert not publishing.go_on(sprint, now=NOON)
    assert not Publication.objects.exists()
    assert Narrative.objects.get().text == text

"""Workers that come to merge the same tracks: at once, or one after another has died over it."""

from functools import partial

import pytest
from django.db import connection

from reports import actions
from reports.actions.integrations import merge, start_integration
from reports.models import Integration
from reports.statuses import IntegrationState
from reports.trial_merges import merge_tracks
from tests.factories import NOON
from tests.reports.integrating import create_sprint_in, create_tested_sprint, integrate
from tests.tracks.test_concurrency import at_once
from tracks.models import Run
from tracks.statuses import RunKind

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def integration(tmp_path, settings, monkeypatch) -> Integration:
    monkeypatch.setattr("tracks.doorbell.ring", lambda *_, **__: None)
    settings.DATA_DIR = tmp_path / "data"
    settings.ALLOW_LOCAL_REPOSITORIES = True
    sprint = create_sprint_in(tmp_path / "ledger")
    return start_integration(sprint, sprint.tracks.all(), by=sprint.project.created_by, now=NOON)


def runs() -> list[str]:
    """The commits that are tested with the tracks merged."""
    return list(Run.objects.filter(kind=RunKind.INTEGRATION).values_list("sha", flat=True))


def test_of_workers_that_merge_at_once_one_starts_the_run(integration):
    at_once(*[partial(merge, integration.pk, now=NOON)] * 3)
    integration.refresh_from_db()
    assert integration.state == IntegrationState.TESTING
    assert runs() == [integration.merged[-1]["commit"]]


class KilledError(BaseException):
    """As a signal ends a worker: nothing catches it."""


def test_what_a_worker_dies_over_another_one_merges_into_the_same_commit(
    integration, monkeypatch, settings, tmp_path
):
    made = []

    def merge_and_die(*arguments: object) -> None:
        made.append(merge_tracks(*arguments).tip)
        raise KilledError

    with monkeypatch.context() as dying:
        dying.setattr("reports.actions.integrations.merge_tracks", merge_and_die)
        with pytest.raises(KilledError):
            actions.merge_due(now=NOON)
    integration.refresh_from_db()
    assert (integration.state, runs()) == (IntegrationState.MERGING, [])
    settings.DATA_DIR = tmp_path / "another machine"
    actions.merge_due(now=NOON)
    actions.merge_due(now=NOON)
    integration.refresh_from_db()
    assert integration.state == IntegrationState.TESTING
    assert runs() == made


def test_runs_are_compared_while_nothing_is_locked(monkeypatch):
    monkeypatch.setattr("tracks.doorbell.ring", lambda *_, **__: None)
    locked, compare = [], actions.kept_comparison

    def watched(*runs: Run) -> object:
        locked.append(connection.in_atomic_block)
        return compare(*runs)

    monkeypatch.setattr("reports.actions.interactions.kept_comparison", watched)
    assert integrate(create_tested_sprint()).state == IntegrationState.SEARCHING
    assert locked == [False]

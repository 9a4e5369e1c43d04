"""Tests of pages run in a transaction that is never committed: what waits for the commit happens at once,
so that a run that ends is compared; no worker is told of what is queued."""

from collections.abc import Iterator

import pytest
from django.db import transaction

from reports.actions import kept_comparison
from tests import factories
from tests.reports.publishing import fresh
from tracks import doorbell
from tracks.models import Sprint


@pytest.fixture(autouse=True)
def _at_once(monkeypatch):
    monkeypatch.setattr(transaction, "on_commit", lambda do, **_: do())
    monkeypatch.setattr(doorbell, "ring", lambda *_, **__: None)
    monkeypatch.setattr(doorbell, "tell_of_heads", lambda _: None)
    monkeypatch.setattr(doorbell, "tell_of_rendering", lambda _: None)


@pytest.fixture(scope="module")
def tested_sprint(django_db_setup, django_db_blocker) -> Iterator[Sprint]:
    """A baseline, and track A tested once, made once for a module: what its tests do to it is rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        sprint = factories.create_sprint()
        baseline = factories.create_baseline(sprint=sprint, passed=3)
        run = factories.create_run(track=factories.create_track(sprint=sprint), passed=2, failed=1)
        kept_comparison(baseline, run)
        yield fresh(sprint)
        transaction.set_rollback(True)

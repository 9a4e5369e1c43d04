"""Tests of pages run in a transaction that is never committed: what waits for the commit happens at once,
so that a run that ends is compared; no worker is told of what is queued."""

import pytest
from django.db import transaction

from tracks import doorbell


@pytest.fixture(autouse=True)
def _at_once(monkeypatch):
    monkeypatch.setattr(transaction, "on_commit", lambda do, **_: do())
    monkeypatch.setattr(doorbell, "ring", lambda *_, **__: None)
    monkeypatch.setattr(doorbell, "tell_of_heads", lambda _: None)
    monkeypatch.setattr(doorbell, "tell_of_rendering", lambda _: None)

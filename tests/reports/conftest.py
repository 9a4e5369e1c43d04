"""What tests that let runs happen for real share."""

import pytest


@pytest.fixture
def worker(settings, tmp_path, monkeypatch) -> None:
    """A worker without a sandbox in the tests' own process; it works when ``work_until_idle`` is called."""
    settings.DATA_DIR = tmp_path / "data"
    monkeypatch.setattr("tracks.doorbell.ring", lambda *_, **__: None)
    monkeypatch.setattr("tracks.execution.sandbox.probe", lambda: "no sandbox in this test")
    monkeypatch.setattr("django.db.transaction.on_commit", lambda callback, **_: callback())

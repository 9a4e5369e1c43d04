"""What tests of conclusions share."""

import pytest

from reports.source.snapshots import Snapshot, Sources


@pytest.fixture
def nothing_edited(monkeypatch: pytest.MonkeyPatch) -> None:
    """Git can be asked, and no branch has edited a test."""
    empty = Snapshot("", {})
    monkeypatch.setattr("reports.repository.read_sources", lambda *_: Sources(empty, empty, empty))

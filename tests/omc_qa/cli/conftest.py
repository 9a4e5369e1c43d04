import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def home() -> Iterator[Path]:
    """An installation of its own, at a path that PostgreSQL's user can reach where we are root."""
    with tempfile.TemporaryDirectory(prefix="omc-qa-home-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder) / "qa"

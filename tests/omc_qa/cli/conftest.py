import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from omc_qa.local.processes import tail


@pytest.fixture
def home() -> Iterator[Path]:
    """An installation of its own, at a path that PostgreSQL's user can reach where we are root; pytest shows
    its logs beside a failure."""
    with tempfile.TemporaryDirectory(prefix="omc-qa-home-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder) / "qa"
        for log in sorted(Path(folder).glob("qa/logs/*.log")):
            print(f"── {log.name}\n{tail(log, lines=60)}")

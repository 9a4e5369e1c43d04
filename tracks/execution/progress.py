"""What the tests are doing now, as far as the recorder tells: which of them run, and since when.

    now.json     "test_a.py::test_it"            one test runs
                 ["a.py::one", "b.py::two"]      several do (pytest-xdist)
                 ""                              none does

One JSON line, written over and over at the file's beginning: what follows it is older. The file is
made and opened by us before the subject runs; what it says is a claim, bounded and cleaned.
"""

import json
import os
from pathlib import Path

from tracks.execution.tail import clean

READ_BYTES = 65536
MAX_TESTS = 256
NAMED = 3


class Progress:
    def __init__(self, now: Path, record: Path) -> None:
        """``record`` is the recorder's other file: it grows with every result."""
        self._descriptor = os.open(now, os.O_RDONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._record = record
        self._seen: tuple[bytes, int] = (b"", 0)
        self._running: dict[str, float] = {}

    def close(self) -> None:
        os.close(self._descriptor)

    def look(self, now: float) -> bool:
        """Whether the tests have come any further since the last look; ``now`` in seconds of any clock."""
        line = os.pread(self._descriptor, READ_BYTES, 0).partition(b"\n")[0]
        seen = (line, self._record.lstat().st_size)
        if seen == self._seen:
            return False
        self._seen = seen
        tests = _named(line)
        if tests is not None:
            self._running = {test: self._running.get(test, now) for test in tests}
        return True

    def longest(self, now: float) -> tuple[str, float]:
        """The test that has run for most seconds, and how many; "" and 0 if none runs."""
        if not self._running:
            return "", 0.0
        test = min(self._running, key=lambda name: self._running[name])
        return test, now - self._running[test]

    def where(self) -> str:
        """The tests that run, as the end of a sentence: " in a.py::one", or ""."""
        names = list(self._running)
        more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
        return f" in {', '.join(names[:NAMED])}{more}" if names else ""


def _named(line: bytes) -> list[str] | None:
    """None: the line is not (yet) one of the recorder's."""
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if isinstance(said, str):
        said = [said]
    if not isinstance(said, list):
        return None
    return [test for test in map(clean, said[:MAX_TESTS]) if test]

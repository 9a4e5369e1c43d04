"""Where the recorder writes; a fork of its process does not write. (PYTEST_DONT_REWRITE)

Pen   a line for each event, at the end of a file
Now   one line at the beginning of another, over the one before: the test that runs now
          "tests/test_a.py::test_one"          its node id, as JSON
          ["a.py::one", "b.py::two"]           those of pytest-xdist's workers
          ""                                   the session has ended
      What is left of a longer line before it stands behind the line's end.
"""

import json
import os
from typing import Any


class Writer:
    """Of one file that exists; "" = of none."""

    flags = os.O_WRONLY

    def __init__(self, path: str) -> None:
        self._descriptor = os.open(path, self.flags) if path else -1
        os.register_at_fork(after_in_child=self.close)

    def __bool__(self) -> bool:
        return self._descriptor >= 0

    def close(self) -> None:
        self._descriptor = -1


class Pen(Writer):
    flags = os.O_WRONLY | os.O_APPEND

    def write(self, **line: Any) -> None:
        self._write(json.dumps(line) + "\n")

    def write_passed(self, name: str, seconds: float) -> None:
        """What most lines are; the same as ``write``, in a third of its time. ``name`` is JSON."""
        self._write(f'{{"e": "test", "id": {name}, "o": "passed", "s": {seconds:.6f}}}\n')

    def _write(self, line: str) -> None:
        if self._descriptor >= 0:
            # One write a line, and O_APPEND: lines of two sessions never mix.
            os.write(self._descriptor, line.encode("ascii"))

    def give_up(self, error: Exception) -> None:
        try:  # noqa: SIM105
            self.write(e="fault", text=repr(error))
        except Exception:  # noqa: BLE001, S110
            pass
        self.close()


class Now(Writer):
    def write(self, line: str) -> None:
        if self._descriptor >= 0:
            os.pwrite(self._descriptor, f"{line}\n".encode("ascii"), 0)

"""What all submodules of one checkout may take together: a watch for every git that works on them.

count     MAX_SUBMODULES, also those that are not fetched
seconds   the set-up's limit
bytes     the limit of the disk: the workspace and the submodules' mirrors
"""

from collections.abc import Generator
from pathlib import Path

from tracks.errors import SubjectError
from tracks.events import Heartbeat
from tracks.execution import usage
from tracks.execution.processes import Deadline
from tracks.execution.spec import Limits
from tracks.execution.watch import readable

MAX_SUBMODULES = 50


class Allowance(Deadline):
    def __init__(self, limits: Limits, workspace: Path) -> None:
        super().__init__(limits.setup_seconds, "all submodules")
        self._bytes = limits.disk_bytes
        self._folders = [workspace]
        self._disk = usage.Disk(self._folders)
        self._left = MAX_SUBMODULES

    def close(self) -> None:
        self._disk.close()

    def one_more(self) -> bool:
        """Whether the checkout may have another submodule."""
        self._left -= 1
        return self._left >= 0

    def use(self, mirror: Path) -> None:
        """From now on what the mirror holds counts, too."""
        self._folders.append(mirror)

    def verdict(self) -> str:
        return super().verdict() or self._verdict(self._disk.held())

    def check(self) -> Generator[Heartbeat, None, None]:
        """Measure now what the verdict may not have seen yet. Raises SubjectError when it is too much."""
        verdict = super().verdict() or self._verdict((yield from usage.size(*self._folders)))
        if verdict:
            raise SubjectError(f"It takes too much: {verdict}.")

    def _verdict(self, held: int) -> str:
        return (
            f"more than {readable(self._bytes)} on the disk with all submodules" if held > self._bytes else ""
        )

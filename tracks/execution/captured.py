"""What a check prints: its head and its tail, apart from the run's log."""

from tracks.execution.processes import LogBook


class Captured(LogBook):
    """Keeps ``limit`` characters of what a command prints; none of it goes into the run's log."""

    def __init__(self, limit: int) -> None:
        super().__init__(0)
        self._half = limit // 2
        self._head = ""
        self._end = ""
        self.size = 0

    def take(self, text: str) -> str:
        room = self._half - len(self._head)
        self._head += text[:room]
        self._end = (self._end + text[room:])[-self._half :]
        self.size += len(text)
        return ""

    @property
    def text(self) -> str:
        return _joined(self._head, self._end, self.size)

    @property
    def is_cut(self) -> bool:
        return self.size > len(self._head) + len(self._end)


def shortened(text: str, limit: int) -> str:
    return text if len(text) <= limit else _joined(text[: limit // 2], text[-limit // 2 :], len(text))


def _joined(head: str, end: str, size: int) -> str:
    """The cut is said as ``masking`` knows it, which looks for what is left of a secret beside it."""
    left_out = size - len(head) - len(end)
    return f"{head}\n[… {left_out} characters are left out here]\n{end}" if left_out else head + end

"""The recorder's lines ──> events: the one place where the subject's words are checked and cleaned.

    events.jsonl ──Tail.read()──> SessionStarted  Deselected*  Collected*  Marked*  TestFinished*
                        └── after the end: Tail.finished() ──> SessionFinished | None

The file is made and opened by us before the subject runs: what the subject puts in its place later
is not read. A line that is no such line is passed over; the books then do not balance, and say so.
A test command may start pytest several times: the sessions' figures are added up, and a test that
two of them ran counts once. Results are counted by pytest-xdist's worker as they arrive here.
"""

import hashlib
import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tracks.events import (
    Collected,
    Deselected,
    Event,
    Log,
    Marked,
    SessionFinished,
    SessionStarted,
    TestFinished,
)
from tracks.statuses import Outcome, Phase

READ_BYTES = 1024**2
LINE_BYTES = 4 * 1024**2
TEXT_CHARACTERS = 65536
LINE_CHARACTERS = 2048
WORKER_CHARACTERS = 64
FIXTURE_CHARACTERS = 200
SCOPE_CHARACTERS = 16
MARKER_CHARACTERS = 100
MAX_MARKERS = 200
MAX_MARKS = 1_000_000
"""Of all markers together."""
MAX_WORKERS = 1000
MAX_TESTS = 200_000
MAX_FIGURE = 10_000_000
MAX_SESSIONS = 200
"""So that even the sum of all sessions' figures is an integer of 32 bits."""
EXIT_CODES = range(-(2**31), 2**31)
CONTROLLER = "main"
"""Brings what no worker of pytest-xdist does: modules that could not be collected, sessions without it."""
UNCLEAN = re.compile(r"[\x00\ud800-\udfff]")


def clean(value: object, limit: int = LINE_CHARACTERS) -> str:
    """Text that PostgreSQL and JSON take: no NUL, no lone surrogates; bounded."""
    return UNCLEAN.sub("\ufffd", value if isinstance(value, str) else "")[:limit]


def clean_id(value: object) -> str:
    """A clean test id; two ids that differ stay different."""
    if not isinstance(value, str) or not value:
        raise ValueError("not a test id")
    cleaned = clean(value)
    if cleaned == value:
        return value
    digest = hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"{cleaned[: LINE_CHARACTERS - 32]}…{digest}"


class Tail:
    """Follows one run's file while it grows."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._rest = b""
        self._skipping = False
        self._collected: set[str] = set()
        self._reported: set[str] = set()
        self._doubles = [0, 0]
        self._workers: Counter[str] = Counter()
        self._markers: Counter[str] = Counter()
        self._left_out = 0
        self._ends: list[SessionFinished] = []
        self.loaded = 0
        """How many pytest processes have loaded the recorder."""
        self.excess = ""
        """Why not all tests are kept, if so."""

    def close(self) -> None:
        os.close(self._descriptor)

    @property
    def collected(self) -> int:
        return len(self._collected)

    @property
    def size(self) -> int:
        """Of the file, in bytes."""
        return os.fstat(self._descriptor).st_size

    def read(self) -> Iterator[Event]:
        """The events of all complete lines that have come since the last call."""
        while chunk := os.read(self._descriptor, READ_BYTES):
            *lines, self._rest = (self._rest + chunk).split(b"\n")
            for line in lines:
                if not self._skipping:
                    yield from self._events(line)
                self._skipping = False
            if len(self._rest) > LINE_BYTES:
                self._rest, self._skipping = b"", True

    def finished(self) -> SessionFinished | None:
        """The end of all sessions together; None if one of them did not end in an orderly way."""
        if not self._ends or len(self._ends) != self.loaded:
            return None
        return SessionFinished(
            exit_code=next((end.exit_code for end in reversed(self._ends) if end.exit_code), 0),
            collected=max(0, sum(end.collected for end in self._ends) - self._doubles[0]),
            reported=max(0, sum(end.reported for end in self._ends) - self._doubles[1]),
            deselected=sum(end.deselected for end in self._ends),
            stopped=next((end.stopped for end in self._ends if end.stopped), ""),
            workers=dict(sorted(self._workers.items())) if set(self._workers) - {CONTROLLER} else {},
        )

    def _events(self, line: bytes) -> Iterator[Event]:
        try:
            yield from self._parsed(json.loads(line))
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
            return

    def _parsed(self, line: dict[str, Any]) -> Iterator[Event]:
        match line["e"]:
            case "loaded":
                self.loaded += 1
            case "session":
                yield SessionStarted(clean(line["pytest"], 64), clean(line["python"], 64))
            case "collected":
                tests = [clean_id(name) for name in line["ids"]]
                new = [test for test in dict.fromkeys(tests) if test not in self._collected]
                self._doubles[0] += len(tests) - len(new)
                kept = tuple(new[: MAX_TESTS - len(self._collected)])
                self._collected.update(kept)
                if len(kept) < len(new):
                    self.excess = f"there are more than {MAX_TESTS:,} tests, and the others are not kept"
                if kept:
                    yield Collected(kept)
            case "deselected":
                yield from self._deselected(line)
            case "marked":
                yield from self._marked(line)
            case "test":
                yield from self._test(line)
            case "end" if len(self._ends) < MAX_SESSIONS:
                self._ends.append(_end(line))
            case "fault":
                yield Log(f"[the recorder gave up: {clean(line['text'])}]\n")

    def _marked(self, line: dict[str, Any]) -> Iterator[Event]:
        """The collected tests that bear a marker, as long as not too much has been said of markers."""
        name = clean(line["name"], MARKER_CHARACTERS)
        tests = tuple(test for test in map(clean_id, line["ids"]) if test in self._collected)
        self._markers[name] += len(tests)
        if len(self._markers) <= MAX_MARKERS and self._markers.total() <= MAX_MARKS:
            yield Marked(name, tests)

    def _deselected(self, line: dict[str, Any]) -> Iterator[Event]:
        tests = tuple(map(clean_id, line["ids"]))[: MAX_TESTS - self._left_out]
        self._left_out += len(tests)
        if tests:
            yield Deselected(tests)

    def _test(self, line: dict[str, Any]) -> Iterator[Event]:
        test = clean_id(line["id"])
        seconds = float(line["s"])
        event = TestFinished(
            test=test,
            outcome=Outcome(line["o"]),
            seconds=seconds if 0 <= seconds <= MAX_FIGURE else 0.0,
            phase=Phase(line.get("p", Phase.CALL)),
            message=clean(line.get("m", "")),
            text=clean(line.get("t", ""), TEXT_CHARACTERS),
            fixture=clean(line.get("f", ""), FIXTURE_CHARACTERS),
            fixture_scope=clean(line.get("fs", ""), SCOPE_CHARACTERS),
        )
        if event.outcome is Outcome.ABSENT:
            raise ValueError("no outcome of a test")
        if test in self._reported:
            self._doubles[1] += 1
            return
        if self.excess and test not in self._collected:
            return
        self._reported.add(test)
        self._count_for(clean(line.get("w", CONTROLLER), WORKER_CHARACTERS))
        yield event

    def _count_for(self, worker: str) -> None:
        known = worker in self._workers or len(self._workers) < MAX_WORKERS
        self._workers[worker if known else CONTROLLER] += 1


def _end(line: dict[str, Any]) -> SessionFinished:
    return SessionFinished(
        exit_code=_figure(line["exit"], EXIT_CODES),
        collected=_figure(line["collected"]),
        reported=_figure(line["reported"]),
        deselected=_figure(line["deselected"]),
        stopped=clean(line["stopped"]),
    )


def _figure(value: object, allowed: range = range(MAX_FIGURE + 1)) -> int:
    """An integer that the database can hold."""
    if not isinstance(value, int) or value not in allowed:
        raise ValueError("no figure")
    return value

"""Listens to one pytest session and writes what each test has come to. (PYTEST_DONT_REWRITE)

logstart  logreport (setup, call, teardown) *  logfinish   of each test, as pytest calls it
                                               └── one line, when all has been said
"""

import sys
from collections import Counter
from json.encoder import encode_basestring_ascii as quoted
from typing import Any, Callable  # noqa: UP035 (Python 3.9 subjects)

import pytest

from .pen import Now, Pen
from .reports import RANK, crash_message, failed_fixture, judged, mute_reason
from .texts import capped_id, capped_text, one_line

IDS_A_LINE = 500
PLUMBING = {"parametrize", "usefixtures", "filterwarnings"}
"""Markers that say how a test is made, not what it is."""


class Told:
    """What the reports of one test have said so far: that it passed, unless they say more."""

    outcome = "passed"
    phase = "call"
    message = ""
    text = ""
    seconds = 0.0
    plain = True
    """It passed, and nothing more is to be said."""
    rerun = False
    worker = ""
    """Of pytest-xdist."""
    fixture = scope = ""
    """The fixture that failed, if the test's setup did."""


class Recorder:
    def __init__(self, pen: Pen, now: Now) -> None:
        self.pen = pen
        self.now = now
        self.names: dict[str, str] = {}
        """Of the tests that run now, as JSON."""
        self.spread = False
        """Over pytest-xdist's workers."""
        self.left: Counter[str] = Counter()
        self.modules: set[str] = set()
        self.told: dict[str, Told] = {}
        self.collected = 0
        self.reported = 0
        self.deselected = 0
        self.stopped = ""
        self.session: Any = None

    def safely(self, step: Callable[..., None], *arguments: Any) -> None:
        if self.pen:
            try:
                step(*arguments)
            except Exception as error:  # noqa: BLE001 (see the module's docstring)
                self.pen.give_up(error)

    # What pytest calls. Plain functions: older pluggy reads argument names through no decorator.

    def pytest_sessionstart(self, session: Any) -> None:
        python = sys.version.split()[0]
        self.safely(lambda: self.pen.write(e="session", pytest=pytest.__version__, python=python))

    def pytest_collectreport(self, report: Any) -> None:
        if not report.passed:
            self.safely(self.module_told, report)

    def pytest_deselected(self, items: list[Any]) -> None:
        self.deselected += len(items)
        self.safely(self.named, "deselected", [item.nodeid for item in items])

    def pytest_collection_finish(self, session: Any) -> None:
        self.safely(self.tests_collected, [item.nodeid for item in session.items])
        self.safely(self.markers_told, session.items)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, node: Any, ids: list[str]) -> None:
        self.spread = True
        if not self.left:  # every worker collects the same; the first one to end counts
            self.safely(self.tests_collected, ids)

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        try:
            name = self.names[nodeid] = quoted(capped_id(nodeid))
            self.now.write(name if not self.spread else f"[{', '.join(self.names.values())}]")
        except Exception as error:  # noqa: BLE001
            self.pen.give_up(error)

    def pytest_runtest_logreport(self, report: Any) -> None:
        # Three times a test: a plain pass goes the short way.
        try:
            said = report.__dict__
            if report.outcome == "passed" and "wasxfail" not in said and "context" not in said:
                told = self.told.get(report.nodeid) or self.begun(report)
                if not told.rerun:
                    told.seconds += report.duration
                    return
        except Exception as error:  # noqa: BLE001
            self.pen.give_up(error)
        self.safely(self.test_told, report)

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        try:
            name = self.names.pop(nodeid, "")
            if self.spread:  # a worker's next test may be long in coming
                self.now.write(f"[{', '.join(self.names.values())}]")
            elif name and (told := self.told.get(nodeid)) and told.plain and self.left[nodeid] == 1:
                del self.told[nodeid]
                self.left[nodeid] = 0
                self.reported += 1
                self.pen.write_passed(name, told.seconds)
                return
        except Exception as error:  # noqa: BLE001
            self.pen.give_up(error)
        self.safely(self.test_finished, nodeid)

    def pytest_exception_interact(self, node: Any, call: Any, report: Any) -> None:
        # After the report of what failed, before the test's end.
        if report.when == "setup" and (told := self.told.get(report.nodeid)):
            told.fixture, told.scope = failed_fixture(node, call.excinfo.value)

    def pytest_keyboard_interrupt(self, excinfo: Any) -> None:
        self.safely(self.interrupted, excinfo)

    def pytest_sessionfinish(self, session: Any) -> None:
        self.session = session
        self.safely(self.now.write, '""')

    @pytest.hookimpl(trylast=True)
    def pytest_unconfigure(self, config: Any) -> None:
        # Not in sessionfinish: other plugins change the exit code there.
        if self.session is not None:
            self.safely(self.ended)

    # What it does then.

    def tests_collected(self, ids: list[str]) -> None:
        self.left.update(ids)
        self.collected += len(self.left)  # a test named twice is one test
        self.named("collected", list(self.left))

    def markers_told(self, items: list[Any]) -> None:
        """Of each marker that can be chosen by, the tests that bear it."""
        bearers: dict[str, list[str]] = {}
        above: dict[Any, set[str]] = {None: set()}  # what tests have from their class, module, folder
        for item in items:
            inherited = above.get(item.parent)
            if inherited is None:
                inherited = above[item.parent] = {mark.name for mark in item.parent.iter_markers()} - PLUMBING
            if inherited or item.own_markers:
                for name in inherited.union([mark.name for mark in item.own_markers]) - PLUMBING:
                    bearers.setdefault(name, []).append(item.nodeid)
        for name, ids in bearers.items():
            self.named("marked", ids, name=one_line(name))

    def named(self, event: str, ids: list[str], **more: str) -> None:
        for start in range(0, len(ids), IDS_A_LINE):
            self.pen.write(e=event, ids=[capped_id(each) for each in ids[start : start + IDS_A_LINE]], **more)

    def module_told(self, report: Any) -> None:
        """A module that cannot be collected, or skips itself as a whole, is an entry of its own."""
        nodeid = report.nodeid or "."
        if nodeid in self.modules:
            return
        self.modules.add(nodeid)
        told = Told()
        told.phase = "collect"
        self.note(told, report, "error" if report.failed else "skipped")
        self.collected += 1
        self.pen.write(e="collected", ids=[capped_id(nodeid)])
        self.write_test(nodeid, told)

    def test_told(self, report: Any) -> None:
        told = self.told.get(report.nodeid)
        if told is None or (told.rerun and report.when == "setup"):
            told = self.begun(report)
        if report.outcome == "rerun":  # pytest-rerunfailures: only the last try counts
            told.rerun, told.plain = True, False
            return
        subtest = hasattr(report, "context")
        if not subtest:
            told.seconds += report.duration
        elif not report.failed:
            return
        outcome = judged(report)
        if RANK[outcome] > RANK[told.outcome]:
            told.phase = report.when if report.when in ("setup", "teardown") else "call"
            self.note(told, report, outcome)
        if report.when == "???":  # an xdist worker died in this test: nothing more comes of it
            self.left[report.nodeid] = 1
            self.names.pop(report.nodeid, None)
            self.test_finished(report.nodeid)

    def begun(self, report: Any) -> Told:
        told = self.told[report.nodeid] = Told()
        if self.spread:
            told.worker = report.node.gateway.id
        return told

    def note(self, told: Told, report: Any, outcome: str) -> None:
        told.outcome, told.plain = outcome, False
        if outcome in ("failed", "error"):
            text = report.longreprtext
            if text.startswith("[gw"):  # xdist's first line names the worker: chance, not the failure
                text = text.partition("\n")[2].lstrip("\n")
            told.text = capped_text(text)
            told.message = crash_message(report, text)
        elif outcome != "passed":
            told.message = mute_reason(report)

    def test_finished(self, nodeid: str) -> None:
        told = self.told.get(nodeid)
        if told is None or told.rerun:
            return
        self.left[nodeid] -= 1
        if self.left[nodeid] == 0:
            del self.told[nodeid]
            self.write_test(nodeid, told)

    def write_test(self, nodeid: str, told: Told) -> None:
        self.reported += 1
        line = {"id": capped_id(nodeid), "o": told.outcome, "s": round(told.seconds, 6)}
        if told.phase != "call":
            line["p"] = told.phase
        if told.message:
            line["m"] = told.message
        if told.text:
            line["t"] = told.text
        if told.worker:
            line["w"] = told.worker
        if told.fixture:
            line["f"], line["fs"] = told.fixture, told.scope
        self.pen.write(e="test", **line)

    def interrupted(self, excinfo: Any) -> None:
        self.stopped = one_line(excinfo.exconly()) or "interrupted"

    def ended(self) -> None:
        reason = getattr(self.session, "shouldfail", "") or getattr(self.session, "shouldstop", "")
        self.pen.write(
            e="end",
            exit=int(self.session.exitstatus),
            collected=self.collected,
            reported=self.reported,
            deselected=self.deselected,
            stopped=self.stopped or (one_line(reason) if isinstance(reason, str) else ""),
        )

"""The pytest plugin that tells a run's results, one JSON line each. (PYTEST_DONT_REWRITE)

    {"e": "loaded"}                              this process is pytest and has the recorder
    {"e": "session", "pytest": …, "python": …}
    {"e": "collected", "ids": […]} *             tests, and modules that could not be collected
    {"e": "test", "id", "o"utcome, "s"econds, "p"hase, "m"essage, "t"ext} *
    {"e": "end", "exit", "collected", "reported", "deselected", "stopped"}

It is copied alone, as ``omc_qa_recorder.py``, into a folder of the run and loaded by the variables
PYTHONPATH and PYTEST_PLUGINS: nothing is installed into the project's environment. Standard library
only, Python 3.9 and later, pytest 6 to 9. It shares a process with the code under test: nothing that
goes wrong in here may break the subject's session, so a hook that fails ends the recording (the
missing end line tells) and not the tests.
"""

import json
import os
import sys
from collections import Counter
from json.encoder import encode_basestring_ascii as quoted
from typing import Any, Callable, Optional  # noqa: UP035 (Python 3.9 subjects)

import pytest

NAME = "omc_qa_recorder"
RECORD = "OMC_QA_RECORD"
SELECTION = "OMC_QA_SELECTION"
TEXT_BYTES = 65536
MESSAGE_BYTES = 2048
ID_BYTES = 2048
IDS_A_LINE = 500
RANK = {"passed": 0, "skipped": 1, "xfailed": 2, "xpassed": 3, "error": 4, "failed": 5}
"""Of all that is said of one test, the highest counts."""


def encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def decoded(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def capped_id(nodeid: str) -> str:
    """A node id of bounded length; two that differ stay different."""
    if len(nodeid) * 4 <= ID_BYTES or len(encoded(nodeid)) <= ID_BYTES:
        return nodeid
    import hashlib  # seldom needed, and slow to import

    digest = hashlib.sha256(encoded(nodeid)).hexdigest()[:16]
    return decoded(encoded(nodeid)[: ID_BYTES - 64]) + "…" + digest


def capped_text(text: str, limit: int = TEXT_BYTES) -> str:
    raw = encoded(text)
    if len(raw) <= limit:
        return text
    half = limit // 2 - 64
    cut = len(raw) - 2 * half
    return f"{decoded(raw[:half])}\n[… {cut} bytes are cut here …]\n{decoded(raw[-half:])}"


def one_line(text: str) -> str:
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    raw = encoded(line)
    return line if len(raw) <= MESSAGE_BYTES else decoded(raw[: MESSAGE_BYTES - 3]) + "…"


def crash_message(report: Any, text: str) -> str:
    """What broke, in one line: pytest's crash message, else the first line that it marks with E."""
    crash = getattr(report.longrepr, "reprcrash", None)
    if crash is not None and crash.message:
        return one_line(crash.message)
    lines = text.splitlines()
    marked = [line[1:] for line in lines if line.startswith("E  ") and line[1:].strip()]
    return one_line(marked[0] if marked else lines[-1] if lines else "")


def mute_reason(report: Any) -> str:
    """Why a test was skipped or was expected to fail."""
    if hasattr(report, "wasxfail"):
        reason = str(report.wasxfail)
        return one_line(reason[8:] if reason.startswith("reason: ") else reason)
    longrepr = report.longrepr
    reason = str(longrepr[2]) if isinstance(longrepr, tuple) and len(longrepr) == 3 else str(longrepr)
    return one_line(reason[9:] if reason.startswith("Skipped: ") else reason)


def judged(report: Any) -> str:
    if report.failed:
        return "failed" if report.when == "call" else "error"
    if hasattr(report, "wasxfail"):
        return "xfailed" if report.skipped else "xpassed"
    return "skipped" if report.skipped else "passed"


class Pen:
    """Writes lines for the process that claimed the recording; a fork of it does not write."""

    def __init__(self, path: str) -> None:
        self._process = os.getpid()
        self._descriptor = os.open(path, os.O_WRONLY | os.O_APPEND) if path else -1

    def __bool__(self) -> bool:
        return self._descriptor >= 0

    def write(self, **line: Any) -> None:
        self._write(json.dumps(line) + "\n")

    def write_passed(self, test: str, seconds: float) -> None:
        """What most lines are; the same as ``write``, in a third of its time."""
        self._write(f'{{"e": "test", "id": {quoted(test)}, "o": "passed", "s": {seconds:.6f}}}\n')

    def _write(self, line: str) -> None:
        if self._descriptor >= 0 and os.getpid() == self._process:
            # One write a line, and O_APPEND: lines of two sessions never mix.
            os.write(self._descriptor, line.encode("ascii"))

    def give_up(self, error: Exception) -> None:
        try:  # noqa: SIM105
            self.write(e="fault", text=repr(error))
        except Exception:  # noqa: BLE001, S110
            pass
        self._descriptor = -1


class Told:
    """What the reports of one test have said so far: that it passed, unless they say more."""

    outcome = "passed"
    phase = "call"
    message = ""
    text = ""
    seconds = 0.0
    rerun = False


class Recorder:
    def __init__(self, pen: Pen, selection: Optional["Selection"]) -> None:
        self.pen = pen
        self.selection = selection
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

    def pytest_collection_finish(self, session: Any) -> None:
        self.safely(self.tests_collected, [item.nodeid for item in session.items])

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, node: Any, ids: list[str]) -> None:
        if not self.left:  # every worker collects the same; the first one to end counts
            self.safely(self.tests_collected, ids)

    def pytest_runtest_logreport(self, report: Any) -> None:
        # Three times a test: a plain pass goes the short way.
        try:
            if report.outcome == "passed" and not (hasattr(report, "wasxfail") or hasattr(report, "context")):
                told = self.told.get(report.nodeid)
                if told is None:
                    told = self.told[report.nodeid] = Told()
                if not told.rerun:
                    told.seconds += report.duration
                    return
        except Exception as error:  # noqa: BLE001
            self.pen.give_up(error)
        self.safely(self.test_told, report)

    def pytest_runtest_logfinish(self, nodeid: str, location: Any) -> None:
        try:
            told = self.told.get(nodeid)
            if told is not None and told.outcome == "passed" and self.left[nodeid] == 1 and not told.rerun:
                del self.told[nodeid]
                self.left[nodeid] = 0
                self.reported += 1
                self.pen.write_passed(capped_id(nodeid), told.seconds)
                return
        except Exception as error:  # noqa: BLE001
            self.pen.give_up(error)
        self.safely(self.test_finished, nodeid)

    def pytest_keyboard_interrupt(self, excinfo: Any) -> None:
        self.safely(self.interrupted, excinfo)

    def pytest_sessionfinish(self, session: Any) -> None:
        self.session = session

    @pytest.hookimpl(trylast=True)
    def pytest_unconfigure(self, config: Any) -> None:
        # Not in sessionfinish: other plugins change the exit code there.
        if self.session is not None:
            self.safely(self.ended)

    # What it does then.

    def tests_collected(self, ids: list[str]) -> None:
        self.left.update(ids)
        names = [capped_id(nodeid) for nodeid in self.left]  # a test named twice is one test
        self.collected += len(names)
        for start in range(0, len(names), IDS_A_LINE):
            self.pen.write(e="collected", ids=names[start : start + IDS_A_LINE])

    def module_told(self, report: Any) -> None:
        """A module that cannot be collected, or skips itself as a whole, is an entry of its own."""
        nodeid = report.nodeid or "."
        if nodeid in self.modules or (self.selection and not self.selection.touches(nodeid)):
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
            told = self.told[report.nodeid] = Told()
        if report.outcome == "rerun":  # pytest-rerunfailures: only the last try counts
            told.rerun = True
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
            self.test_finished(report.nodeid)

    def note(self, told: Told, report: Any, outcome: str) -> None:
        told.outcome = outcome
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


class Selection:
    """Keeps the named tests (or all of a named module or class) and collects no other file."""

    def __init__(self, path: str) -> None:
        with open(path, encoding="utf-8") as file:  # noqa: PTH123
            self.names: set[str] = set(json.load(file))
        self.files = {name.split("::")[0] for name in self.names}

    def keeps(self, nodeid: str) -> bool:
        if capped_id(nodeid) in self.names:
            return True
        parts = nodeid.split("::")
        return any("::".join(parts[:count]) in self.names for count in range(1, len(parts)))

    def touches(self, nodeid: str) -> bool:
        return self.keeps(nodeid) or any(name.startswith(nodeid + "::") for name in self.names)

    @pytest.hookimpl(tryfirst=True)
    def pytest_make_collect_report(self, collector: Any) -> Any:
        """An unwanted file is not even imported: what is wrong with it is not this run's concern."""
        if not isinstance(collector, pytest.File) or isinstance(collector, pytest.Package):
            return None
        if collector.nodeid in self.files:
            return None
        return pytest.CollectReport(collector.nodeid, "passed", None, [])

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: Any, items: list[Any]) -> None:
        kept = [item for item in items if self.keeps(item.nodeid)]
        dropped = [item for item in items if not self.keeps(item.nodeid)]
        if dropped:
            config.hook.pytest_deselected(items=dropped)
            items[:] = kept


def claim() -> tuple[Pen, str]:
    """The first pytest process takes the recording; what it starts (pytester, xdist) does not."""
    return Pen(os.environ.pop(RECORD, "")), os.environ.get(SELECTION, "")


def leave_no_trace() -> None:
    """A pytest that the tests start must find the environment as the project made it."""
    folder = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120
    for variable, mine, separator in (("PYTEST_PLUGINS", NAME, ","), ("PYTHONPATH", folder, os.pathsep)):
        parts = [part for part in os.environ.get(variable, "").split(separator) if part != mine]
        if parts and parts != [""]:
            os.environ[variable] = separator.join(parts)
        else:
            os.environ.pop(variable, None)


pen, selection_path = claim()
pen.write(e="loaded")


def pytest_configure(config: Any) -> None:
    global pen
    worker = hasattr(config, "workerinput")
    try:
        selection = Selection(selection_path) if selection_path and (pen or worker) else None
        if selection is not None:
            config.pluginmanager.register(selection, NAME + "_selection")
        elif pen:
            leave_no_trace()  # with a selection, xdist's workers need the recorder too
        if pen:
            # One module that cannot be imported must not hide the results of all others.
            config.option.continue_on_collection_errors = True
            config.pluginmanager.register(Recorder(pen, selection), NAME + "_session")
            pen = Pen("")  # a second session in this process is not the run's
    except Exception as error:  # noqa: BLE001
        pen.give_up(error)

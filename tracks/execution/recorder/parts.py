"""Which tests a session runs, where it does not run all of them. (PYTEST_DONT_REWRITE)

    Selection   ["tests/test_a.py::test_one", "tests/test_b.py", …]         by name
    Share       {"number": 0, "of": 3, "by": "file", "plan": {"tests/test_a.py": 2, …}}
                one of several parts of a run: plan[name], else a hash of the name, says whose a file
                (by "file") or a test (by "test") is. All parts together hold everything once.

A file that the session does not want is not even imported, unless the shares are made by test. What is
wrong with a module or folder is told by the session that it concerns, and by no other: to the others
it is an empty one.
"""

import json
import os
import zlib
from typing import Any, Optional

import pytest

from .texts import capped_id, encoded

NO_TESTS = 5


def register(config: Any, name: str, paths: dict[str, str]) -> None:
    """Make the session run the parts that files describe: ``{"selection": path, "share": path}``."""
    if "selection" in paths:
        in_one_process(config)
        config.pluginmanager.register(Selection(_loaded(paths["selection"])), name + "_selection")
    if "share" in paths:
        config.pluginmanager.register(Share(config, _loaded(paths["share"])), name + "_share")
    config.pluginmanager.register(Workers(name, paths), name + "_workers")


def in_one_process(config: Any) -> None:
    """Tests that are named are run in the order of their names: pytest-xdist, which has not begun yet, would
    spread them."""
    if hasattr(config.option, "dist"):
        config.option.dist, config.option.tx = "no", []


def _loaded(path: str) -> Any:
    with open(path, encoding="utf-8") as file:  # noqa: PTH123
        return json.load(file)


class Workers:
    """pytest-xdist's workers collect, so they need the parts, too."""

    def __init__(self, name: str, paths: dict[str, str]) -> None:
        self.name = name
        self.paths = paths

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_setupnodes(self, config: Any, specs: list[Any]) -> None:
        # Of the workers' own environment: what the tests start there shall not have it.
        plugins = [os.environ.get("PYTEST_PLUGINS"), self.name]
        for spec in specs:
            spec.env = {**(spec.env or {}), "PYTEST_PLUGINS": ",".join(filter(None, plugins))}

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        node.workerinput[self.name] = self.paths


class Part:
    """What selections and shares have in common."""

    def imports(self, nodeid: str) -> bool:
        """Whether the session needs what is in a file."""
        raise NotImplementedError

    def concerns(self, nodeid: str) -> bool:
        """Whether it is this session's to tell what is wrong with a module or folder."""
        raise NotImplementedError

    @pytest.hookimpl(tryfirst=True)
    def pytest_make_collect_report(self, collector: Any) -> Any:
        if not isinstance(collector, pytest.File) or isinstance(collector, pytest.Package):
            return None
        if self.imports(collector.nodeid):
            return None
        return pytest.CollectReport(collector.nodeid, "passed", None, [])

    @pytest.hookimpl(tryfirst=True)
    def pytest_collectreport(self, report: Any) -> None:
        if not report.passed and not self.concerns(report.nodeid):
            report.outcome, report.longrepr, report.result = "passed", None, []


class Selection(Part):
    """Keeps the named tests, or all of a named module or class, in the order of the names."""

    def __init__(self, names: list[str]) -> None:
        self.names = {name: place for place, name in enumerate(names)}
        self.files = {name.split("::")[0] for name in names}

    def imports(self, nodeid: str) -> bool:
        return nodeid in self.files

    def concerns(self, nodeid: str) -> bool:
        below = (nodeid + "::", nodeid + "/")
        return (
            not nodeid or self.place(nodeid) is not None or any(name.startswith(below) for name in self.names)
        )

    def place(self, nodeid: str) -> Optional[int]:  # noqa: UP045 (Python 3.9 subjects)
        """Of the name by which the test is kept; None where it is not."""
        parts = nodeid.split("::")
        names = [capped_id(nodeid), *("::".join(parts[:count]) for count in range(len(parts) - 1, 0, -1))]
        return next((self.names[name] for name in names if name in self.names), None)

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        # Not deselected: that is what the project itself leaves out. Last of all, so that nothing, such as
        # a plugin that shuffles, changes the order.
        places = [(self.place(item.nodeid), item) for item in items]
        kept = [(place, item) for place, item in places if place is not None]
        items[:] = [item for _, item in sorted(kept, key=lambda each: each[0])]


class Share(Part):
    """Keeps what belongs to one of several parts."""

    def __init__(self, config: Any, share: dict[str, Any]) -> None:
        self.number: int = share["number"]
        self.of: int = share["of"]
        self.plan: dict[str, int] = share["plan"]
        self.by_file = share["by"] == "file"
        # pytest looks for a test that its command line names: its file must not be empty then.
        self.imports_all = not self.by_file or any("::" in argument for argument in config.args)

    def holds(self, name: str) -> bool:
        planned = self.plan.get(capped_id(name))
        return (zlib.crc32(encoded(name)) if planned is None else planned) % self.of == self.number

    def imports(self, nodeid: str) -> bool:
        return self.imports_all or self.holds(nodeid)

    def concerns(self, nodeid: str) -> bool:
        return self.holds(nodeid.split("::")[0] if self.by_file else nodeid)

    def keeps(self, item: Any) -> bool:
        if not self.by_file:
            return self.holds(item.nodeid)
        file = item.getparent(pytest.File)
        return self.holds(file.nodeid if file else item.nodeid.split("::")[0])

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        # Not deselected: another part runs them. First of all, so that what the project deselects
        # is counted by one part only.
        items[:] = [item for item in items if self.keeps(item)]

    def pytest_report_header(self) -> str:
        return f"OMC QA: part {self.number + 1} of {self.of}"

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: Any) -> None:
        # A part without tests is no error: ``pytest unit && pytest integration`` has to go on.
        if session.exitstatus == NO_TESTS:
            session.exitstatus = 0

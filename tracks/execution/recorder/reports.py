"""What a report of pytest's says of a test: its outcome, and why in one line. (PYTEST_DONT_REWRITE)"""

from typing import Any

from .texts import one_line

RANK = {"passed": 0, "skipped": 1, "xfailed": 2, "xpassed": 3, "error": 4, "failed": 5}
"""Of all that is said of one test, the highest counts."""


def judged(report: Any) -> str:
    if report.failed:
        return "failed" if report.when == "call" else "error"
    if hasattr(report, "wasxfail"):
        return "xfailed" if report.skipped else "xpassed"
    return "skipped" if report.skipped else "passed"


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


def failed_fixture(item: Any, error: BaseException) -> tuple[str, str]:
    """The name and the scope of the fixture that raised ``error``; empty where that cannot be told."""
    found = dict(getattr(getattr(item, "_fixtureinfo", None), "name2fixturedefs", {}))
    used = getattr(getattr(item, "_request", None), "_fixture_defs", {})  # with what a test asked for by name
    for definition in [each for some in found.values() for each in some] + list(used.values()):
        # pytest keeps what a fixture raised, and raises it again for each test of its scope.
        cached = getattr(definition, "cached_result", None)
        raised = cached[2] if cached else None
        if raised is error or (isinstance(raised, tuple) and any(each is error for each in raised)):
            return one_line(definition.argname), str(definition.scope)
    return "", ""

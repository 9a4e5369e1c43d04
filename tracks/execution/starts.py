"""Why a test command gave no results at all: its log and the recorder's lines ──> one sentence; pure."""

import re

from tracks.errors import SubjectError
from tracks.events import SessionFinished
from tracks.terminal import without_codes

NO_COMMAND = 127
USAGE = frozenset({3, 4})
NO_TESTS = 5
MISSING = re.compile(r"No module named '?pytest'?\s*$", re.MULTILINE)
RAISED = re.compile(r"^E\s+([\w.]*(?:Error|Exception|Exit|Interrupt|Warning|Failed|Skipped)\b.*)$")
SAID = re.compile(r"^(?:\w*ERROR:? |[\w.]*(?:Error|Exception): )\S")


def problem(
    *,
    command: str,
    exit_code: int,
    loaded: bool,
    collected: int,
    finished: SessionFinished | None,
    selected: int,
    shared: bool,
    log: str,
) -> SubjectError | None:
    """What the person has to know before all else, or None if there are results to look at.

    A ``shared`` run may have no tests: whether all parts together have some, their sum tells.
    """
    log = without_codes(log)
    if collected:
        return None
    if finished and (finished.exit_code == NO_TESTS or exit_code == 0):
        return None if shared else no_tests(finished, selected, log)
    if loaded:
        return (
            _cannot_start(exit_code, log)
            if exit_code in USAGE or (finished is None and exit_code == 1)
            else None
        )
    return _no_pytest(command, exit_code, log)


def no_tests(finished: SessionFinished, selected: int, log: str) -> SubjectError:
    if selected:
        return SubjectError(
            f"None of the {selected} selected tests exists at this commit.",
            remedy="They may have been renamed or deleted: run all tests.",
            detail=log,
        )
    if finished.deselected:
        return SubjectError(
            f"No tests were collected: all {finished.deselected} were deselected.",
            remedy="Look at -k, -m and addopts in the test command and in pytest's configuration.",
            detail=log,
        )
    return SubjectError(
        "No tests were collected.",
        remedy="Check the project's folder, pytest's testpaths, and that files are named test_*.py.",
        detail=log,
    )


def _cannot_start(exit_code: int, log: str) -> SubjectError:
    return SubjectError(
        f"pytest could not start: {cause(log) or f'exit code {exit_code}'}",
        remedy="Nothing was tested. Correct conftest.py or pytest's configuration, then run again.",
        detail=log,
    )


def _no_pytest(command: str, exit_code: int, log: str) -> SubjectError:
    if MISSING.search(log) or (exit_code == NO_COMMAND and re.search(r"\b(pytest|py\.test): ", log)):
        return SubjectError(
            "pytest is missing in the project's environment.",
            remedy="Add pytest to the project's requirements, or install it in the setup command.",
            detail=log,
        )
    if exit_code == NO_COMMAND:
        return SubjectError(
            f"The test command was not found: {command}",
            remedy="Correct the test command, or install the program in the setup command.",
            detail=log,
        )
    return SubjectError(
        f"The test command ended with exit code {exit_code} and never started pytest: {command}",
        remedy="The test command has to run pytest. If it does: it must not clear the environment's "
        "variables (env -i, tox without passenv, python -E or -I), which load OMC QA's recorder.",
        detail=log,
    )


def cause(log: str) -> str:
    """The line of pytest's output that says what was wrong."""
    lines = [line.rstrip() for line in without_codes(log).splitlines() if line.strip()]
    raised = [match.group(1) for line in lines if (match := RAISED.match(line))]
    if raised:
        return raised[-1]
    said = [line for line in lines if SAID.match(line)]
    return (said or lines or [""])[-1].removeprefix("ERROR: ")

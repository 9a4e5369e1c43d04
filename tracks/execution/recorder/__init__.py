"""The pytest plugin that tells a run's results, one JSON line each. (PYTEST_DONT_REWRITE)

    {"e": "loaded"}                              this process is pytest and has the recorder
    {"e": "session", "pytest": …, "python": …}
    {"e": "deselected", "ids": […]} *            what the project's own configuration leaves out
    {"e": "collected", "ids": […]} *             tests, and modules that could not be collected
    {"e": "marked", "name", "ids": […]} *        the tests that bear a marker
    {"e": "test", "id", "o"utcome, "s"econds, "p"hase, "m"essage, "t"ext, "w"orker, "f"ixture, "fs"cope} *
    {"e": "end", "exit", "collected", "reported", "deselected", "stopped"}

    OMC_QA_RECORD      the file that the lines are added to
    OMC_QA_NOW         the file whose first line says what runs now: see pen.py
    OMC_QA_SELECTION   a JSON list of the node ids to run        } see parts.py
    OMC_QA_SHARE       a JSON object: which part of them         }

It is copied alone, as the package ``omc_qa_recorder``, into a folder of the run and loaded by the
variables PYTHONPATH and PYTEST_PLUGINS: nothing is installed into the project's environment. Standard
library only, Python 3.9 and later, pytest 6 to 9. It shares a process with the code under test: nothing
that goes wrong in here may break the subject's session, so a hook that fails ends the recording (the
missing end line tells) and not the tests.
"""

import os
from typing import Any

from .pen import Now, Pen

NAME = "omc_qa_recorder"


def claim() -> tuple[Pen, Now, dict[str, str]]:
    """The first pytest process takes the recording; what it starts (pytester, xdist) does not."""
    pen, now = Pen(os.environ.pop("OMC_QA_RECORD", "")), Now(os.environ.pop("OMC_QA_NOW", ""))
    paths = {kind: os.environ.pop(f"OMC_QA_{kind.upper()}", "") for kind in ("selection", "share")}
    return pen, now, {kind: path for kind, path in paths.items() if path}


def leave_no_trace() -> None:
    """A pytest that the tests start must find the environment as the project made it."""
    folder = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120
    for variable, mine, separator in (("PYTEST_PLUGINS", NAME, ","), ("PYTHONPATH", folder, os.pathsep)):
        parts = [part for part in os.environ.get(variable, "").split(separator) if part != mine]
        if parts and parts != [""]:
            os.environ[variable] = separator.join(parts)
        else:
            os.environ.pop(variable, None)


pen, now, part_files = claim()
pen.write(e="loaded")


def pytest_configure(config: Any) -> None:
    global pen
    worker = getattr(config, "workerinput", {}).get(NAME)
    try:
        leave_no_trace()
        paths = part_files if pen else worker
        if paths:
            from .parts import register  # few runs need it

            register(config, NAME, paths)
        if pen:
            from .session import Recorder  # an xdist worker does not need it

            # One module that cannot be imported must not hide the results of all others.
            config.option.continue_on_collection_errors = True
            config.pluginmanager.register(Recorder(pen, now), NAME + "_session")
            pen = Pen("")  # a second session in this process is not the run's
    except Exception as error:  # noqa: BLE001
        pen.give_up(error)

"""A pytest plugin: PostgreSQL and a Redis-protocol server for the session, started before Django's settings
are read (named by ``addopts = -p tests.servers``; a conftest would be too late).

xdist's workers inherit the controller's environment and start nothing.
"""

import os
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest

from omc_qa.local import servers
from omc_qa.local.home import Home

_stack = ExitStack()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Only a hook that runs before pytest-django reads the settings; it adds no option."""
    if os.environ.get("PYTEST_XDIST_WORKER") or os.environ.get("OMC_QA_TEST_SERVERS"):
        return
    folder = _stack.enter_context(tempfile.TemporaryDirectory(prefix="omc-qa-tests-"))
    Path(folder).chmod(0o711)  # PostgreSQL runs as another user where we are root
    home = Home(Path(folder) / "home")
    _stack.callback(home.remove)
    os.environ.update(_stack.enter_context(servers.running(home, durable=False)))
    os.environ["OMC_QA_TEST_SERVERS"] = "running"


def pytest_unconfigure(config: pytest.Config) -> None:
    _stack.close()

"""A pytest plugin: PostgreSQL and a Redis-protocol server for the session, started before Django's settings
are read (named by ``addopts = -p tests.servers``; a conftest would be too late).

xdist's workers inherit the controller's environment and start nothing; each has a Redis database of its own.
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
    if worker := os.environ.get("PYTEST_XDIST_WORKER"):
        os.environ["REDIS_URL"] += f"?virtual_host={int(worker[2:]) + 1}"
        return
    folder = _stack.enter_context(tempfile.TemporaryDirectory(prefix="omc-qa-tests-"))
    Path(folder).chmod(0o711)  # PostgreSQL runs as another user where we are root
    home = Home(Path(folder) / "home")
    _stack.callback(home.remove)
    os.environ.update(_stack.enter_context(servers.running(home, durable=False)))


def pytest_unconfigure(config: pytest.Config) -> None:
    _stack.close()

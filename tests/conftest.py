"""Fixtures that tests of every package share, and what is left out where the machine lacks it."""

import os
import shutil
from collections.abc import Iterator
from datetime import datetime

import pytest
from django.conf import settings
from django.core.cache import cache

from tests.factories import NOON

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), ""
)
LEFT_OUT = pytest.StashKey[int]()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the browser tests out where there is no Chromium; CI must have one."""
    if CHROMIUM:
        return
    if os.environ.get("CI"):
        raise pytest.UsageError("CI runs the browser tests, but there is no Chromium on this machine.")
    browser = [item for item in items if item.get_closest_marker("browser")]
    items[:] = [item for item in items if not item.get_closest_marker("browser")]
    config.stash[LEFT_OUT] = len(browser)
    config.hook.pytest_deselected(items=browser)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if config.stash.get(LEFT_OUT, 0):
        terminalreporter.write_line(
            f"LEFT OUT: {config.stash[LEFT_OUT]} browser tests, for want of Chromium "
            "(Debian: apt-get install chromium)."
        )


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """No connection outlives its request: the live server's would keep the database from being dropped."""
    settings.DATABASES["default"]["CONN_MAX_AGE"] = 0


@pytest.fixture
def now() -> datetime:
    return NOON


@pytest.fixture(autouse=True)
def _empty_cache(request: pytest.FixtureRequest) -> Iterator[None]:
    """Rate limits count in the cache: no test inherits another's failed sign-ins."""
    yield
    if request.node.get_closest_marker("django_db"):
        cache.clear()


@pytest.fixture
def worker(settings, tmp_path, monkeypatch) -> None:
    """A worker without a sandbox in the tests' own process; it works when ``work_until_idle`` is called."""
    settings.DATA_DIR = tmp_path / "data"
    monkeypatch.setattr("tracks.doorbell.ring", lambda *_, **__: None)
    monkeypatch.setattr("tracks.execution.sandbox.probe", lambda: "no sandbox in this test")
    monkeypatch.setattr("django.db.transaction.on_commit", lambda callback, **_: callback())

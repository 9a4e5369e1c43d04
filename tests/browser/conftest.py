"""Debian's Chromium, a live server, and people who are signed in already."""

import os
from collections.abc import Callable, Iterator

import pytest
from django.db import connections
from django.test import Client
from playwright.sync_api import BrowserContext, Page, Playwright, sync_playwright

from tracks.models import User

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's loop runs in the tests' thread

CHROMIUM = "/usr/bin/chromium"


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """While its event loop runs, Django gives this thread a connection of its own. Nobody else would close
    the one before, nor this one in the end, and the database could not be dropped."""
    connections.close_all()
    with sync_playwright() as started:
        yield started
        connections.close_all()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return browser_type_launch_args | {"executable_path": CHROMIUM}


@pytest.fixture(scope="session")
def base_url() -> None:
    """The plugin's own warns on pytest 9; tests name ``live_server.url`` themselves."""


@pytest.fixture
def sign_in(context: BrowserContext, live_server) -> Callable[[User], None]:
    """Give the browser a session of the person."""

    def give(user: User) -> None:
        client = Client()
        client.force_login(user)
        session = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])

    return give


@pytest.fixture
def quiet_page(page: Page) -> Iterator[Page]:
    """A page on which no script fails and the policy blocks nothing."""
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda said: complaints.append(said.text) if "Content Security Policy" in said.text else None,
    )
    yield page
    assert complaints == []

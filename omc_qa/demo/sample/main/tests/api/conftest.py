from datetime import UTC, datetime

import pytest

from app.api.application import Application
from app.core.config import Settings

NOW = datetime(2025, 3, 3, 12, tzinfo=UTC)
PASSWORD = "correct horse 42"


@pytest.fixture
def make_api():
    """An application on a database session, with a clock that stands still."""
    return lambda session: Application(session, Settings(), lambda: NOW)


@pytest.fixture
def api(db, make_api):
    return make_api(db)


@pytest.fixture
def sign_up():
    """A new account on an API, signed in; returns its id and its token."""

    def sign_up(api, email):
        user = api("POST", "/users", email=email, password=PASSWORD).body
        return user["id"], api("POST", "/login", email=email, password=PASSWORD).body["token"]

    return sign_up

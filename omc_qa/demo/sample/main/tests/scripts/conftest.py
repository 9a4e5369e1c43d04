import pytest


@pytest.fixture(scope="session", autouse=True)
def db() -> None:
    """These scripts run before there is a database, so their tests do without it."""

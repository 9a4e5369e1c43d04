import sys
from collections.abc import Iterator
from datetime import datetime

import pytest
import sqlalchemy.dialects.sqlite  # noqa: F401 (or it is loaded later than its frames are hidden)
from sqlalchemy.orm import Session

from app.db import initial, migrate, scratch


def pytest_collection_finish() -> None:
    """Tracebacks end where our code calls a library; its own frames would be most of each of them."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in ("sqlalchemy", "pytest_asyncio"):
            vars(module)["__tracebackhide__"] = True


@pytest.fixture(scope="session", autouse=True)
def db() -> Iterator[Session]:
    """The application's database, as the migrations build it: one session for the whole run."""
    engine = migrate.connect("sqlite://")
    migrate.upgrade(engine)
    with Session(engine) as session:
        initial.create_operator(session)
        session.commit()
        yield session
    engine.dispose()


@pytest.fixture
def session() -> Iterator[Session]:
    """A database of the test's own."""
    with scratch.scratch_session() as session:
        yield session


@pytest.fixture
def now() -> datetime:
    return datetime(2025, 3, 3, 12)

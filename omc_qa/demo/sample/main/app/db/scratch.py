"""A scratch database: private, in memory, straight from the models.

Agents work out their what-if questions in one, so that nothing they try can reach the real ledgers.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import create_engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from app import models
from app.db.base import Base

assert models  # every table has to be known before the schema is made


@contextmanager
def scratch_session() -> Iterator[Session]:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        yield session
    engine.dispose()

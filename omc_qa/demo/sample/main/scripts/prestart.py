"""Waits until the database answers. The deployment runs it before the application starts."""

import logging
import time
from collections.abc import Callable

from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

log = logging.getLogger(__name__)


def init(engine: Engine) -> None:
    """One question to the database; raises when it does not answer."""
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))


def wait(engine: Engine, *, attempts: int = 60, pause: float = 1.0, sleep: Callable[[float], None] = time.sleep) -> int:
    """Ask until there is an answer; returns how many attempts it took."""
    for attempt in range(1, attempts + 1):
        try:
            init(engine)
            return attempt
        except OperationalError:
            log.warning("the database does not answer yet (attempt %d)", attempt)
            if attempt < attempts:
                sleep(pause)
    raise TimeoutError(f"the database did not answer in {attempts} attempts")

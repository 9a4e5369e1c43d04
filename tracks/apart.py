"""Taking several steps of which one that fails keeps no other from being taken."""

from collections.abc import Callable, Iterable

import structlog
from django.db import DatabaseError, InterfaceError

log = structlog.get_logger(__name__)


def each_apart(steps: Iterable[Callable[[], object]], *, failed: str) -> None:
    """Take every step; of one that fails the log says ``failed``. Only a database that does not answer ends
    it: no other step could be taken either."""
    for step in steps:
        try:
            step()
        except (DatabaseError, InterfaceError):
            raise
        except Exception:
            log.exception(failed, step=repr(step))

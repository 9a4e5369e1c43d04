"""Errors that speak of a state which another test left behind; pure.

    PendingRollbackError: This Session's transaction …   ──>  "the session's transaction was not rolled back"
    RuntimeError: Event loop is closed                   ──>  "the event loop was closed"
    AssertionError: assert 1 == 2                        ──>  None

The message decides, not the type: an InterfaceError may be the test's own doing, a closed connection
rarely is. What an assertion quotes is what the test looks at, not what befell it.
"""

import re
from functools import lru_cache

from tracks.masks import tidy

_POISONS = tuple(
    (re.compile(pattern, re.IGNORECASE), what)
    for pattern, what in (
        (
            r"PendingRollbackError|transaction has been rolled back due to a previous exception",
            "the session's transaction was not rolled back",
        ),
        (
            r"InFailedSqlTransaction|current transaction is aborted"
            r"|can't execute queries until the end of the 'atomic' block",
            "the transaction was aborted",
        ),
        (r"event loop is closed", "the event loop was closed"),
        (r"(?:attached|bound) to a different (?:event )?loop", "the event loop was another one"),
        (
            r"(?:connection|cursor|session|client|pool) (?:is|was|has been|already|is already) closed"
            r"|closed (?:database|connection|cursor|session|transaction)\b"
            r"|(?:server )?closed the connection|connection (?:was closed|not open)"
            r"|terminating connection|server has gone away",
            "the connection was closed",
        ),
        (r"another operation is in progress", "the connection was still in use"),
        (r"database (?:table )?is locked", "the database was locked"),
    )
)
_REPEATS = "Original exception was: "
_ORIGINAL = re.compile(rf"{_REPEATS}(.+?)(?:\s\[SQL:|\s\(Background on|\n|$)")


@lru_cache(maxsize=4096)  # many tests break with one message
def recognise(exception: str, message: str) -> str | None:
    """What was left behind, for a person; None for an error that speaks of no such thing."""
    if "AssertionError" in (exception, message.partition(":")[0]) or message.startswith("assert "):
        return None
    said = f"{exception}: {tidy(message)}"
    return next((what for pattern, what in _POISONS if pattern.search(said)), None)


def original_error(message: str) -> str:
    """The error that a PendingRollbackError repeats, without its data; empty if it repeats none."""
    found = _ORIGINAL.search(message)
    return found[1] if found else ""


def shows(original: str, message: str) -> bool:
    """Whether a test broke with that error itself, not with one that repeats it."""
    return original in message and _REPEATS not in message

r"""A project's own masks: regular expressions for what varies in its errors' messages.

    "order A-17/EU is late"  ──[r"A-\d+/\w+"]──>  "order <masked> is late"

RE2 runs them: its work is linear in the text, so that no pattern can hang a worker.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import re2

MASKS, LENGTH = 20, 200
"""How many a project may have, and the characters of each."""
MESSAGE = 1000
"""Characters of a message; a mask that matches single characters makes it ten times as long."""
MASKED = "<masked>"

_BYTES = 1 << 20
"""Memory that a compiled pattern may take."""


def refusal(pattern: str) -> str:
    """Why the pattern cannot be a mask; empty where it can."""
    if len(pattern) > LENGTH:
        return f"{len(pattern)} characters are too long; at most {LENGTH} are taken."
    try:
        matches_nothing = _compiled(pattern).search("")
    except re2.error as error:
        return f"{_reason(error)}."
    except UnicodeEncodeError:
        return "it holds half a character."
    return "it matches even where there is nothing, which would mask everything." if matches_nothing else ""


def apply(patterns: Iterable[str], message: str) -> str:
    """The message with MASKED for all that the patterns, which ``refusal`` has let pass, match; it gets no
    longer than MESSAGE characters, whatever the patterns make of each other's masks."""
    for pattern in patterns:
        message = _compiled(pattern).sub(MASKED, message)[:MESSAGE]
    return message


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> Any:
    options = re2.Options()
    options.max_mem = _BYTES
    options.log_errors = False
    return re2.compile(pattern, options)


def _reason(error: Exception) -> str:
    said = error.args[0] if error.args else "it is no regular expression"
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)

"""Regular expressions of testers and leads, run by RE2: its work is linear in the text, so that none of them
can hang a worker.

compiled(r"(\\w+)+$")     ──>  a pattern with search, finditer, sub
refusal("(")             ──>  "missing ): (."
"""

from functools import lru_cache
from typing import Any

import re2

LENGTH = 200
"""Characters that a pattern may have."""
_BYTES = 1 << 20
"""Memory that a compiled pattern may take."""


def refusal(pattern: str) -> str:
    """Why RE2 does not take the pattern; empty where it does."""
    if len(pattern) > LENGTH:
        return f"{len(pattern)} characters are too long; at most {LENGTH} are taken."
    try:
        compiled(pattern)
    except re2.error as error:
        return f"{_reason(error)}."
    except UnicodeEncodeError:
        return "it holds half a character."
    return ""


@lru_cache(maxsize=256)
def compiled(pattern: str) -> Any:
    """Raises re2.error for what is no pattern, or one that takes too much memory."""
    options = re2.Options()
    options.max_mem = _BYTES
    options.log_errors = False
    return re2.compile(pattern, options)


def _reason(error: Exception) -> str:
    said = error.args[0] if error.args else "it is no regular expression"
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)

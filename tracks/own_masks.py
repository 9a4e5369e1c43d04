r"""A project's own masks: regular expressions for what varies in its errors' messages.

"order A-17/EU is late"  ──[r"A-\d+/\w+"]──>  "order <masked> is late"
"""

from collections.abc import Iterable

from tracks import patterns

MASKS = 20
"""How many a project may have."""
MESSAGE = 1000
"""Characters of a message; a mask that matches single characters makes it ten times as long."""
MASKED = "<masked>"


def refusal(pattern: str) -> str:
    """Why the pattern cannot be a mask; empty where it can."""
    if reason := patterns.refusal(pattern):
        return reason
    if patterns.compiled(pattern).search(""):
        return "it matches even where there is nothing, which would mask everything."
    return ""


def apply(masks: Iterable[str], message: str) -> str:
    """The message with MASKED for all that the masks, which ``refusal`` has let pass, match; it gets no
    longer than MESSAGE characters, whatever the masks make of each other's."""
    for pattern in masks:
        message = patterns.compiled(pattern).sub(MASKED, message)[:MESSAGE]
    return message

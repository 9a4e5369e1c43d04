"""What a run's commands printed, as a page can show it: colours and cursor movements taken out.

"10%\\r55%\\r100%\\n\\x1b[31mE\\x1b[0m"   ──>   "100%\\nE"
"""

import re

from tracks import queries
from tracks.models import Run
from tracks.terminal import without_codes
from tracks.web.shapes import printable

TAIL_LINES = 60
LIMIT = 1_000_000
"""Characters of a log that a page shows: its end says how the run ended."""

_OVERWRITTEN = re.compile(r"[^\n]*\r(?!\n)")


def plain(text: str) -> str:
    """Without terminal codes; of a line that was written over, what stood there last."""
    unix = without_codes(text).replace("\r\n", "\n")
    return printable(_OVERWRITTEN.sub("", unix))


def tail(run: Run) -> str:
    lines = plain(queries.log_tail(run)).splitlines()
    return "\n".join(lines[-TAIL_LINES:])


def whole(run: Run) -> tuple[str, bool]:
    """The log, and whether its beginning was cut off."""
    text, _ = queries.log_text(run)
    return plain(text[-LIMIT:]), len(text) > LIMIT

"""What a run's commands printed, as a page can show it: coloured, searched, followed.

"10%\\r55%\\r100%\\n\\x1b[31mE\\x1b[0m"   ──plain──>   "100%\\nE"
                                    ──html───>   '100%\\n<span class="a-red">E</span>'
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from tracks import queries
from tracks.models import Run
from tracks.terminal import settled, styled, without_codes
from tracks.web.shapes import printable

TAIL_LINES = 60
LIMIT = 1_000_000
"""Characters of a log that a page shows: its end says how the run ended."""
MOST_FOUND = 500


@dataclass(frozen=True, slots=True)
class Whole:
    """A log, or its end where it ``is_cut``; ``last`` is the chunk after which there may be more."""

    text: SafeString
    is_cut: bool
    last: int


@dataclass(frozen=True, slots=True)
class Found:
    """The lines that hold what was looked for: their numbers from 1, and their text with it marked."""

    lines: Sequence[tuple[int, SafeString]]
    count: int


def plain(text: str) -> str:
    """Without terminal codes; of a line that was written over, what stood there last."""
    return printable(without_codes(settled(text)))


def html(text: str) -> SafeString:
    """As the terminal would show it: colours and weights as classes, everything else escaped."""
    pieces = ((escape(printable(piece)), style) for piece, style in styled(settled(text)))
    marked = (
        format_html('<span class="{}">{}</span>', " ".join(f"a-{word}" for word in sorted(style)), piece)
        if style
        else piece
        for piece, style in pieces
    )
    return mark_safe("".join(marked))  # noqa: S308  each piece is escaped above


def tail(run: Run) -> SafeString:
    lines = settled(queries.log_tail(run)).splitlines()
    return html("\n".join(lines[-TAIL_LINES:]))


def whole(run: Run, *, shard: int, after: int = 0) -> Whole:
    """What one shard printed after that chunk, or the end of it where it is too much for a page."""
    start = max(after, queries.log_end(run, shard=shard, characters=LIMIT))
    text, last = queries.log_text(run, shard=shard, after=start)
    return Whole(html(text[-LIMIT:]), start > after or len(text) > LIMIT, last)


def find(run: Run, wanted: str, *, shard: int) -> Found:
    """The lines that hold ``wanted``, in whatever case."""
    pattern = re.compile(re.escape(wanted), re.IGNORECASE)
    lines: list[tuple[int, SafeString]] = []
    count = 0
    for number, line in enumerate(queries.log_lines(run, shard=shard), start=1):
        text = plain(line)
        if pattern.search(text):
            count += 1
            if len(lines) < MOST_FOUND:
                lines.append((number, _marked(text, pattern)))
    return Found(lines, count)


def _marked(line: str, pattern: re.Pattern[str]) -> SafeString:
    pieces, at = [], 0
    for found in pattern.finditer(line):
        pieces.append((line[at : found.start()], found[0]))
        at = found.end()
    return format_html("{}{}", format_html_join("", "{}<mark>{}</mark>", pieces), line[at:])

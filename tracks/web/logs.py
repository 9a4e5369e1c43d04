"""What a run's commands printed, as a page can show it: coloured, searched, followed.

"10%\\r55%\\r100%\\n\\x1b[31mE\\x1b[0m"   ──plain──>   "100%\\nE"
                                    ──html───>   '100%\\n<span class="a-red">E</span>'
"""

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


def whole(run: Run, *, shard: int | None = None, after: int = 0) -> Whole:
    """What was printed after that chunk, by one shard or by all."""
    text, last = queries.log_text(run, shard=shard, after=after)
    return Whole(html(text[-LIMIT:]), len(text) > LIMIT, last)


def find(run: Run, wanted: str, *, shard: int | None = None) -> Found:
    """The lines that hold ``wanted``, in whatever case."""
    text, _ = queries.log_text(run, shard=shard)
    found = [
        (number, line)
        for number, line in enumerate(plain(text).splitlines(), start=1)
        if wanted.lower() in line.lower()
    ]
    return Found([(number, _marked(line, wanted)) for number, line in found[:MOST_FOUND]], len(found))


def _marked(line: str, wanted: str) -> SafeString:
    pieces, rest = [], line
    while (at := rest.lower().find(wanted.lower())) >= 0:
        pieces.append((rest[:at], rest[at : at + len(wanted)]))
        rest = rest[at + len(wanted) :]
    return format_html("{}{}", format_html_join("", "{}<mark>{}</mark>", pieces), rest)

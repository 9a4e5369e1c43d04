"""How outcomes look and how figures are worded; pure. Each outcome has one colour and one shape.

● passed   ▲ failed   ■ error   ○ skipped   ◇ xfailed   ◆ xpassed   ◌ absent

579 33 48 of 660 ──> bar   ▐███████████▌▌▌   Segment(outcome, x, width), in thousandths of its width
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from tracks.statuses import SHAPES, Outcome

SHOWN = tuple(outcome for outcome in SHAPES if outcome is not Outcome.ABSENT)
"""The outcomes that a run's tests can have, in the order in which pages show them."""
PLURALS = {Outcome.ERROR: "errors"}
"""Of the one outcome whose word is a noun."""

BAR = 1000
THINNEST = 6
"""A single failing test among thousands must be visible."""

_BREAKS = re.compile(r"(/|::|\[)")


@dataclass(frozen=True, slots=True)
class Segment:
    outcome: Outcome
    x: int
    width: int


def segments(counts: Mapping[Outcome, int], total: int) -> list[Segment]:
    """The parts of a bar whose whole width is ``total`` tests; what is not reported yet stays empty."""
    shown = [(outcome, counts.get(outcome, 0)) for outcome in SHOWN if counts.get(outcome)]
    total = max(total, sum(count for _, count in shown))
    widths = {outcome: max(THINNEST, round(BAR * count / total)) for outcome, count in shown}
    if widths and (excess := sum(widths.values()) - BAR) > 0:
        widest = max(widths, key=lambda outcome: widths[outcome])
        widths[widest] -= excess
    result, x = [], 0
    for outcome, width in widths.items():
        result.append(Segment(outcome, x, width))
        x += width
    return result


def counts_in_words(counts: Mapping[Outcome, int], total: int) -> str:
    """``563 passed, 20 failed, 77 errors of 660``: what a bar says to who does not see it."""
    parts = [
        f"{counts[outcome]} {word(outcome, counts[outcome])}" for outcome in SHOWN if counts.get(outcome)
    ]
    return f"{', '.join(parts) or 'nothing reported'} of {total}"


def word(outcome: Outcome, count: int) -> str:
    return outcome.value if count == 1 else PLURALS.get(outcome, outcome.value)


def parts_of_id(node_id: str) -> list[str]:
    """The node id in pieces after each of which a line may break."""
    pieces = _BREAKS.split(node_id)
    joined = [text + mark for text, mark in zip(pieces[::2], [*pieces[1::2], ""], strict=True)]
    return [piece for piece in joined if piece]


def printable(text: str) -> str:
    """Control characters made visible, so that they cannot disturb a page."""
    return "".join(_visible(char) if ord(char) < 32 or ord(char) == 127 else char for char in text)


def _visible(char: str) -> str:
    return char if char in "\n\t" else chr(0x2400 + ord(char)) if ord(char) < 32 else "␡"


def duration(seconds: float | None) -> str:
    """``420 ms``, ``1.2 s``, ``12 s``, ``3 min 05 s``, ``2 h 10 min``; a dash where it is unknown."""
    if seconds is None:
        return "—"
    if seconds < 0.0005:
        return "< 1 ms" if seconds else "0 s"
    if seconds < 0.9995:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02} min"


def about(seconds: float) -> str:
    """An estimate, no more exact than it is: ``about 30 s``."""
    if seconds < 5:
        return "a few seconds"
    if seconds < 60:
        return f"about {round(seconds / 5) * 5} s"
    if seconds < 3600:
        return f"about {round(seconds / 60)} min"
    return f"about {duration(seconds)}"


def age(then: datetime, now: datetime) -> str:
    """``just now``, ``12 min ago``, ``3 h ago``, ``5 d ago``, then the date; app.js keeps it true."""
    seconds = max(0, int((now - then).total_seconds()))
    if seconds < 60:
        return "just now"
    if seconds < 3600:
        return f"{seconds // 60} min ago"
    if seconds < 86_400:
        return f"{seconds // 3600} h ago"
    if seconds < 30 * 86_400:
        return f"{seconds // 86_400} d ago"
    return then.strftime("%-d %b %Y")

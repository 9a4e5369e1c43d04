"""A badge as SVG; pure.

Sprint 1 ▏2 of 3 approved        a label, and a status: its words and its colour
"""

from html import escape
from unicodedata import east_asian_width

LABEL, STATUS = 40, 40
"""Characters that are shown."""
NARROW, WIDE, PAD = 7.0, 13.0, 8.0
"""Of a letter, of one that takes two columns, and beside a text; pixels."""
_COLOURS = {"good": "#17733d", "bad": "#b92a24", "warn": "#8d4a08", "info": "#2850c4", "": "#57564f"}


def draw(label: str, status: str, tone: str) -> str:
    """``tone`` is that of a ``Look``."""
    label, status = _cut(label, LABEL), _cut(status, STATUS)
    left, right = _width(label), _width(status)
    told, whole = escape(f"{label}: {status}"), left + right
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{whole:g}" height="20" role="img"'
        f' aria-label="{told}"><title>{told}</title>'
        f'<rect width="{left:g}" height="20" fill="#474540"/>'
        f'<rect x="{left:g}" width="{right:g}" height="20" fill="{_COLOURS[tone]}"/>'
        '<g fill="#ffffff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">'
        f"{_text(label, left / 2, left)}{_text(status, left + right / 2, right)}</g></svg>"
    )


def _cut(text: str, most: int) -> str:
    one_line = " ".join("".join(each if each.isprintable() else " " for each in text).split())
    return one_line if len(one_line) <= most else f"{one_line[: most - 1]}…"


def _width(text: str) -> float:
    return 2 * PAD + sum(WIDE if east_asian_width(each) in "WF" else NARROW for each in text)


def _text(text: str, middle: float, width: float) -> str:
    """Set to the width that is kept for it, whatever font there is."""
    return (
        f'<text x="{middle:g}" y="14" textLength="{width - 2 * PAD:g}" lengthAdjust="spacingAndGlyphs">'
        f"{escape(text)}</text>"
    )

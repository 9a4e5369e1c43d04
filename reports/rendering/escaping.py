"""Text in Markdown, where it stays text; pure.

    "| *a* <b>"   ──escaped──>  "\\| \\*a\\* \\<b\\>"
    "# 1. @tess"  ──at_start──> what would begin a heading or a list does not

GitHub tells whom a text names, links to the issues and addresses in it and draws emoji by their names: what
others wrote in a report names nobody.
"""

import re

from reports.rendering.characters import in_line

_MARKS = re.compile(r"([\\`*_\[\]<>|~&$]|:(?=//)|(?<=www)\.)")
_NAMES = re.compile(r"(?:[@#]|(?<!\w)GH-)(?=\w)|:(?=[\w+-]+:)")
_STARTS = re.compile(r"^([#+=:-]|\d{1,9}(?=[.)]))")
_TICKS = re.compile(r"`+")
_UNJOINED = "\u2060"
"""A word joiner: not seen, and keeps a name from being one."""


def escaped(text: str) -> str:
    """The text in one line, with every mark of Markdown and HTML taken literally."""
    return _MARKS.sub(r"\\\1", _NAMES.sub(rf"\g<0>{_UNJOINED}", in_line(text)))


def at_start(line: str) -> str:
    """A line of Markdown that begins a block: it is a paragraph's."""
    line = line.lstrip()
    if (start := _STARTS.match(line)) is None:
        return line
    end = start.end()
    return f"{line[:end]}\\{line[end:]}" if start[1].isdigit() else f"\\{line}"


def mono(text: str, *, in_table: bool = False) -> str:
    """The text as a span of code, which no mark in it ends."""
    words = in_line(text).strip()
    if not words:
        return ""
    if in_table and "\\|" in words:
        return escaped(words)  # parsers do not agree where such a cell of code ends
    ticks = fence(words, 1)
    pad = " " if words.startswith("`") or words.endswith("`") else ""
    spanned = f"{ticks}{pad}{words}{pad}{ticks}"
    return spanned.replace("|", "\\|") if in_table else spanned


def fence(text: str, least: int = 3) -> str:
    """Backticks that the text does not hold so many of in a row, ``least`` of them at least."""
    return "`" * max(least, 1 + max(map(len, _TICKS.findall(text)), default=0))

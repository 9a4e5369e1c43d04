"""What varies in an error's message from run to run, and what stands in its place.

    Compiler <sqlite.TypeCompiler object at 0x7ff741edbe60> can't render column 12
    Compiler <sqlite.TypeCompiler> can't render column N

Every pattern is linear in the length of the message, which is bounded before.
"""

import re

LENGTH = 1000
"""Characters of a message that are looked at."""
QUOTE = 40
"""A quoted literal longer than this says what the data were, not what went wrong."""

_WHITESPACE = re.compile(r"\s+")
_ADDRESS = re.compile(r"(?: object)? at 0x[0-9a-fA-F]+| id='\d+'")
_BACKGROUND = " (Background on this error at:"

_MASKS = (
    (re.compile(r"\b0x[0-9a-fA-F]+"), "<address>"),
    (re.compile(r"\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b"), "<uuid>"),
    (re.compile(rf"(?<!\w)'[^']{{{QUOTE + 1},}}'(?!\w)"), "'…'"),
    (re.compile(rf'(?<!\w)"[^"]{{{QUOTE + 1},}}"(?!\w)'), '"…"'),
    (re.compile(r"\bdatetime\.\w+\([^()]*\)"), "<time>"),
    (re.compile(r"\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?"), "<time>"),
    (re.compile(r"\b\d\d:\d\d:\d\d(?:[.,]\d+)?"), "<time>"),
    (re.compile(r"(?<![\w.:/>-])/(?:tmp|var/tmp|private/var|var/folders)/[^\s'\":,;)\]>]*"), "<tmp>"),
    (re.compile(r"(?<![\w.:/>-])/(?:[\w.@+~-]+/)+(?P<name>[\w.@+~-]*)"), r"<path>/\g<name>"),
    (re.compile(r"(?<!\w)[A-Za-z]:\\[^\s'\":,;)\]>]*"), "<path>"),
    (re.compile(r"\b[0-9a-fA-F]{32,}\b"), "<hash>"),
    (re.compile(r"(?:(?<![\w)\]])-)?(?<![A-Za-z_\d])\d+(?:[.,_]\d+)*(?:e[+-]?\d+)?|\d{4,}"), "N"),
)


def tidy(message: str) -> str:
    """The message in one line, without addresses and pointers to manuals; its data are kept."""
    line = _WHITESPACE.sub(" ", message[:LENGTH]).strip()
    return _ADDRESS.sub("", line.partition(_BACKGROUND)[0])


def mask(message: str) -> str:
    """The message in one line, the same for every occurrence of the same error."""
    line = tidy(message)
    for pattern, replacement in _MASKS:
        line = pattern.sub(replacement, line)
    return line

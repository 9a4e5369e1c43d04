"""What varies in an error's message from run to run, and what stands in its place.

    Compiler <sqlite.TypeCompiler object at 0x7ff741edbe60> can't render column 12
    Compiler <sqlite.TypeCompiler> can't render column N

A project's own masks come first, then paths and times, numbers, and what is too long at last: a literal
is as long as what is left of it. The length of the message is bounded before.
"""

import re
from collections.abc import Sequence

from tracks import own_masks

LENGTH = own_masks.MESSAGE
"""Characters of a message that are looked at."""
QUOTE = 40
"""A literal longer than this says what the data were, not what went wrong; names of modules, tables and
constraints, which are words with dots or underscores between, aside."""

_WHITESPACE = re.compile(r"\s+")
_ADDRESS = re.compile(r"(?: object)? at 0x[0-9a-fA-F]+| id='\d+'")
_BACKGROUND = " (Background on this error at:"

_CLOCK = r"\d\d:\d\d:\d\d(?:[.,]\d+)?"
_DAY, _MONTH = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)", "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_DOTTED = r"_*(?:[A-Za-z]{1,24}\d{0,3}[._]+)+[A-Za-z]{1,24}\d{0,3}"
_INNER = r"[^()]*(?:\([^()]*(?:\([^()]*\)[^()]*)*\)[^()]*)*"
_HELD = r"[^<>]*(?:<[^<>]*(?:<[^<>]*>[^<>]*)*>[^<>]*)*"

_MASKS = (
    (re.compile(rf"<(?P<type>Task|Future)(?: |:){_HELD}>"), r"<\g<type>>"),
    (re.compile(r"<(?P<type>[A-Za-z_][\w.]*): [^<>]*>"), r"<\g<type>>"),
    (re.compile(r"\b0x[0-9a-fA-F]+"), "<address>"),
    (re.compile(r"\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b"), "<uuid>"),
    (re.compile(rf"\bdatetime\.\w+\({_INNER}\)"), "<time>"),
    (re.compile(rf"\b{_DAY},? \d\d? {_MONTH} \d{{4}} {_CLOCK}(?: (?:GMT|UTC|[+-]\d{{4}}))?"), "<time>"),
    (re.compile(rf"\b{_DAY} {_MONTH} \d\d? {_CLOCK}(?: [A-Z]{{3,4}})? \d{{4}}"), "<time>"),
    (re.compile(r"\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?"), "<time>"),
    (re.compile(rf"\b{_CLOCK}"), "<time>"),
    (re.compile(r"(?<![\w.:/>-])/(?:tmp|var/tmp|private/var|var/folders)/[^\s'\":,;)\]>]*"), "<tmp>"),
    (re.compile(r"(?<![\w.:/>-])/(?:[\w.@+~-]+/)+(?P<name>[\w.@+~-]*)"), r"<path>/\g<name>"),
    (re.compile(r"(?<!\w)[A-Za-z]:\\[^\s'\":,;)\]>]*"), "<path>"),
    (re.compile(r"\b[0-9a-fA-F]{32,}\b"), "<hash>"),
    (re.compile(r"\b(?=\d*[a-fA-F])(?=[a-fA-F]*\d)[0-9a-fA-F]{8,31}\b(?![.,]\d)"), "<hash>"),
    (re.compile(r"(?:(?<![\w)\]])-)?(?<![A-Za-z_\d])\d+(?:[.,_]\d+)*(?:e[+-]?\d+)?|\d{4,}"), "N"),
    (re.compile(r"\[N(?:, N)*\]"), "[N…]"),
    (re.compile(r"\bN validation errors? for\b"), "N validation errors for"),
    (
        re.compile(r"(?P<what>\binvalid (?:literal for|input syntax for|input value for)[^:]*: )['\"].*"),
        r"\g<what>…",
    ),
    (re.compile(r"(?P<what>\bcould not convert string to \w+: )['\"].*"), r"\g<what>…"),
    (re.compile(r"(?P<what>\bInvalid isoformat string: )['\"].*"), r"\g<what>…"),
    (re.compile(rf"(?<!\w)'(?!{_DOTTED}')[^']{{{QUOTE + 1},}}'(?!\w)"), "'…'"),
    (re.compile(rf'(?<!\w)"(?!{_DOTTED}")[^"]{{{QUOTE + 1},}}"(?!\w)'), '"…"'),
)
_COMPARED = re.compile(r"( (?:==|!=|<=|>=|<|>|is not|is|not in|in|not found in) )")
_LITERAL = re.compile(
    r"(?P<said>(?:assert |\w+ differ: )?(?:not )?\(*)(?P<opened>[bBfr]?['\"]|[\[{(])(?P<data>.*)"
)
_CUT = re.compile(r"\.\.\.|\[N chars\]|^…")
"""Where pytest, unittest and the masks have shortened what is compared."""


def tidy(message: str) -> str:
    """The message in one line, without addresses and pointers to manuals; its data are kept."""
    line = _WHITESPACE.sub(" ", message[:LENGTH]).strip()
    return _ADDRESS.sub("", line.partition(_BACKGROUND)[0])


def mask(message: str, own: Sequence[str] = ()) -> str:
    """The message in one line, the same for every occurrence of the same error; ``own`` are the project's
    patterns (see tracks.own_masks)."""
    line = tidy(message)
    if own:
        speakable = line.encode("utf-8", "replace").decode()  # RE2 refuses half a character
        line = own_masks.apply(own, speakable)
    for pattern, replacement in _MASKS:
        line = pattern.sub(replacement, line)
    return line


def mask_compared(masked: str) -> str:
    """What an assertion says, without the literals that are long or were shortened: where such a text is
    cut depends on the data around it."""
    return "".join(_without_data(part) for part in _COMPARED.split(masked))


def _without_data(operand: str) -> str:
    literal = _LITERAL.fullmatch(operand)
    if literal and (len(literal["data"]) > QUOTE or _CUT.search(literal["data"])):
        return f"{literal['said']}{literal['opened']}…"
    return operand

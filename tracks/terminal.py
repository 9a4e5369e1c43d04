"""Terminal codes in what commands print: colours, cursor movements, titles; pure.

"\\x1b[31mE\\x1b[0m fixture"  ──without_codes──>  "E fixture"
                            ──styled─────────>  ("E", {"red"})  (" fixture", {})
"""

import re
from collections.abc import Iterator

_CODE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
_STYLE = re.compile(r"\x1b\[([\d;:]*)m")
_OVERWRITTEN = re.compile(r"[^\n]*\r(?!\n)")

COLOURS = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
_WEIGHTS = {1: "bold", 2: "faint", 3: "italic", 4: "underlined"}
_ENDS = {22: {"bold", "faint"}, 23: {"italic"}, 24: {"underlined"}, 39: set(COLOURS)}
_FOLLOWED = {38, 48, 58}
"""What gives a colour by number (5;N) or by its parts (2;R;G;B): shown in the text's own colour."""

Style = frozenset[str]
"""Words of COLOURS, and bold, faint, italic, underlined."""
PLAIN: Style = frozenset()


def without_codes(text: str) -> str:
    """The text alone; linear in its length."""
    return _CODE.sub("", text)


def settled(text: str) -> str:
    """Of a line that was written over, such as a progress bar, what stood there last; codes stay."""
    return _OVERWRITTEN.sub("", text.replace("\r\n", "\n"))


def styled(text: str) -> Iterator[tuple[str, Style]]:
    """The pieces of a text with their styles, without any code in them; linear in its length."""
    style: set[str] = set()
    position = 0
    for found in _STYLE.finditer(text):
        if piece := without_codes(text[position : found.start()]):
            yield piece, frozenset(style)
        position = found.end()
        _apply(style, [int(word or 0) for word in re.split("[;:]", found[1][:64])])
    if piece := without_codes(text[position:]):
        yield piece, frozenset(style)


def _apply(style: set[str], codes: list[int]) -> None:
    while codes:
        code = codes.pop(0)
        if code == 0:
            style.clear()
        elif code in _WEIGHTS:
            style.add(_WEIGHTS[code])
        elif code in _ENDS:
            style -= _ENDS[code]
        elif 30 <= code <= 37 or 90 <= code <= 97:
            style -= _ENDS[39]
            style.add(COLOURS[code % 10])
        elif code in _FOLLOWED:
            del codes[: 2 if codes[:1] == [5] else 4]

"""Text without the characters that do something where it is shown; pure.

"\\x1b[31mE\\x1b[0m"  ──>  "E"          a terminal's codes go
"a\\x07b"            ──>  "a␇b"        a control character is its picture
"a\\u202eb"          ──>  "a\\ufffdb"  so is what turns the line around, which is seen then
"""

import re

from tracks.terminal import without_codes

_STEERING = [*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C]
_LINE_ENDS = [0x85, 0x2028, 0x2029]
_PICTURES = {
    **{code: chr(0x2400 + code) for code in range(0x20) if chr(code) not in "\t\n"},
    **dict.fromkeys([0x7F, *range(0x80, 0xA0), *_STEERING, 0xFEFF, 0xFFFE, 0xFFFF], "\ufffd"),
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),
    **dict.fromkeys(_LINE_ENDS, "\n"),
}
_SPACES = re.compile(r"\s+")


def plain(text: str) -> str:
    """The text, in which only letters, spaces, tabs and line breaks are left."""
    return without_codes(text).replace("\r\n", "\n").translate(_PICTURES)


def in_line(text: str) -> str:
    """The same in one line; where a space is at an end, one stays."""
    return _SPACES.sub(" ", plain(_SPACES.sub(" ", text)))

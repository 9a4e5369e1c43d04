"""The members of an exception group, as Python prints it.

+ Exception Group Traceback (most recent call last):      header
|   File "lib.py", line 8, in high
| ExceptionGroup: two of them (2 sub-exceptions)
+-+---------------- 1 ----------------
  | KeyError: 'id'                                        members, each without its margin; one may
  +---------------- 2 ----------------                    be a group again
  | ValueError: 12
  +------------------------------------
"""

import re
from collections.abc import Sequence

DEPTH = 10
"""How many groups one within the other are looked into; Python prints no more."""

_MARGIN = re.compile(r"\s*\| ?")
_FIRST = re.compile(r"\s*\+-\+-+ 1 -+")
_BORDER = re.compile(r"\+-+(?: (?:\d+|\.\.\.) -+)?")


def split_group(lines: Sequence[str]) -> tuple[Sequence[str], list[list[str]]]:
    """The group's own lines and those of each of its members; no members where the lines are of no group."""
    first = next((index for index, line in enumerate(lines) if _FIRST.fullmatch(line)), None)
    if first is None:
        return lines, []
    column = lines[first].index("+-+") + 2
    members: list[list[str]] = [[]]
    for line in lines[first + 1 :]:
        if line[:column].strip():
            break
        inside = line[column:]
        if not _BORDER.fullmatch(inside):
            members[-1].append(inside[1:].removeprefix(" ") if inside.startswith("|") else inside)
        elif inside.strip("+-"):
            members.append([])
        else:
            break
    return _without_margin(lines[:first]), [member for member in members if member]


def _without_margin(lines: Sequence[str]) -> list[str]:
    """The outermost group's own lines stand behind a margin, too."""
    return [_MARGIN.sub("", line, count=1) for line in lines]

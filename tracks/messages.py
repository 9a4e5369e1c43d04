"""What an exception says, in one line, from the lines that are printed of it.

    KeyError: 'id'                                   KeyError            'id'
    assert 1 == 2                                    AssertionError      assert 1 == 2
    pydantic….ValidationError: 2 validation …        ….ValidationError   2 validation errors for Order: id
    id                                                                   int_parsing; items.N missing
      Input should be … [type=int_parsing, …]
    003     >>> double(2)                            DocTestFailure      double(2): expected 5, got 4
    Expected:

Of a validation error the fields and what is wrong with them count, the values that were given do not.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

LINE_LIMIT = 2000
"""Characters of a line that are looked at."""

_EXCEPTION = re.compile(r"(?P<name>(?:\w+\.)+\w+|_*[A-Z]\w*)(?::\s*(?P<message>.*))?")
_STRICT_XPASS = re.compile(r"\[(?P<name>XPASS\(strict\))\]\s*(?P<message>.*)")

_VALIDATION = re.compile(r"\d+ validation errors? for .+")
_WRONG = re.compile(r"(?P<words>.*?) ?[\[(]type=(?P<type>[\w.]+)[,;)\]]")
_IN_WORDS = frozenset({"value_error", "assertion_error"})
"""Types whose words are the project's own."""
_INDEX = re.compile(r"\b\d+\b")

_EXAMPLE = re.compile(r"\d{3,}\s+>>> (?P<source>.+)")


def read_head(lines: Sequence[str]) -> tuple[str, str]:
    """The exception's name and its message."""
    said = [stripped for line in lines if (stripped := line[:LINE_LIMIT].strip())]
    if not said:
        return "", ""
    if said[0].startswith('File "'):
        said = [line for line in said if _EXCEPTION.fullmatch(line)][-1:] or said
    if said[0].startswith("assert "):
        return "AssertionError", said[0]
    head = _EXCEPTION.fullmatch(said[0]) or _STRICT_XPASS.fullmatch(said[0])
    if not head:
        return "", said[0]
    message = head["message"] or (said[1] if len(said) > 1 else "")
    if _VALIDATION.fullmatch(message):
        message = ": ".join(filter(None, (message, _wrong_fields(said))))
    return head["name"], message


def _wrong_fields(said: Sequence[str]) -> str:
    """Each field of a validation error with what is wrong, once, in the order in which they are printed."""
    found: dict[str, None] = {}
    for field, line in pairwise(said):
        if wrong := _WRONG.match(line):
            what = wrong["words"] if wrong["type"] in _IN_WORDS else wrong["type"]
            found[f"{_INDEX.sub('N', field)} {what}"] = None
    return "; ".join(found)


def read_example(lines: Sequence[str]) -> str:
    """Which example of a doctest failed, what it was to print, and what it printed."""
    source, expected, got = "", "", ""
    for line, after in pairwise([*lines, ""]):
        if example := _EXAMPLE.match(line[:LINE_LIMIT]):
            source = example["source"].strip()
        elif line == "Expected:":
            expected = f"expected {after[:LINE_LIMIT].strip()}"
        elif line == "Got:":
            got = f"got {after[:LINE_LIMIT].strip()}"
    return ": ".join(filter(None, (source, ", ".join(filter(None, (expected, got))))))

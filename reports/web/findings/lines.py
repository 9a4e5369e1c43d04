"""Lists of a finding as a person types them, in one field; pure.

app/prices.py:12-20                        {"path": "app/prices.py", "lines": "12-20"}
app/old.py                                 {"path": "app/old.py", "lines": ""}

Keep the old price                         {"text": "Keep the old price",
+ nothing to do                     <──>    "pros": "nothing to do",
- wrong on Mondays                          "cons": "wrong on Mondays\nand on Fridays"}
- and on Fridays
"""

import re
from collections.abc import Iterable, Mapping

_PLACE = re.compile(r"(?P<path>.+?)(?::(?P<lines>\d{1,7}(?:-\d{1,7})?))?")


def files_from(text: str) -> list[dict[str, str]]:
    """A file a line."""
    places = [_PLACE.fullmatch(line.strip()) for line in text.splitlines()]
    return [{"path": place["path"], "lines": place["lines"] or ""} for place in places if place]


def files_as_text(files: Iterable[Mapping[str, str]]) -> str:
    return "\n".join(":".join(part for part in (each["path"], each["lines"]) if part) for each in files)


def options_from(text: str) -> list[dict[str, str]]:
    """An option a paragraph: its words, then a line that begins with + for each pro, with - for each con."""
    return [_option(block.splitlines()) for block in re.split(r"\n\s*\n", text.strip()) if block.strip()]


def options_as_text(options: Iterable[Mapping[str, str]]) -> str:
    return "\n\n".join(
        "\n".join([each["text"], *_marked("+", each["pros"]), *_marked("-", each["cons"])])
        for each in options
    )


def _option(lines: list[str]) -> dict[str, str]:
    parts: dict[str, list[str]] = {"": [], "+": [], "-": []}
    for line in lines:
        mark = line.lstrip()[:1]
        parts[mark if mark in ("+", "-") else ""].append(line.strip().lstrip("+-").strip())
    words, pros, cons = ("\n".join(part) for part in parts.values())
    return {"text": words, "pros": pros, "cons": cons}


def _marked(mark: str, text: str) -> list[str]:
    return [f"{mark} {line}" for line in text.splitlines()]

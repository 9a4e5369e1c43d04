"""Patterns for the paths of files, as a regular expression; pure.

tests/**/test_*.py   ──>   ** any folders, also none · * what is within one name · ? one character
"""

import re

_PART = re.compile(r"\*\*/|\*\*|\*|\?|[^*?]+")
_MEANINGS = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def is_glob(path: str) -> bool:
    return "*" in path or "?" in path


def to_regex(glob: str) -> str:
    """For a whole path with slashes; RE2 and ``re`` read it alike."""
    return rf"^(?s:{''.join(_MEANINGS.get(part) or re.escape(part) for part in _PART.findall(glob))})$"

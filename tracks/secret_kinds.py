"""What looks like a key, a token or a password in a line of a file; pure.

    "db/.env", "API_KEY=abcdefgh12345678"     ──>  "a password or key that is written down"
    "app.py",  "key = 'AKIAABCDEFGHIJKLMNOP'"  ──>  "an AWS access key"

Where values stand without quotes they are looked for too, but not in code, where ``password = field``
is none.
"""

import re
from functools import cache
from typing import Any

from tracks.patterns import compiled

WRITTEN_DOWN = "a password or key that is written down"
KINDS = {
    "a private key": r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY",
    "an AWS access key": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
    "a GitHub token": r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{50,})",
    "a GitLab token": r"\bglpat-[A-Za-z0-9_-]{20,}",
    "a Slack token": r"\bxox[abprs]-[A-Za-z0-9-]{10,}",
    "a Google API key": r"\bAIza[0-9A-Za-z_-]{35}",
    "an API key": r"\b(?:sk|rk)[-_](?:live|test|proj|ant)[-_A-Za-z0-9]{16,}",
    "a JSON Web Token": r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.",
    "a password in an address": r"[a-z][a-z0-9+.-]*://[^/\s:@'\"$<{]+:[^/\s@'\"$<{]{3,}@",
    WRITTEN_DOWN: (
        r"(?i)\b[a-z0-9_]*(?:password|passwd|secret|api_?key|access_?key|auth_?token)[a-z0-9_]*['\"]?"
        r"\s*[:=]\s*['\"][^'\"\s$<{]{8,}['\"]"
    ),
}
_UNQUOTED = (
    r"(?i)^[\s-]*(?:export\s+|set\s+|env\s+|arg\s+)?['\"]?[a-z0-9_.-]*"
    r"(?:password|passwd|passphrase|secret|token|(?:api|access|secret)[_-]?key)[0-9_]*['\"]?"
    r"\s*[:=]\s*([^\s'\"`${}<>()\[\],;]{8,})\s*(?:[#;].*)?$"
)
_PLACEHOLDER = (
    r"(?i)^(?:(?:change|replace|your|example|placeholder|dummy|todo|to[._-]?be|insert|fill)[a-z._-]*"
    r"|x+|\*+|\.+|-+|undefined|required|optional|disabled|password|[a-z_]+(?:\.[a-z_]+)+"
    r"|(?:~|\.{1,2})?/[a-z_.-]+(?:/[\w.-]*)*|%.*%|!.*)$"
)
"""Placeholders, names of settings, paths."""
_CODE = re.compile(
    r"(?i).*\.(pyi?|jsx?|tsx?|go|rs|java|kt|c|h|cpp|cs|rb|php|swift|scala|sql|html|css|md|rst)"
)


def secret_in(file: str, line: str) -> str:
    """What a secret in the line would be; "" where there is none. ``file`` is the name of its file."""
    if _any_of().search(line):
        return next((kind for kind, pattern in KINDS.items() if compiled(pattern).search(line)), "")
    if _CODE.fullmatch(file):
        return ""
    found = compiled(_UNQUOTED).search(line)
    return WRITTEN_DOWN if found and not compiled(_PLACEHOLDER).search(found.group(1)) else ""


@cache
def _any_of() -> Any:
    return compiled("|".join(f"(?:{pattern})" for pattern in KINDS.values()))

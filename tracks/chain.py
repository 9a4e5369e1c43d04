"""The digests that tie the audit log's entries together; pure.

    digest of link n = SHA-256(digest of link n-1 + "\\n" + n + "\\n" + the entry as canonical JSON)

Canonical: keys sorted, no blanks, times in UTC with microseconds, text as UTF-8. What is digested is what the
database gives back: reading an entry again gives the same text. Whoever alters an entry would have to make
every later digest anew; one of them, written down elsewhere, shows it.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

FIRST = "0" * 64
"""In the place of the digest before the first."""


def digest(previous: str, number: int, entry: Mapping[str, Any]) -> str:
    """As 64 hex digits."""
    text = f"{previous}\n{number}\n{canonical(entry)}"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def canonical(entry: Mapping[str, Any]) -> str:
    return json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_time)


def _time(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds")

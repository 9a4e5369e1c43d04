"""What the page of the audit log is asked for; all of it stands in its address.

?who=7&action=finding&since=2026-11-01&q=tester  ──>  queries.Searched(who="7", action="finding", …)

Whatever an address says, it gives a search: what is too long is cut, what is none is left out.
"""

from collections.abc import Mapping
from datetime import date

from tracks.queries import PRODUCT, Searched

LONGEST = 200


def searched(query: Mapping[str, str]) -> Searched:
    who = _cut(query, "who")
    is_key = who.isascii() and who.isdigit() and len(who) < 10
    return Searched(
        who=who if is_key or who == PRODUCT else "",
        action=_cut(query, "action"),
        subject=_cut(query, "subject"),
        since=_day(query, "since"),
        until=_day(query, "until"),
        request=_cut(query, "request"),
        text=_cut(query, "q"),
    )


def _cut(query: Mapping[str, str], name: str) -> str:
    # PostgreSQL refuses NUL; nothing that is looked for holds one.
    return query.get(name, "").replace("\0", "").strip()[:LONGEST]


def _day(query: Mapping[str, str], name: str) -> date | None:
    try:
        return date.fromisoformat(_cut(query, name))
    except ValueError:
        return None

"""Which findings a list shows, and in which order: all of it stands in its address; pure.

?track=A&severity=high&q=seed+data&sort=newest  ──>  Filter(wanted=Wanted(track="A", …), sort="newest")
                                                ──>  address(severity="")   the same without the severity

Whatever an address says, it gives a filter: what is too long is cut, what no page links to is left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlencode

from tracks.finding_statuses import FindingKind, FindingStatus, Severity
from tracks.queries import FAULTS, NOBODY, UNESTIMATED, UNSOLVED, Wanted

LONGEST = 255


class Sort(StrEnum):
    SEVERITY = ""
    NEWEST = "newest"
    OLDEST = "oldest"
    CHANGED = "changed"
    PLACE = "place"


SORTS = {
    Sort.SEVERITY: "Worst first",
    Sort.NEWEST: "Newest first",
    Sort.OLDEST: "Oldest first",
    Sort.CHANGED: "Changed last first",
    Sort.PLACE: "By track and number",
}
_CLOSED: dict[str, frozenset[str]] = {
    "kind": frozenset(FindingKind) | {FAULTS},
    "severity": frozenset(Severity),
    "status": frozenset(FindingStatus) | {UNSOLVED},
    "effort": frozenset({UNESTIMATED}),
}


@dataclass(frozen=True)
class Filter:
    wanted: Wanted
    sort: Sort

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "Filter":
        closed = {name: _one_of(query.get(name, ""), values) for name, values in _CLOSED.items()}
        wanted = Wanted(
            sprint=_cut(query, "sprint"),
            track=_cut(query, "track"),
            branch=_cut(query, "branch"),
            assignee=_person(query.get("assignee", "")),
            text=_cut(query, "q"),
            **closed,
        )
        return cls(wanted, Sort(_one_of(query.get("sort", ""), frozenset(Sort))))

    @property
    def parts(self) -> dict[str, str]:
        """What the address says, by its names; empty parts are left out."""
        values = {("q" if name == "text" else name): value for name, value in vars(self.wanted).items()}
        return {name: value for name, value in (values | {"sort": self.sort.value}).items() if value}

    @property
    def narrows(self) -> bool:
        return bool(set(self.parts) - {"sort"})

    @property
    def is_of_work(self) -> bool:
        """Whether all that is listed is a fault that somebody has to mend."""
        return self.wanted.kind == FAULTS and self.wanted.status == UNSOLVED

    @property
    def query(self) -> str:
        return urlencode(self.parts)

    def address(self, **changed: str) -> str:
        """The query of the same list with these parts changed, from its first page; "" takes one away."""
        return "?" + urlencode({name: value for name, value in (self.parts | changed).items() if value})


def _cut(query: Mapping[str, str], name: str) -> str:
    # PostgreSQL refuses NUL; no name holds one.
    return query.get(name, "").replace("\0", "").strip()[:LONGEST]


def _one_of(value: str, values: frozenset[str]) -> str:
    return value if value in values else ""


def _person(value: str) -> str:
    is_key = value.isascii() and value.isdigit() and len(value) < 10
    return value if is_key or value == NOBODY else ""

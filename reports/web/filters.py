"""Which tests the compare page lists, and in which order: all of it stands in its address; pure.

?base=1&head=2&class=fixed&path=tests/web&marker=slow&sort=slowest
    ──> Filter(name="fixed", path="tests/web", marker="slow", sort="slowest", …)
    ──> address(marker="")   the same without the marker

Whatever an address says, it gives a filter: what is too long is cut, what no page links to is left out.
Whether there is such an error, marker or path is for the page to say.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlencode

from reports.web import changes
from tracks.statuses import Outcome

TEXT, PATH, DIGEST, MARKER = 500, 2048, 64, 100
"""Characters of each part, at most: as many as the product keeps of such."""
PARTS = ("q", "path", "error", "marker")
"""What narrows the list further than a class or a cell does."""


class Sort(StrEnum):
    NUMBER = ""
    SLOWEST = "slowest"
    SLOWER = "slower"


@dataclass(frozen=True)
class Filter:
    """A class of tests, or a cell of the matrix, and what narrows it; empty parts do not.

    Only what passed in both runs is compared by its time: SLOWER is always of that cell.
    """

    runs: tuple[int, int]
    name: str
    base: str
    head: str
    text: str
    path: str
    error: str
    marker: str
    sort: Sort

    @classmethod
    def from_query(cls, query: Mapping[str, str], base_run: int, head_run: int) -> "Filter":
        """What the address asks for; what no page links to shows all changes."""
        sort = Sort(query["sort"]) if query.get("sort") in set(Sort) else Sort.NUMBER
        base, head = query.get("from", ""), query.get("to", "")
        if sort is Sort.SLOWER:
            base = head = Outcome.PASSED.value
        if not {base, head} <= set(Outcome):
            base = head = ""
        name = query.get("class", "")
        if base or name not in changes.MEMBERS:
            name = "" if base else changes.CHANGED
        return cls(
            (base_run, head_run),
            name,
            base,
            head,
            text=_cut(query, "q", TEXT),
            path=_cut(query, "path", PATH).strip("/"),
            error=_cut(query, "error", DIGEST),
            marker=_cut(query, "marker", MARKER),
            sort=sort,
        )

    @property
    def parts(self) -> dict[str, str]:
        """What narrows the list, by its name in the address."""
        values = dict(zip(PARTS, (self.text, self.path, self.error, self.marker), strict=True))
        return {name: value for name, value in values.items() if value}

    def address(self, **changed: str) -> str:
        """The query of the same list with these parts changed, from its first page; "" takes one away."""
        base, head = self.runs
        query = {
            "base": base,
            "head": head,
            "class": self.name,
            "from": self.base,
            "to": self.head,
            **self.parts,
            "sort": self.sort,
        }
        return "?" + urlencode({name: value for name, value in (query | changed).items() if value})

    @property
    def wide(self) -> str:
        """The address of the class or cell without what narrows it."""
        return self.address(**dict.fromkeys(PARTS, ""))

    @property
    def everywhere(self) -> str:
        """The address of what satisfies the rest, of whatever class; empty where that is asked for."""
        return "" if self.name == changes.ALL else self.of_class(changes.ALL)

    @property
    def without_cell(self) -> str:
        return self.of_class("")

    def of_class(self, name: str) -> str:
        """The address of another class; tests of it need not have passed in both runs."""
        sort = "" if self.sort is Sort.SLOWER else self.sort
        return self.address(**{"class": name, "from": "", "to": "", "sort": sort})


def _cut(query: Mapping[str, str], name: str, length: int) -> str:
    # PostgreSQL refuses NUL; no name holds one.
    return query.get(name, "").replace("\0", "").strip()[:length]

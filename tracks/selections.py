"""Some of a run's tests, as a tester names them; pure.

places   tests/utils/              a folder          ┐
         tests/test_a.py           a file            │ any of them; with ``outside`` none of them;
         tests/**/test_*_api.py    files by a glob   │ none at all: every test
         tests/test_a.py::TestB    a class or test   ┘
keyword  login and not slow        -k ┐ and these as well
marker   integration               -m ┘
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from tracks import globs, keyword_expressions, patterns
from tracks.errors import InvalidInput

PLACES = 200
PLACE_CHARACTERS = 500
_INSIDE = ("/", "::", "[")
"""What stands in a node id between a place and what is in it."""
_HERE = re.compile(r"^(\.(/+|$))+")
_CHARACTER = re.compile(r"[\x00-\x1f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Selection:
    """Raises InvalidInput, naming the field, for what no test could be named by."""

    places: tuple[str, ...] = ()
    outside: bool = False
    keyword: str = ""
    marker: str = ""

    def __post_init__(self) -> None:
        if len(self.places) > PLACES:
            raise InvalidInput(f"{len(self.places)} places are too many; at most {PLACES}.", field="places")
        for place in self.places:
            if not _bare(place) or len(place) > PLACE_CHARACTERS or _CHARACTER.search(place):
                raise InvalidInput(f"{place[:80]!r} is no folder, file or test.", field="places")
        if self.outside and not self.places:
            raise InvalidInput("Outside of which places is not said.", field="places")
        for field in ("keyword", "marker"):
            _parsed(getattr(self, field), field)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Selection":
        return cls(tuple(data["places"]), data["outside"], data["keyword"], data["marker"])

    def chosen(
        self, names: Mapping[int, str], markers: Mapping[str, Collection[int]]
    ) -> tuple[frozenset[int], tuple[str, ...]]:
        """The numbers of the tests that are meant, and the places in which there is none of them.

        ``names`` are node ids by number; ``markers`` say which of these tests bear each.
        """
        places = [(place, _is_in(place)) for place in self.places]
        by_place = {
            place: {number for number, name in names.items() if is_in(name)} for place, is_in in places
        }
        there = set[int]().union(*by_place.values()) if places else set(names)
        meant = set(names) - there if self.outside else there
        borne = _borne(markers, meant) if self.keyword or self.marker else {}
        if expression := _parsed(self.marker, "marker"):
            meant = {number for number in meant if expression(borne[number].__contains__)}
        if expression := _parsed(self.keyword, "keyword"):
            meant = {number for number in meant if expression(_keywords(names[number], borne[number]))}
        empty = () if self.outside else tuple(place for place, found in by_place.items() if not found)
        return frozenset(meant), empty

    def in_words(self) -> str:
        """``in tests/utils and tests/api, -k login``; ``all tests`` where nothing is named."""
        where = "outside of" if self.outside else "in"
        parts = [f"{where} {' and '.join(self.places)}"] if self.places else []
        parts += [f"-k '{self.keyword}'"] if self.keyword else []
        parts += [f"-m '{self.marker}'"] if self.marker else []
        return ", ".join(parts) or "all tests"


def _parsed(text: str, field: str) -> keyword_expressions.Expression | None:
    if not text:
        return None
    try:
        return keyword_expressions.parse(text)
    except InvalidInput as problem:
        raise InvalidInput(problem.message, field=field) from None


def _bare(place: str) -> str:
    """As a node id begins with it: ``./tests/`` is ``tests``."""
    return _HERE.sub("", place).rstrip("/")


def _is_in(place: str) -> keyword_expressions.Matches:
    bare = _bare(place)
    if globs.is_glob(place) and "::" not in place:
        pattern = patterns.compiled(globs.to_regex(bare))
        return lambda name: bool(pattern.search(name.partition("::")[0]))
    inside = tuple(bare + mark for mark in _INSIDE)
    return lambda name: name == bare or name.startswith(inside)


def _keywords(name: str, markers: Collection[str]) -> keyword_expressions.Matches:
    return keyword_expressions.keyword(keyword_expressions.names_in(name), markers)


def _borne(markers: Mapping[str, Collection[int]], tests: Collection[int]) -> dict[int, set[str]]:
    """The markers of each of the tests."""
    found: dict[int, set[str]] = {number: set() for number in tests}
    for marker, numbers in markers.items():
        for number in numbers:
            if number in found:
                found[number].add(marker)
    return found

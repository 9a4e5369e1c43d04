"""What the compare page says of its filter: chips to take parts away, and choices to add some.

Filter(path="tests/web", marker="slow") ──> active    [in tests/web ×] [marked slow ×]
                                            choices   errors, markers, files of the tests that are listed
"""

from collections.abc import Collection
from dataclasses import dataclass

from reports.queries import Pair
from reports.web.filters import Filter, Sort
from tracks import queries
from tracks.queries import ErrorOfRuns
from tracks.vectors import Numbers

ERRORS = 30
FILES = 12
MOST_COUNTED = 20_000
"""Of more tests the files are not counted: that would take longer than the list itself."""
LABELS = {"q": "called", "path": "in", "error": "breaks by", "marker": "marked"}
SORTS = {Sort.NUMBER: "By number", Sort.SLOWEST: "Slowest first", Sort.SLOWER: "Slower than before"}


@dataclass(frozen=True, slots=True)
class Active:
    """A part of the filter; ``without`` is the address of the list without it."""

    label: str
    value: str
    note: str
    without: str


@dataclass(frozen=True, slots=True)
class Place:
    """A file that holds ``tests`` of the listed tests; ``href`` is the address of their list."""

    path: str
    tests: int
    href: str


@dataclass(frozen=True, slots=True)
class Around:
    """What a test is in: a folder, a file or a class; ``href`` is the address of the listed tests in it."""

    kind: str
    path: str
    href: str


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be chosen: what the address asks for is among it, known or not.

    ``notes`` says, by the part's name in the address, what is wrong with one that the runs do not know.
    """

    errors: list[ErrorOfRuns]
    markers: list[str]
    sorts: list[tuple[str, str]]
    notes: dict[str, str]


def choices(compared: Pair, wanted: Filter) -> Choices:
    runs = (compared.base, compared.head)
    errors, markers = queries.largest_errors(runs, limit=ERRORS), queries.markers_in(runs)
    notes: dict[str, str] = {}
    if wanted.error and wanted.error not in {error.digest for error in errors}:
        found = _small_error(compared, wanted.error)
        errors.append(found)
        notes |= {} if found.tests else {"error": "no test of either run does"}
    if wanted.marker and wanted.marker not in markers:
        markers.append(wanted.marker)
        notes["marker"] = "no test of either run is"
    return Choices(errors, markers, [(sort.value, label) for sort, label in SORTS.items()], notes)


def _small_error(compared: Pair, digest: str) -> ErrorOfRuns:
    """An error that is not among the largest; without a title it is none of the project's."""
    title = queries.title_of_error(compared.head.project, digest)
    tests = queries.numbers_with_error((compared.base, compared.head), digest).size
    return ErrorOfRuns(digest, title or f"unknown error {digest}", tests)


def active(wanted: Filter, offered: Choices) -> list[Active]:
    """The parts of the filter, in the order in which the page offers them."""
    titles = {error.digest: error.title for error in offered.errors}
    return [
        Active(
            LABELS[name],
            titles[value] if name == "error" else value,
            offered.notes.get(name, ""),
            wanted.address(**{name: ""}),
        )
        for name, value in wanted.parts.items()
    ]


def in_words(wanted: Filter, parts: Collection[Active]) -> str:
    """``fixed, in tests/web, marked slow (no test of either run is)``: what an empty list was asked for."""
    kind = f"{wanted.base} → {wanted.head}" if wanted.base else wanted.name.replace("_", " ")
    said = [f"{each.label} {each.value}" + (f" ({each.note})" if each.note else "") for each in parts]
    return ", ".join([kind, *said])


def files(compared: Pair, wanted: Filter, numbers: Numbers) -> list[Place]:
    """The files of most of the listed tests; none where there is but one, or too many tests."""
    if numbers.size > MOST_COUNTED:
        return []
    found = queries.files_of(compared.head.project, numbers.tolist(), limit=FILES)
    places = [Place(path, tests, wanted.address(path=path)) for path, tests in found]
    return places if len(places) > 1 else []


def around(node_id: str, wanted: Filter) -> list[Around]:
    """Folder, file and class of a test, as far as they narrow the list."""
    file, _, rest = node_id.partition("::")
    holder = rest.partition("[")[0].rpartition("::")[0]
    paths = {
        "folder": file.rpartition("/")[0],
        "file": file if rest else "",
        "class": f"{file}::{holder}" if holder else "",
    }
    return [
        Around(kind, path, wanted.address(path=path))
        for kind, path in paths.items()
        if path and not f"{wanted.path}::".startswith((f"{path}::", f"{path}/"))
    ]

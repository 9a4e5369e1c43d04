"""Errors that follow from an earlier one: one cause, and the tests that fail for it alone; pure.

    evidence, the strongest first                                         cause
    COLLECTION  a module could not be collected                           the module's entry
    FIXTURE     tests broke in setup, on one fixture that they share      the first of them
    POISONED    tests broke on a state that an earlier one left behind    that test

A test follows at most one cause, by the strongest evidence, and never itself. A cause may follow
another: a fixture that fails for a closed connection. What is claimed without reason costs more than
what is not claimed, so where the fixture is not known, tests of one module share it only if their
setup ended in the very same text, and not in a message that speaks of an earlier test.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from reports.breaks import Break, Uncollected
from reports.poisoned import find_poisoned
from reports.poisons import recognise
from tracks.statuses import Phase

_SHARED_SCOPES = frozenset({"class", "module", "package", "session"})


class CascadeKind(StrEnum):
    """By what evidence tests are tied to a cause."""

    COLLECTION = "collection"
    FIXTURE = "fixture"
    POISONED = "poisoned"


@dataclass(frozen=True, slots=True)
class _Link:
    """One test that follows another, or a module's entry."""

    kind: CascadeKind
    cause: int
    follower: int
    because: str


@dataclass(frozen=True, slots=True)
class Cascade:
    """A cause and what follows from it, by number; ``followers`` are ascending, at least one.

    ``because`` is a clause for a person: "tests/test_a.py could not be collected".
    """

    kind: CascadeKind
    cause: int
    followers: tuple[int, ...]
    because: str

    @property
    def sentence(self) -> str:
        follow = "1 test follows" if len(self.followers) == 1 else f"{len(self.followers)} tests follow"
        return f"1 cause, {follow}: {self.because}."


def find_cascades(
    breaks: Iterable[Break], uncollected: Iterable[Uncollected] = (), *, in_order: bool = True
) -> tuple[Cascade, ...]:
    """The cascades of a run, those with most followers first. Unless the places of its breaks are those of
    its order, nothing is said to have been left behind by an earlier test."""
    ran = (each for each in breaks if each.phase is not Phase.COLLECT)
    ordered = sorted(ran, key=lambda each: (each.place, each.test))
    links: dict[int, _Link] = {}
    for link in (*_hidden(uncollected), *_sharing(ordered)):
        links.setdefault(link.follower, link)
    for each in find_poisoned(ordered, links.keys()) if in_order else ():
        links[each.follower] = _Link(CascadeKind.POISONED, each.cause, each.follower, each.what)
    return _group(links)


def _group(links: Mapping[int, _Link]) -> tuple[Cascade, ...]:
    groups: dict[tuple[CascadeKind, int], list[_Link]] = {}
    for link in links.values():
        groups.setdefault((link.kind, link.cause), []).append(link)
    cascades = (
        Cascade(kind, cause, tuple(sorted(link.follower for link in group)), group[0].because)
        for (kind, cause), group in groups.items()
    )
    return tuple(sorted(cascades, key=lambda each: (-len(each.followers), each.cause)))


def _hidden(uncollected: Iterable[Uncollected]) -> Iterator[_Link]:
    for module in uncollected:
        because = f"{module.path} could not be collected"
        for test in module.hides:
            if test != module.test:
                yield _Link(CascadeKind.COLLECTION, module.test, test, because)


def _sharing(ordered: Sequence[Break]) -> Iterator[_Link]:
    """Tests that met a fixture which had failed for an earlier one."""
    groups: dict[tuple[str, ...], list[Break]] = {}
    for each in ordered:
        if shared := _shared(each):
            groups.setdefault(shared, []).append(each)
    for first, *rest in groups.values():
        for each in rest:
            yield _Link(CascadeKind.FIXTURE, first.test, each.test, _fixture_clause(first))


def _shared(each: Break) -> tuple[str, ...]:
    """What is equal for tests that broke on one failure of one fixture; empty for any other error."""
    if each.phase is not Phase.SETUP:
        return ()
    if each.fixture_scope in _SHARED_SCOPES:
        return each.fixture_scope, each.fixture, _home(each), each.signature or each.text
    is_unknown = not each.fixture and each.text and not recognise(each.exception, each.message)
    return ("", "", each.module, each.text) if is_unknown else ()


def _home(each: Break) -> str:
    """Where the fixture lives as long as its scope says; a test outside a class is its own class."""
    path, *names = each.node.partition("[")[0].split("::")
    homes = {
        "session": "",
        "package": path.rpartition("/")[0],
        "module": path,
        "class": "::".join((path, *names[:-1])) if names[:-1] else each.node,
    }
    return homes[each.fixture_scope]


def _fixture_clause(first: Break) -> str:
    if not first.fixture:
        return "the setup that they share failed"
    return f"the fixture {first.fixture}, one for the whole {first.fixture_scope}, failed"

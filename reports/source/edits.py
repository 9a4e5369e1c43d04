"""What a branch did to its tests, between where it left the base branch (origin) and its head; pure.

test function  ──>  Touch      OWN         its code, or a mark around it
                               FIXTURES    other test code that it reaches, see reports.source.reach
                               PRODUCT     neither: only other files of the repository
                               UNCHANGED   git shows no change of any file
the whole diff ──>  Edits      switched off, asserts removed, deleted, configuration
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from reports.source.functions import Function
from reports.source.reach import reached
from reports.source.settings import SettingsChange, changed_settings
from reports.source.snapshots import Snapshot, Sources, function_of


class Touch(StrEnum):
    """The nearest change to a test."""

    OWN = "its own code changed"
    FIXTURES = "its fixtures or helpers changed"
    PRODUCT = "only product code changed"
    UNCHANGED = "nothing changed"


@dataclass(frozen=True, slots=True)
class SwitchedOff:
    """A test that bears a mark, or makes a call, that it did not: ``skip``, ``xfail`` …; an older one may
    have been there already."""

    test: str
    by: str


@dataclass(frozen=True, slots=True)
class AssertsRemoved:
    test: str
    before: int
    now: int


@dataclass(frozen=True, slots=True)
class Edits:
    """Tests are named by the node ids of their functions, without parameters; sorted."""

    switched_off: tuple[SwitchedOff, ...] = ()
    asserts_removed: tuple[AssertsRemoved, ...] = ()
    deleted: tuple[str, ...] = ()
    settings: tuple[SettingsChange, ...] = ()


def touch_of(node_id: str, sources: Sources) -> Touch:
    """What the branch changed of a test, by its node id at the head, else at the base."""
    path, name = sources.path_of(node_id), function_of(node_id)
    after_path = sources.moved.get(path, path)
    before_path = sources.came_from.get(after_path, after_path)
    before, after = sources.origin.function(before_path, name), sources.head.function(after_path, name)
    if before is None or after is None:
        is_other = before is not after or _differs(sources, before_path, after_path)
        return Touch.OWN if is_other else _beyond(sources)
    if before.fingerprint != after.fingerprint or before.fingerprint_around != after.fingerprint_around:
        return Touch.OWN
    if reached(before, before_path, sources.origin) != reached(after, after_path, sources.head):
        return Touch.FIXTURES
    return _beyond(sources)


def find_edits(sources: Sources) -> Edits:
    """What the changed files of tests, and of pytest's configuration, show."""
    pairs = list(_pairs(sources))
    return Edits(
        switched_off=tuple(_switched_off(pairs)),
        asserts_removed=tuple(
            AssertsRemoved(test, before.asserts, after.asserts)
            for test, before, after in pairs
            if before and after and after.asserts < before.asserts
        ),
        deleted=tuple(_deleted(pairs)),
        settings=tuple(changed_settings(sources.origin, sources.head)),
    )


_Pair = tuple[str, Function | None, Function | None]
"""A test's node id at the head, else at origin, and its function at both."""


def _pairs(sources: Sources) -> Iterator[_Pair]:
    """The tests of all changed files of which both sides, where they are there, can be parsed."""
    now = {old: new for new, old in sources.came_from.items()}
    paths = {now.get(path, path) for path in sources.changed_tests}
    for path in sorted(paths):
        before_path = sources.came_from.get(path, path)
        if _is_opaque(sources.origin, before_path) or _is_opaque(sources.head, path):
            continue
        before, after = sources.origin.module(before_path), sources.head.module(path)
        one, other = before.tests if before else {}, after.tests if after else {}
        for name in sorted(one | other):
            yield sources.node_id(path, name), one.get(name), other.get(name)


def _switched_off(pairs: Iterable[_Pair]) -> Iterator[SwitchedOff]:
    for test, before, after in pairs:
        if before is None or after is None:
            continue
        left = list(before.muted_by)
        for mark in after.muted_by:
            if mark in left:
                left.remove(mark)
            else:
                yield SwitchedOff(test, mark)


def _deleted(pairs: Iterable[_Pair]) -> Iterator[str]:
    """Those that are gone, and whose code is not in a changed file under a new name."""
    pairs = list(pairs)
    new = {after.fingerprint for _, before, after in pairs if after and not before}
    for test, before, after in pairs:
        if before and not after and before.fingerprint not in new:
            yield test


def _is_opaque(snapshot: Snapshot, path: str) -> bool:
    """It is there, and nothing is known of its functions."""
    return snapshot.has(path) and snapshot.module(path) is None


def _differs(sources: Sources, before: str, after: str) -> bool:
    return before in sources.changed or after in sources.changed


def _beyond(sources: Sources) -> Touch:
    return Touch.PRODUCT if sources.changed else Touch.UNCHANGED

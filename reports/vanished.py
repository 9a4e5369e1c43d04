"""Why tests of the base are not in the head; pure.

what the runs themselves tell    collected now, deselected, not collected, skipped at module level
what git and the sources tell    moved, absent at the merge base, file deleted, test deleted, parametrised
                                 otherwise
what is left                     worker lost, run ended early, configuration changed; else unknown

The first that holds counts. Where git could not be asked, its reasons are not found: what is left is then
less than it could be, and ``reports.explanations`` says so.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from reports.facts import RunFacts
from reports.source.functions import Function
from reports.source.reach import reached
from reports.source.settings import SettingsChange, changed_settings
from reports.source.snapshots import CONFTEST, Sources, conftests_above, function_of, parameters_of
from tracks.statuses import RunState


class VanishedReason(StrEnum):
    """Why a test of the base is not in the head."""

    COLLECTED_NOW = "its module is collected now"
    """Not a test at all: the entry of a module that could not be collected at the base, or skipped itself."""
    DESELECTED = "deselected by the configuration"
    UNCOLLECTED = "its module could not be collected"
    SKIPPED_MODULE = "its module skipped itself"
    MOVED = "renamed or moved"
    LATER = "the base branch got it after the branch had left"
    FILE_DELETED = "its file was deleted"
    DELETED = "deleted from its file"
    PARAMETERS = "its parametrisation changed"
    WORKER_LOST = "a worker was lost"
    ENDED_EARLY = "the run ended early"
    CONFIGURATION = "no longer collected: pytest's configuration or the command changed"
    UNKNOWN = "unknown"


def find_reasons(
    vanished: Mapping[int, str],
    base: RunFacts,
    head: RunFacts,
    *,
    added: Iterable[str] = (),
    moves: Mapping[int, int] | None = None,
    sources: Sources | None = None,
) -> dict[int, VanishedReason]:
    """Why each of the ``vanished`` tests, node ids by number, is not in the head.

    ``added`` are the node ids of the tests that only the head has, ``moves`` those of the vanished that go on
    under another number; ``sources`` is None where git could not be asked.
    """
    told = _ByRuns(base, head, list(added))
    read = _BySources(base, head, list(added), sources) if sources else None
    moved = moves or {}

    def reason(test: int, node_id: str) -> VanishedReason:
        found = told.reason(test, node_id) or (VanishedReason.MOVED if test in moved else None)
        found = found or (read.reason_of_absence(node_id) if read else None)
        found = found or _early(head) or (read.reason_of_presence(node_id) if read else None)
        return found or VanishedReason.UNKNOWN

    return {test: reason(test, node_id) for test, node_id in vanished.items()}


def entry_above(node_id: str, entries: Mapping[int, str]) -> int | None:
    """The number of the entry that stands for the test's class, module or package, the nearest one."""
    by_node_id = {each.removesuffix("/__init__.py"): number for number, each in entries.items()}
    while node_id:
        node_id = node_id.rpartition("::")[0] or node_id.partition("::")[0].rpartition("/")[0]
        if node_id in by_node_id:
            return by_node_id[node_id]
    return None


def _early(head: RunFacts) -> VanishedReason | None:
    if head.state is RunState.FINISHED:
        return None
    is_lost = head.has_lost_worker or head.state is RunState.LOST
    return VanishedReason.WORKER_LOST if is_lost else VanishedReason.ENDED_EARLY


class _ByRuns:
    def __init__(self, base: RunFacts, head: RunFacts, added: list[str]) -> None:
        self._head = head
        self._without_tests = {**base.uncollected, **base.skipped_modules}
        self._added_modules = _with_folders({node_id.partition("::")[0] for node_id in added})

    def reason(self, test: int, node_id: str) -> VanishedReason | None:
        if test in self._without_tests and node_id.partition("::")[0] in self._added_modules:
            return VanishedReason.COLLECTED_NOW
        if test in self._head.deselected:
            return VanishedReason.DESELECTED
        if entry_above(node_id, self._head.uncollected) is not None:
            return VanishedReason.UNCOLLECTED
        if entry_above(node_id, self._head.skipped_modules) is not None:
            return VanishedReason.SKIPPED_MODULE
        return None


class _BySources:
    def __init__(self, base: RunFacts, head: RunFacts, added: list[str], sources: Sources) -> None:
        self._sources = sources
        self._added = {(sources.path_of(node_id), function_of(node_id)) for node_id in added}
        self._is_other_command = base.command != head.command
        changes = changed_settings(sources.base, sources.head)
        self._changed = {each.path for each in changes if _may_choose(each, sources)}

    def reason_of_absence(self, node_id: str) -> VanishedReason | None:
        """Where the head has no such file, function or set of parameters."""
        path, name = self._sources.path_of(node_id), function_of(node_id)
        base, head = self._sources.base, self._sources.head
        if not self._sources.was_read(node_id):
            return None
        before, after = base.function(path, name), head.function(path, name)
        is_gone = not head.has(path) or bool(before and not after and head.module(path))
        if is_gone and base.has(path) and self._was_not_yet(path, name):
            return VanishedReason.LATER
        if is_gone and base.has(path):
            return VanishedReason.DELETED if head.has(path) else VanishedReason.FILE_DELETED
        if before and after and self._is_parametrised_otherwise(node_id, before, after):
            return VanishedReason.PARAMETERS
        return None

    def reason_of_presence(self, node_id: str) -> VanishedReason | None:
        """Where file and function are still there, and what chooses the tests has changed."""
        path = self._sources.path_of(node_id)
        if not self._sources.head.function(path, function_of(node_id)):
            return None
        elsewhere = {each for each in self._changed if each.endswith(CONFTEST)} - set(conftests_above(path))
        if self._is_other_command or self._changed - elsewhere:
            return VanishedReason.CONFIGURATION
        return None

    def _was_not_yet(self, path: str, name: str) -> bool:
        """Whether the commit at which the branch left had no such test."""
        origin = self._sources.origin
        if origin.sha == self._sources.base.sha:
            return False
        return not origin.has(path) or bool(origin.module(path) and not origin.function(path, name))

    def _is_parametrised_otherwise(self, node_id: str, before: Function, after: Function) -> bool:
        path = self._sources.path_of(node_id)
        if before.parameters != after.parameters or (path, before.name) in self._added:
            return True
        if not parameters_of(node_id):
            return False
        return reached(before, path, self._sources.base) != reached(after, path, self._sources.head)


def _may_choose(change: SettingsChange, sources: Sources) -> bool:
    """Whether more than fixtures changed: these choose no tests."""
    modules = [snapshot.module(change.path) for snapshot in (sources.base, sources.head)]
    fixtures = {each.function.name for module in modules if module for each in module.fixtures}
    return not fixtures.issuperset(change.keys)


def _with_folders(paths: Iterable[str]) -> set[str]:
    """The paths, their packages' ``__init__.py`` and their folders."""
    found = set(paths)
    for path in paths:
        parts = path.split("/")
        folders = ["/".join(parts[:depth]) for depth in range(1, len(parts))]
        found |= {*folders, *(f"{folder}/__init__.py" for folder in folders)}
    return found

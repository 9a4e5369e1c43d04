"""The one bridge from git to what the pure modules eat: what two runs' commits hold.

runs, node ids of what changed ──> modules of these tests, each conftest.py above them, pytest's
                                   configuration and all changed test code
                               ──> Sources, or the words why git could not tell
both commits                   ──> ChangedTests, the files of tests in which they differ
"""

import posixpath
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import structlog

from reports.red_first import belongs_to_tests
from reports.source.snapshots import (
    CONFTEST,
    SETTINGS_FILES,
    Snapshot,
    Sources,
    conftests_above,
    is_test_code,
)
from tracks.errors import ToolError
from tracks.execution.diffs import FILE_BYTES, TOTAL_BYTES, Changed
from tracks.execution.spec import RunSpec
from tracks.models import Run
from tracks.repositories import Mirror, NotMirrored
from tracks.statuses import RunKind

log = structlog.get_logger(__name__)

MAX_MODULES = 2000
"""Of how many files with changed tests the sources are looked at."""


def read_sources(base: Run, head: Run, node_ids: Collection[str]) -> Sources | str:
    """What git knows of the tests whose node ids are given; else why not, as the end of a sentence."""
    if _folder(base) != _folder(head):
        return "the two runs were started in different folders, so that their tests are named differently"
    try:
        mirror = Mirror(head.project, (base.sha, head.sha))
        return _Reading(mirror, base, head).sources({node_id.partition("::")[0] for node_id in node_ids})
    except NotMirrored as error:
        return error.message
    except ToolError as error:
        log.warning("git could not tell what changed", base=base.pk, head=head.pk, why=error.message)
        return f"git did not answer ({error.message})"


def is_here(base: Run, head: Run) -> bool:
    """Whether git can be asked on this machine, and can tell of these two."""
    if _folder(base) != _folder(head):
        return False
    try:
        Mirror(head.project, (base.sha, head.sha))
    except ToolError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class ChangedTests:
    """``paths``: the files of tests that the branch changed, as the repository has them before and now;
    ``modules`` are the same as node ids name them."""

    paths: tuple[str, ...]
    modules: frozenset[str]


def read_changed_tests(base: Run, head: Run, node_ids: Iterable[str]) -> ChangedTests:
    """Which files of tests the branch changed. Raises NotMirrored where this machine cannot tell, and other
    ToolErrors of git."""
    mirror = Mirror(head.project, (base.sha, head.sha))
    return _Reading(mirror, base, head).changed_tests({each.partition("::")[0] for each in node_ids})


class _Reading:
    def __init__(self, mirror: Mirror, base: Run, head: Run) -> None:
        self._mirror = mirror
        self._base = base.sha
        self._head = head.sha
        self._origin = _origin(mirror, base, head)
        self._folder = _folder(head)
        self._since_origin = mirror.changed_files(self._origin, head.sha)
        is_same = self._origin == base.sha
        self._since_base = self._since_origin if is_same else mirror.changed_files(base.sha, head.sha)

    def sources(self, modules: set[str]) -> Sources:
        moved = {each.old_path: each.path for each in self._since_base.files if each.status == "R"}
        came_from = {each.path: each.old_path for each in self._since_origin.files if each.status == "R"}
        changed = {path for each in self._since_origin.files for path in (each.path, each.old_path)}
        root = self._root(modules)
        paths = [posixpath.normpath(posixpath.join(root, module)) for module in sorted(modules)]
        asked = _with_their_like(paths[:MAX_MODULES], moved, came_from, changed, root)
        files = self._mirror.read_files((self._base, self._origin, self._head), asked)
        base, origin, head = (
            Snapshot(sha, files.texts[sha], files.left_out[sha])
            for sha in (self._base, self._origin, self._head)
        )
        left_out = frozenset().union(*files.left_out.values())
        return Sources(
            base=base,
            origin=base if self._origin == self._base else origin,
            head=head,
            root=root,
            asked=frozenset(asked),
            changed=frozenset(changed),
            moved=moved,
            came_from=came_from,
            bounds=tuple(_bounds(self._since_origin, len(paths), len(left_out))),
        )

    def changed_tests(self, modules: set[str]) -> ChangedTests:
        changed = {path for each in self._since_origin.files for path in (each.path, each.old_path)}
        paths = sorted(filter(belongs_to_tests, changed))
        root = self._root(modules) or "."
        return ChangedTests(tuple(paths), frozenset(posixpath.relpath(path, root) for path in paths))

    def _root(self, modules: set[str]) -> str:
        """The folder that node ids are relative to: where the tests are started, or one above it that holds
        pytest's configuration."""
        some = sorted(modules)[:20]
        folder = self._folder
        while folder:
            named = [posixpath.join(folder, module) for module in some]
            texts = self._mirror.read_files((self._base, self._head), named).texts
            if any(texts.values()):
                return folder
            folder = posixpath.dirname(folder)
        return ""


def _folder(run: Run) -> str:
    """Where the run's tests are started, "" for the root of the repository."""
    folder = posixpath.normpath(RunSpec.from_json(run.spec).subdir or ".")
    return "" if folder == "." else folder


def _origin(mirror: Mirror, base: Run, head: Run) -> str:
    """From where the branch's own changes are counted: from where it left the base branch, or from the other
    run's commit where that is not a baseline or shares no history."""
    if base.kind != RunKind.BASELINE:
        return base.sha
    return mirror.merge_base(base.sha, head.sha) or base.sha


def _with_their_like(
    modules: list[str],
    moved: Mapping[str, str],
    came_from: Mapping[str, str],
    changed: Iterable[str],
    root: str,
) -> list[str]:
    """All paths to look for, what matters most first."""
    now = [(each, moved.get(each, each)) for each in modules]
    both = [path for each, there in now for path in (each, there, came_from.get(there, there))]
    above = [conftest for path in both for conftest in conftests_above(path)]
    folders = [posixpath.dirname(each) for each in conftests_above(posixpath.join(root, CONFTEST))]
    settings = [posixpath.join(folder, name) for folder in folders for name in sorted(SETTINGS_FILES)]
    of_tests = sorted(
        path for path in changed if is_test_code(path) or posixpath.basename(path) in SETTINGS_FILES
    )
    return list(dict.fromkeys([*settings, *both, *above, *of_tests]))


def _bounds(changed: Changed, modules: int, left_out: int) -> Iterable[str]:
    if changed.total > len(changed.files):
        yield f"The branch changes {changed.total} files; the first {len(changed.files)} were looked at."
    if modules > MAX_MODULES:
        yield f"Tests of {modules} files changed; the sources of the first {MAX_MODULES} were looked at."
    if left_out:
        were = "1 file was" if left_out == 1 else f"{left_out} files were"
        yield (
            f"{were} not read: of each at most {FILE_BYTES // 1024} KiB are, of all together "
            f"{TOTAL_BYTES // 1024**2} MiB."
        )

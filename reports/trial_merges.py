"""Merging tracks on trial in this machine's mirror: which of them can be, and what stands in the way.

base ──A──> commit ──B──> commit          Trial.merged    [("A", commit), ("B", commit)]
        C: conflicts in README            Trial.left_out  [LeftOut("C", why, conflicts)]
        D: waits for C                                    [LeftOut("D", why)]

Asks git, and so belongs on a worker. No branch is written, here or in the repository.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from reports.statuses import MergeResult
from reports.wording import listed
from tracks import repositories
from tracks.errors import SubjectError
from tracks.execution.merging import MAX_PATH, Conflict
from tracks.execution.spec import Merge
from tracks.models import Project
from tracks.repositories import Mirror

CUT_OFF = (
    "The repository's history is cut off (shallow) before the commit at which it left the base. "
    "Complete it: git fetch --unshallow."
)
MAX_TEXT = 200_000
"""So many characters of paths and lines are kept of all conflicts together: one page shows them."""


class BaseGone(SubjectError):
    """The repository has not the base's commit any more: nothing can ever be merged into it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A track that is to be merged."""

    key: str
    branch: str
    sha: str
    waits_for: tuple[str, ...] = ()
    """The keys of the tracks that it depends on and that are to be merged too."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    key: str
    why: str
    """A sentence, with what to do."""
    conflicts: tuple[tuple[Conflict, tuple[str, ...]], ...] = ()
    """Each with the keys of the merged tracks that change the same file; none where it is the base, or where
    that is not known, for more changed than is read. The first ones, and without lines where there is no
    room for them."""
    files: int = 0
    """In how many files it conflicts."""


@dataclass
class Trial:
    tip: str
    """The commit of all that are merged; the base's while none is."""
    merged: list[tuple[str, str]] = field(default_factory=list)
    """(key, the merge's commit)."""
    left_out: list[LeftOut] = field(default_factory=list)
    room: int = field(default_factory=lambda: MAX_TEXT)
    """How many characters of conflicts may still be kept."""

    def fitting(self, conflicts: Iterable[Conflict]) -> Iterator[Conflict]:
        """As many of them as there is room for, which they take."""
        for each in conflicts:
            lines = sum(len(hunk.text) for hunk in each.hunks)
            kept = each if len(each.path) + lines <= self.room else replace(each, hunks=())
            if len(kept.path) > self.room:
                return
            self.room -= len(kept.path) + (lines if kept.hunks else 0)
            yield kept


def merge_tracks(project: Project, name: str, base: str, wanted: Sequence[Wanted]) -> Trial:
    """Merge them in this order, after a fetch; a ref of ours keeps what comes out as ``name``.

    Raises SubjectError where the repository cannot be reached, BaseGone, ToolError.
    """
    repositories.fetch(project, sha=base)
    mirror = Mirror(project, ())
    if not mirror.has(base):
        raise BaseGone(
            f"The base's commit {base[:7]} is not in the repository (any more).",
            remedy="Test the baseline again, then start another trial integration.",
        )
    branches = mirror.branches()
    trial = Trial(base)
    taken: list[Wanted] = []
    for each in wanted:
        missing = [key for key in each.waits_for if key in {left.key for left in trial.left_out}]
        why = _waiting(missing) or _why_not(mirror, base, each, branches)
        found = LeftOut(each.key, why) if why else _add(mirror, trial, each, base, taken)
        if found:
            trial.left_out.append(found)
        else:
            taken.append(each)
    if trial.merged:
        mirror.keep(name, trial.tip)
    return trial


def make(project: Project, merge: Merge) -> str:
    """The commit of a smaller combination. Raises Unmergeable, NotMirrored where this machine lacks a
    commit."""
    return Mirror(project, (merge.base, *merge.heads)).make(merge)


def _waiting(missing: Sequence[str]) -> str:
    if not missing:
        return ""
    return f"It depends on {listed(missing)}, left out themselves. Merge these first."


def _why_not(mirror: Mirror, base: str, each: Wanted, branches: frozenset[str]) -> str:
    if each.branch not in branches:
        return f"Its branch {each.branch} is not in the repository any more. Push it again."
    if not mirror.has(each.sha) or not mirror.is_on(each.branch, each.sha):
        return (
            f"Its commit {each.sha[:7]} is not on the branch {each.branch} any more. "
            "Test the branch as it is now."
        )
    if not mirror.merge_base(base, each.sha):
        return _no_common_history(mirror)
    if not mirror.has_own_commits(base, each.sha):
        return "It has no commits of its own: all of it is in the base already."
    return ""


def _no_common_history(mirror: Mirror) -> str:
    if mirror.is_cut_off():
        return CUT_OFF
    return "It shares no history with the base. Rebase it on the base branch."


def _add(mirror: Mirror, trial: Trial, each: Wanted, base: str, taken: Sequence[Wanted]) -> LeftOut | None:
    merged, commit = mirror.add(trial.tip, each.sha, each.key)
    if commit:
        trial.tip = commit
        trial.merged.append((each.key, commit))
        return None
    if merged.result is MergeResult.UNRELATED:
        return LeftOut(each.key, _no_common_history(mirror))
    touched = {other.key: _touched(mirror, mirror.merge_base(base, other.sha), other.sha) for other in taken}
    involved = {
        conflict.path: tuple(key for key, paths in touched.items() if _is_of(conflict, paths))
        for conflict in merged.conflicts
    }
    files = f"{merged.files} file{'s' if merged.files > 1 else ''}"
    others = sorted({key for keys in involved.values() for key in keys})
    if not others:
        in_base = _touched(mirror, mirror.merge_base(base, each.sha), base)
        is_of_base = any(_is_of(conflict, in_base) for conflict in merged.conflicts)
        others = ["the base" if is_of_base else "what is merged before it"]
    why = f"It conflicts with {listed(others)} in {files}. Rebase it on what is merged before it."
    conflicts = tuple((kept, involved[kept.path]) for kept in trial.fitting(merged.conflicts))
    return LeftOut(each.key, why, conflicts, merged.files)


def _is_of(conflict: Conflict, touched: frozenset[str]) -> bool:
    """Whether who changed these paths has to do with it: with a file of it, or one below that name, where
    one made a directory and the other a file."""
    return any(
        path in touched or any(each.startswith(f"{path}/") for each in touched)
        for path in (conflict.path, *conflict.others)
    )


def _touched(mirror: Mirror, before: str, sha: str) -> frozenset[str]:
    """The paths that changed, as long as a conflict's may be."""
    changed = mirror.changed_files(before, sha)
    return frozenset(path[:MAX_PATH] for each in changed.files for path in (each.path, each.old_path))

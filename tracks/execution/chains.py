"""Commits merged one after the other in a mirror, as a run of them asks for.

base ──merge heads[0]──> commit ──merge heads[1]──> commit … the last one is what the run tests

What goes in alone says which commits come out (``merging.commit``): a run that another worker takes over
makes the same commit again.
"""

from pathlib import Path

from tracks.errors import SubjectError
from tracks.execution import merging
from tracks.execution.merging import Merged
from tracks.execution.spec import Merge
from tracks.statuses import MergeResult


class Unmergeable(SubjectError):
    """Commits that do not merge cleanly: nor will they ever."""


def add(mirror: Path, tip: str, head: str, name: str) -> tuple[Merged, str]:
    """Merge ``head`` into ``tip``: how it went, and the merge's commit, "" unless it is clean. Raises as
    ``merging.merge``."""
    merged = merging.merge(mirror, tip, head)
    if merged.result is not MergeResult.CLEAN:
        return merged, ""
    return merged, merging.commit(mirror, merged.tree, (tip, head), f"Merge {name} on trial")


def make(mirror: Path, merge: Merge) -> str:
    """The commit of all of them. Raises Unmergeable, else as ``add``."""
    tip = merge.base
    for head, name in zip(merge.heads, merge.names, strict=True):
        merged, following = add(mirror, tip, head, name)
        if not following:
            files = ", ".join(conflict.path for conflict in merged.conflicts[:3])
            raise Unmergeable(
                f"{name} cannot be merged: {merged.result}{f' in {files}' if files else ''}.",
                remedy="Start the trial integration again.",
            )
        tip = following
    return tip

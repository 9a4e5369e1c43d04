"""The commits of a branch as one line, from where it left the base branch to its head; pure.

merge base ── a ── b ── M ── c      M merged something else into the branch: along first parents
       └─────── x ─────┘            it is one step, whatever x did

fork ── a ── b ── M ── c            M merged the base branch: what lies before it does not descend from the
  └── … merge base ┘                merge base, so that the line begins with M, a, b and all in one step
"""

from collections.abc import Mapping, Sequence
from typing import Any


def first_parents(commits: Sequence[Mapping[str, Any]], *, head: str, merge_base: str) -> tuple[str, ...]:
    """SHAs, oldest first, the merge base included.

    ``commits`` are a run's, newest first; where it did not record their parents they are taken for one line.
    """
    if any("parents" not in commit for commit in commits):
        return (merge_base, *(commit["sha"] for commit in reversed(commits)))
    parents = {commit["sha"]: commit["parents"] for commit in commits}
    line, sha = [], head
    while sha in parents:
        line.append(sha)
        first, *merged = parents[sha] or [""]
        if any(parent not in parents for parent in merged):
            break
        sha = first
    return (merge_base, *reversed(line))

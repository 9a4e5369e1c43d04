"""The commits of a branch as one line, from where it left the base branch to its head; pure.

merge base ── a ── b ── M ── c      M merged something else into the branch: along first parents
       └─────── x ─────┘            it is one step, whatever x did
"""

from collections.abc import Mapping, Sequence


def first_parents(commits: Sequence[Mapping[str, str]], *, head: str, merge_base: str) -> tuple[str, ...]:
    """SHAs, oldest first, the merge base included.

    ``commits`` are a run's, newest first; where it did not record their parents they are taken for one line.
    """
    if any("parent" not in commit for commit in commits):
        return (merge_base, *(commit["sha"] for commit in reversed(commits)))
    parents = {commit["sha"]: commit["parent"] for commit in commits}
    line, sha = [], head
    while sha in parents:
        line.append(sha)
        sha = parents[sha]
    return (merge_base, *reversed(line))

"""A project's repository, as pages, tasks and the command line ask for it. Reads git; what it sees there
is noted by actions.

pages          ask the repository itself for its branches: they need no mirror
workers, CLI   ask the mirror, which they bring up to date first
comparisons    ask the mirror as it is, where this machine has one
"""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from tracks import actions
from tracks.errors import ToolError
from tracks.execution import chains, changesets, diffs, git, locks, merging, remote, touched
from tracks.execution.spec import Merge, Places
from tracks.models import Project, Run


def remote_branches(repository: str, *, allow_local: bool) -> dict[str, str]:
    """The head of each branch, by name. Raises SubjectError where the repository cannot be reached or is
    empty."""
    heads = remote.remote_branches(repository, allow_local=allow_local)
    if not heads:
        raise git.no_such_branch("", [])
    return heads


def branches_of(project: Project) -> dict[str, str]:
    """The head of each of the project's branches, by name; raises as ``remote_branches``."""
    return remote_branches(project.repository, allow_local=may_be_local(project))


def look(project: Project, *, now: datetime) -> dict[str, str]:
    """Ask the repository for the head of each of its branches, by name, and note those of the tracks and of
    the base branches; raises as ``remote_branches``."""
    heads = branches_of(project)
    actions.note_bases(project, heads, now=now)
    actions.note_heads(project, heads, now=now)
    actions.note_gone(project, heads, now=now)
    return heads


def resolve_branch(project: Project, branch: str) -> str:
    """The commit at the branch's head now. Raises SubjectError, naming similar branches, where it is none."""
    heads = branches_of(project)
    if branch not in heads:
        raise git.no_such_branch(branch, list(heads))
    return heads[branch]


def resolve(project: Project, ref: str) -> str:
    """The commit that a branch's name or a SHA means, after a fetch. Raises SubjectError."""
    fetch(project)
    return git.resolve(_mirror(project), ref)


def fetch(project: Project, *, sha: str = "") -> None:
    """Bring this machine's mirror up to date, with the commit ``sha`` if the repository still has it. Takes
    long: for workers and the command line. Raises SubjectError where the repository cannot be reached."""
    allow_local = may_be_local(project)
    locks.exhaust(remote.fetch_mirror(_mirror(project), project.repository, allow_local=allow_local, sha=sha))


def fetch_missing(project: Project, shas: Iterable[str]) -> None:
    """Where this machine's mirror lacks one of the commits: fetch all branches, then by itself each commit
    that no branch leads to. Raises as ``fetch``."""
    wanted = list(dict.fromkeys(shas))
    if not is_mirrored(project, wanted):
        fetch(project)
    for sha in wanted:
        if not is_mirrored(project, [sha]):
            fetch(project, sha=sha)


def is_mirrored(project: Project, shas: Iterable[str]) -> bool:
    """Whether this machine's mirror has all of the commits."""
    try:
        Mirror(project, shas)
    except NotMirrored:
        return False
    return True


def history_of(run: Run, places: Places) -> tuple[list[dict[str, Any]], str]:
    """The commits of a track run's branch that its sprint's baseline has not, newest first, and the last
    commit that both have ("" where they share none)."""
    base = run.sprint.baseline if run.sprint and run.track else None
    mirror = git.mirror_path(places, str(run.project_id), run.project.repository)
    if base is None or not git.has_commit(mirror, base.sha):
        return [], ""
    commits = [
        {
            "sha": commit.sha,
            "author": commit.author,
            "subject": commit.subject,
            "date": commit.date,
            "parents": list(commit.parents),
        }
        for commit in git.commits(mirror, base.sha, run.sha)
    ]
    return commits, git.merge_base(mirror, base.sha, run.sha)


class NotMirrored(ToolError):
    """This machine has no mirror of the repository, or one that lacks a commit; none is fetched for this."""


class Mirror:
    """A project's repository as this machine has mirrored it; no branch is written. Raises NotMirrored when
    made."""

    def __init__(self, project: Project, shas: Iterable[str]) -> None:
        self._path = _mirror(project)
        if not self._path.is_dir():
            raise NotMirrored("the machine that was asked has no copy of the repository")
        for sha in dict.fromkeys(shas):
            if not git.has_commit(self._path, sha):
                raise NotMirrored(f"the commit {sha[:7]} is not in the copy of the repository that was asked")

    def merge_base(self, one: str, other: str) -> str:
        """The last commit that both have, or "" where they share none."""
        return git.merge_base(self._path, one, other)

    def changed_files(self, base: str, head: str) -> diffs.Changed:
        return diffs.changed_files(self._path, base, head)

    def read_files(self, shas: Iterable[str], paths: Iterable[str]) -> diffs.Files:
        return diffs.read_files(self._path, shas, paths)

    def merge(self, base: str, head: str) -> merging.Merged:
        """What merging ``head`` into ``base`` would give; see ``tracks.execution.merging``."""
        return merging.merge(self._path, base, head)

    def patch_id(self, base: str, tree: str) -> str:
        return merging.patch_id(self._path, base, tree)

    def authors(self, base: str, head: str) -> merging.Authors:
        return merging.authors(self._path, base, head)

    def touched(self, base: str, head: str) -> touched.Side:
        """What the commits that ``head`` has and ``base`` has not touched, each for itself."""
        return touched.touched(self._path, base, head)

    def changeset(
        self, base: str, head: str, *, base_branch: str = "", with_patches: bool
    ) -> changesets.Changeset:
        """What lies between the two; see ``tracks.execution.changesets``."""
        return changesets.changeset(
            self._path, base, head, base_branch=base_branch, with_patches=with_patches
        )

    def has(self, sha: str) -> bool:
        return git.has_commit(self._path, sha)

    def branches(self) -> frozenset[str]:
        return frozenset(git.branches(self._path))

    def is_on(self, branch: str, sha: str) -> bool:
        return git.is_on(self._path, branch, sha)

    def is_cut_off(self) -> bool:
        """Whether the repository gave only the latest part of its history."""
        return (self._path / "shallow").exists()

    def has_own_commits(self, base: str, head: str) -> bool:
        return bool(git.commits(self._path, base, head, limit=1))

    def add(self, tip: str, head: str, name: str) -> tuple[merging.Merged, str]:
        """Merge ``head`` into ``tip``; see ``tracks.execution.chains``."""
        return chains.add(self._path, tip, head, name)

    def make(self, merge: Merge) -> str:
        """The commit of several merged one after the other; see ``tracks.execution.chains``."""
        return chains.make(self._path, merge)

    def keep(self, name: str, sha: str) -> None:
        """Keep a commit of a trial integration from being collected."""
        merging.keep(self._path, name, sha)


def _mirror(project: Project) -> Path:
    return git.mirror_path(Places(settings.DATA_DIR), str(project.pk), project.repository)


def may_be_local(project: Project) -> bool:
    """Whether the project's repository may be a folder of this machine."""
    return project.trusted or settings.ALLOW_LOCAL_REPOSITORIES

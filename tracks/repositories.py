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
from tracks.execution import diffs, git, remote
from tracks.execution.spec import Places
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


def look(project: Project, *, now: datetime) -> None:
    """Ask the repository for its branches and note the heads of those of the tracks; raises as
    ``remote_branches``."""
    heads = branches_of(project)
    actions.note_heads(project, heads, now=now)
    actions.note_gone(project, heads, now=now)


def resolve_branch(project: Project, branch: str) -> str:
    """The commit at the branch's head now. Raises SubjectError, naming similar branches, where it is none."""
    heads = branches_of(project)
    if branch not in heads:
        raise git.no_such_branch(branch, list(heads))
    return heads[branch]


def resolve(project: Project, ref: str) -> str:
    """The commit that a branch's name or a SHA means, after a fetch. Raises SubjectError."""
    places = Places(settings.DATA_DIR)
    mirror = git.mirror_path(places, str(project.pk), project.repository)
    for _ in remote.fetch_mirror(mirror, project.repository, allow_local=may_be_local(project)):
        pass
    return git.resolve(mirror, ref)


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
    """Read access to a project's repository as this machine has mirrored it; raises NotMirrored when made."""

    def __init__(self, project: Project, shas: Iterable[str]) -> None:
        self._path = _mirror(project)
        if not self._path.is_dir():
            raise NotMirrored("the machine that made this comparison has no copy of the repository")
        for sha in dict.fromkeys(shas):
            if not git.has_commit(self._path, sha):
                raise NotMirrored(f"the commit {sha[:7]} is not in this machine's copy of the repository")

    def merge_base(self, one: str, other: str) -> str:
        """The last commit that both have, or "" where they share none."""
        return git.merge_base(self._path, one, other)

    def changed_files(self, base: str, head: str) -> diffs.Changed:
        return diffs.changed_files(self._path, base, head)

    def read_files(self, shas: Iterable[str], paths: Iterable[str]) -> diffs.Files:
        return diffs.read_files(self._path, shas, paths)


def _mirror(project: Project) -> Path:
    return git.mirror_path(Places(settings.DATA_DIR), str(project.pk), project.repository)


def may_be_local(project: Project) -> bool:
    """Whether the project's repository may be a folder of this machine."""
    return project.trusted or settings.ALLOW_LOCAL_REPOSITORIES

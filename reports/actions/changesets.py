"""What lies between the commits that a report tells of, asked of git once and kept.

a run ended, or beat    ──> read_changesets_due(…)                 what this machine's mirror has
a worker saw new heads  ──> read_changesets_due(…, fetches=True)   the mirror is brought up to date first
                              └──> Changeset; without a mirror nothing is stored; a commit that is not there
                                   makes one that says so, until it comes
"""

from dataclasses import asdict
from datetime import datetime
from functools import partial
from itertools import chain, islice
from typing import Any

from reports.changeset_queries import Asked, Pair, unread_changesets
from reports.models import Changeset
from tracks import repositories
from tracks.apart import each_apart
from tracks.models import Project
from tracks.repositories import Mirror, NotMirrored

READ_AT_ONCE = 40
"""How many pairs of a project."""


def read_changesets_due(project: Project | None = None, *, now: datetime, fetches: bool = False) -> None:
    """Ask git what lies between each two commits, of one project or of all, of which that is not known. One
    that fails keeps no other from being read. Where it ``fetches``, a commit that is not there after it is
    noted as gone.

    Raises SubjectError where the repository is to be fetched and cannot be reached."""
    for each, pairs in unread_changesets(project, now=now):
        if fetches:
            chosen = list(islice(pairs, READ_AT_ONCE))
            repositories.fetch_missing(each, chain.from_iterable(chosen))
        else:
            chosen = [pair for pair in pairs if repositories.is_mirrored(each, pair)][:READ_AT_ONCE]
        steps = (partial(_read, each, pair, pairs[pair], now=now) for pair in chosen)
        each_apart(steps, failed="git could not tell what lies between two commits; it is asked again")


def _read(project: Project, pair: Pair, asked: Asked, *, now: datetime) -> None:
    try:
        said = _told(Mirror(project, pair), pair, asked)
    except NotMirrored as gone:
        said = {"unread": gone.message}
    said["read_at"] = now
    found, is_new = Changeset.objects.get_or_create(
        project=project, base=pair.base, head=pair.head, defaults=said
    )
    if not is_new:  # what somebody else was told meanwhile stays
        Changeset.objects.filter(pk=found.pk).exclude(unread="").update(**{"unread": "", **said})


def _told(mirror: Mirror, pair: Pair, asked: Asked) -> dict[str, Any]:
    """The fields of a Changeset."""
    told = mirror.changeset(pair.base, pair.head, **asked._asdict())
    return {
        "commits": [asdict(commit) for commit in told.commits],
        "files": [asdict(file) for file in told.files],
        "file_count": told.total,
        "added": told.added,
        "removed": told.removed,
        "patches": [asdict(patch) for patch in told.patches],
        "bounds": list(told.bounds),
        "is_rewritten": told.is_rewritten,
    }

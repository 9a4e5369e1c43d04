"""What git says of merging tracks into their base branch, asked once for each two commits and kept.

a run ended, or beat    ──> read_merges_due(…)                 what this machine's mirror has
a worker saw new heads  ──> read_merges_due(…, fetches=True)   the mirror is brought up to date first
                              └──> Mergeability; what may be told later (no mirror, no answer) is not stored;
                                   a commit that is not there is, as unknown, until it comes
"""

from dataclasses import asdict
from datetime import datetime
from functools import partial
from itertools import chain
from typing import Any

from reports.merge_queries import unread_merges
from reports.models import Mergeability
from reports.statuses import MergeResult
from reports.trial_merges import CUT_OFF
from tracks import repositories
from tracks.apart import each_apart
from tracks.models import Project
from tracks.repositories import Mirror, NotMirrored

READ_AT_ONCE = 40
"""How many pairs of a project."""


def read_merges_due(project: Project | None = None, *, now: datetime, fetches: bool = False) -> None:
    """Ask git about every merge of one project, or of all, that is not known. One that fails keeps no other
    from being read. Where it ``fetches``, a commit that is not there after it is noted as gone.

    Raises SubjectError where the repository is to be fetched and cannot be reached."""
    for each, pairs in unread_merges(project, now=now):
        if fetches:
            chosen = pairs[:READ_AT_ONCE]
            repositories.fetch_missing(each, chain.from_iterable(chosen))
        else:
            chosen = [pair for pair in pairs if repositories.is_mirrored(each, pair)][:READ_AT_ONCE]
        steps = (partial(_read, each, base, head, now=now) for base, head in chosen)
        each_apart(steps, failed="git could not tell whether two commits merge; it is asked again")


def _read(project: Project, base: str, head: str, *, now: datetime) -> None:
    try:
        said: dict[str, Any] = _asked(Mirror(project, (base, head)), base, head)
    except NotMirrored as gone:
        said = {"result": MergeResult.UNKNOWN, "note": gone.message}
    said["read_at"] = now
    found, is_new = Mergeability.objects.get_or_create(project=project, base=base, head=head, defaults=said)
    if not is_new:  # what somebody else was told meanwhile stays
        Mergeability.objects.filter(pk=found.pk, result=MergeResult.UNKNOWN).update(**said)


def _asked(mirror: Mirror, base: str, head: str) -> dict[str, Any]:
    """The fields of a Mergeability."""
    merged = mirror.merge(base, head)
    if merged.result is MergeResult.UNRELATED and mirror.is_cut_off():
        return {"result": MergeResult.UNKNOWN, "note": CUT_OFF}
    written = mirror.authors(base, head)
    is_clean = merged.result is MergeResult.CLEAN
    return {
        "result": merged.result,
        "conflicts": [asdict(conflict) for conflict in merged.conflicts],
        "patch_id": mirror.patch_id(base, merged.tree) if is_clean else "",
        "authors": [asdict(person) for person in written.people],
        "commits": written.commits,
        "note": "",
    }

"""What git told of the commits behind a report: of each branch, and of each attempt at mending it.

Runs ──> pairs of commits ── Changeset rows ──> ChangesetTold by pair
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reports.changeset_queries import Pair, of_attempts, of_branch
from reports.models import Changeset
from reports.summary.facts import COMMITS, LISTED, ChangesetTold, CommitTold, PatchTold
from reports.summary_queries.runs import Runs
from tracks.models import Project, Run

PATCH = 8000
"""Characters of a patch."""
PATCHES = 50
"""Of an attempt."""


@dataclass(frozen=True)
class Changesets:
    """``attempts`` are pairs by the retest's primary key, ``branches`` by the track's; ``rows`` are
    what git could tell."""

    branches: Mapping[int, Pair]
    attempts: Mapping[int, Pair]
    rows: Mapping[Pair, Changeset]

    def of_branch(self, track: int) -> ChangesetTold | None:
        row = self.rows.get(self.branches[track]) if track in self.branches else None
        return _told(row, ()) if row else None

    def of_attempt(self, run: Run, files: frozenset[str]) -> ChangesetTold | None:
        """``files`` are the paths that the track's findings name."""
        row = self.rows.get(self.attempts[run.pk]) if run.pk in self.attempts else None
        if row is None:
            return None
        return _told(row, [each for each in row.patches if not files or each["path"] in files])


def changesets_of(project: Project, runs: Runs) -> Changesets:
    baseline = runs.baseline.sha if runs.baseline else ""
    branches = {
        track: pair
        for track in runs.of_tracks
        if (latest := runs.latest(track)) and (pair := of_branch(latest, baseline))
    }
    attempts: dict[int, Pair] = {}
    for iterations in runs.of_tracks.values():
        attempts |= of_attempts(iterations)
    wanted = {*branches.values(), *attempts.values()}
    bases, heads = {pair.base for pair in wanted}, {pair.head for pair in wanted}
    rows = Changeset.objects.filter(project=project, base__in=bases, head__in=heads, unread="")
    return Changesets(branches, attempts, {Pair(row.base, row.head): row for row in rows})


def _told(row: Changeset, patches: Sequence[Mapping[str, Any]]) -> ChangesetTold:
    commits = row.commits[:COMMITS]
    return ChangesetTold(
        changeset=row.pk,
        base=row.base,
        head=row.head,
        commits=tuple(CommitTold(each["sha"], each["author"], each["subject"]) for each in commits),
        files=row.file_count,
        added=row.added,
        removed=row.removed,
        first=tuple((each["path"], each["added"], each["removed"]) for each in row.files[:LISTED]),
        patches=tuple(map(_patch, patches[:PATCHES])),
        bounds=tuple(row.bounds),
        commits_total=len(row.commits),
        patches_total=len(patches),
        is_rewritten=row.is_rewritten,
    )


def _patch(each: Mapping[str, Any]) -> PatchTold:
    text = each["text"][:PATCH]
    return PatchTold(each["sha"], each["path"], text, each["is_cut"] or len(text) < len(each["text"]))

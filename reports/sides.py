"""What the commits of tracks that fail together touched, as this machine's mirror tells; for workers only.

keys of a verdict ──> the commits of each track since the base ──> reports.meetings
one key alone     ──> the track's commits, and the base's since the track left it
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reports.meetings import Commit, Met, meet, names_in
from tracks.execution.touched import MAX_COMMITS, Side, Touched
from tracks.models import Project
from tracks.repositories import Mirror

THE_BASE = "the base"


@dataclass(frozen=True, slots=True)
class Meeting:
    """``bounds`` are sentences on what was not looked at."""

    commits: tuple[Met, ...]
    bounds: tuple[str, ...]


def meeting_of(project: Project, base: str, heads: Mapping[str, str]) -> Meeting:
    """Where the tracks whose commits are given by key, in the order of merging, meet; one alone meets the
    base. Raises NotMirrored where this machine lacks a commit, and ToolError."""
    mirror = Mirror(project, (base, *heads.values()))
    sides = {key: mirror.touched(base, head) for key, head in heads.items()}
    if len(heads) == 1:
        (head,) = heads.values()
        sides[THE_BASE] = mirror.touched(head, base)
    met = meet({key: [_commit(each) for each in side.commits] for key, side in sides.items()})
    return Meeting(met, tuple(sentence for key, side in sides.items() for sentence in _bounds(key, side)))


def _commit(each: Touched) -> Commit:
    names = [names_in(hunk.around, hunk.lines) for hunk in each.hunks]
    return Commit(
        each.sha,
        each.subject,
        each.paths,
        defines=frozenset().union(*(defined for defined, _ in names)),
        mentions=frozenset().union(*(mentioned for _, mentioned in names)),
    )


def _bounds(key: str, side: Side) -> Iterator[str]:
    if side.is_cut:
        yield f"Of {key}, the newest {MAX_COMMITS} commits were looked at."
    if side.unread:
        were = "1 commit is" if side.unread == 1 else f"{side.unread} commits are"
        yield f"Of {key}, {were} too large to be read whole."

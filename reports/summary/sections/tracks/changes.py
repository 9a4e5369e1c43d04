"""What the track's branch changes: commits, files and lines; pure."""

from collections.abc import Iterator, Mapping, Sequence

from reports.document import Block, Code, Figure, Folded, Mono, Section, Tone
from reports.document.blocks import Line
from reports.summary.facts import COMMITS, ChangesetTold, CommitTold, TrackTold
from reports.summary.sections import keys
from reports.summary.sections.writing import SHORT, commit, counted, cut, first_of, line, says, told
from reports.wording import listed


def section(track: TrackTold, figures: Mapping[str, Figure]) -> Section:
    blocks = (told(f"The branch of {track.key}", _rows(track, figures)), *_details(track))
    return Section(f"{keys.of_track(track)}-changes", "Branch and changes", blocks)


def _rows(track: TrackTold, figures: Mapping[str, Figure]) -> Iterator[tuple[str, Line]]:
    prefix = f"track.{track.key}"
    yield "Branch", line(Mono(track.branch))
    yield "Owner", line(track.owner)
    yield "Head", commit(track.head)
    yield "Tested commit", commit(track.latest.run.sha if track.latest else "")
    yield "Depends on", line(listed(track.depends_on))
    if commits := figures.get(f"{prefix}.commits"):
        yield "Commits", line("at least " if track.commits_cut else "", commits)
    if track.changes:
        yield "Changes", changed(f"{prefix}.changes", figures)


def changed(prefix: str, figures: Mapping[str, Figure]) -> Line:
    """``3 files changed, 120 lines added, 14 removed``."""
    files, added, removed = (figures[f"{prefix}.{name}"] for name in ("files", "added", "removed"))
    return line(
        *counted(files, "file"), " changed, ", *counted(added, "line"), " added, ", removed, " removed"
    )


def commits_of(commits: Sequence[CommitTold], total: int) -> Iterator[Block]:
    lines = [line(Mono(each.sha[:SHORT]), f" {each.subject} ({each.author})") for each in commits]
    return first_of(lines, total, most=COMMITS)


def _details(track: TrackTold) -> Iterator[Block]:
    if track.commits:
        yield says("Commits, the newest first:")
        yield from commits_of(track.commits, track.commits_total)
    if track.changes and track.changes.first:
        yield from (says(each, tone=Tone.QUIET) for each in track.changes.bounds)
        changes = track.changes
        listed_first = (*cut(len(changes.first), changes.files), _files(changes))
        yield Folded(line("Lines added and removed by file"), listed_first)


def _files(changes: ChangesetTold) -> Code:
    """As ``git diff --numstat`` tells it."""
    return Code("\n".join(f"{added}\t{removed}\t{path}" for path, added, removed in changes.first))

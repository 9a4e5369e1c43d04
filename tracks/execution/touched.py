"""What each commit of a branch touched: its files and, in Python files, the changed lines. No work tree.

touched(mirror, base, head)  ──>  Side(commits [Touched(sha, subject, paths, hunks), …], is_cut, unread)

Paths come out of git between NULs. The lines of a change are counted as its heading says, so that nothing in
a file can pass for a heading. Work is bounded: commits, files a commit, bytes of Python altogether.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from tracks.execution import commits, git

MAX_COMMITS = 100
MAX_FILES = 3000
"""Of a commit."""
TOTAL_BYTES = 8 * 1024**2
"""Of the Python files of all commits, each before and after."""
MAX_SUBJECT = 200
MAX_PATH = 500
"""Characters."""
_HEADING = re.compile(r"@@ -\d+(?:,(?P<old>\d+))? \+\d+(?:,(?P<new>\d+))? @@ ?(?P<around>.*)")


@dataclass(frozen=True, slots=True)
class Hunk:
    around: str
    """The line at the file's left edge that git found above the change: ``def total(prices):``."""
    lines: tuple[str, ...]
    """Those that are gone and those that are new."""


@dataclass(frozen=True, slots=True)
class Touched:
    """``hunks`` are those of its Python files."""

    sha: str
    subject: str
    paths: frozenset[str]
    hunks: tuple[Hunk, ...] = ()


@dataclass(frozen=True, slots=True)
class Side:
    commits: tuple[Touched, ...]
    """Newest first, without merges."""
    is_cut: bool
    """There are more than MAX_COMMITS."""
    unread: int
    """Of how many of them not all was read."""


def touched(mirror: Path, base: str, head: str, *, total_bytes: int = TOTAL_BYTES) -> Side:
    """Of the commits that ``head`` has and ``base`` has not. Raises ToolError where one is not there, and
    InvalidInput for what is no full SHA."""
    found = git.commits(mirror, base, head, limit=MAX_COMMITS + 1)
    kept = [each for each in found[:MAX_COMMITS] if len(each.parents) < 2]
    files = commits.files_of(mirror, [each.sha for each in kept], "--no-renames")
    python = {sha: [each for each in of if each.path.endswith(".py")] for sha, of in files.items()}
    whole = commits.within(mirror, python, total_bytes)
    hunks = _hunks(mirror, whole)
    told = (
        Touched(
            each.sha,
            each.subject[:MAX_SUBJECT],
            frozenset(file.path[:MAX_PATH] for file in files[each.sha][:MAX_FILES]),
            tuple(hunks.get(each.sha, ())),
        )
        for each in kept
    )
    return Side(
        tuple(told),
        is_cut=len(found) > MAX_COMMITS,
        unread=sum(sha not in whole or len(files[sha]) > MAX_FILES for sha in files),
    )


def _hunks(mirror: Path, shas: Sequence[str]) -> dict[str, list[Hunk]]:
    hunks: dict[str, list[Hunk]] = {sha: [] for sha in shas}
    sha = ""
    options = ("--no-renames", "-p", "-U0", "--no-ext-diff", "--no-textconv", "--no-color", "--", "*.py")
    lines = iter(commits.told(mirror, shas, *options).split("\n"))
    for line in lines:
        if git.SHA.fullmatch(line):
            sha = line
        elif heading := _HEADING.fullmatch(line):
            count = sum(int(heading[side] or 1) for side in ("old", "new"))
            hunks[sha].append(Hunk(heading["around"], tuple(islice(_changed(lines), count))))
    return hunks


def _changed(lines: Iterable[str]) -> Iterator[str]:
    """Without their signs, and without git's word that a file ends without a line end."""
    return (line[1:] for line in lines if not line.startswith("\\"))

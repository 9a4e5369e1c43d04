"""What each commit of a branch touched: its files and, in Python files, the changed lines. No work tree.

touched(mirror, base, head)  ──>  Side(commits [Touched(sha, subject, paths, hunks), …], is_cut, unread)

Paths come out of git between NULs. The lines of a change are counted as its heading says, so that nothing in
a file can pass for a heading. Work is bounded: commits, files a commit, bytes of Python altogether.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from tracks.execution import git

MAX_COMMITS = 100
MAX_FILES = 3000
"""Of a commit."""
TOTAL_BYTES = 8 * 1024**2
"""Of the Python files of all commits, each before and after."""
MAX_SUBJECT = 200
MAX_PATH = 500
"""Characters."""
NOTHING = "0" * 40
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
    commits = git.commits(mirror, base, head, limit=MAX_COMMITS + 1)
    kept = [each for each in commits[:MAX_COMMITS] if len(each.parents) < 2]
    files = _files(mirror, [each.sha for each in kept])
    whole = _within(mirror, files, total_bytes)
    hunks = _hunks(mirror, whole)
    found = [
        Touched(
            each.sha,
            each.subject[:MAX_SUBJECT],
            frozenset(path[:MAX_PATH] for path, _ in files[each.sha][:MAX_FILES]),
        )
        for each in kept
    ]
    return Side(
        tuple(replace(each, hunks=tuple(hunks.get(each.sha, ()))) for each in found),
        is_cut=len(commits) > MAX_COMMITS,
        unread=sum(sha not in whole or len(files[sha]) > MAX_FILES for sha in files),
    )


_Files = dict[str, list[tuple[str, tuple[str, str]]]]
"""By commit: each path with its blobs before and after."""


def _files(mirror: Path, shas: Sequence[str]) -> _Files:
    files: _Files = {sha: [] for sha in shas}
    sha = ""
    fields = iter(_told(mirror, shas, "-z", "--raw", "--no-abbrev").split("\0"))
    for field in fields:
        if not field.startswith(":"):
            sha = field
            continue
        _, _, before, after, _ = field.split()
        files[sha].append((next(fields), (before, after)))
    return files


def _within(mirror: Path, files: _Files, total_bytes: int) -> list[str]:
    """The commits whose Python files may be read, the first ones first."""
    blobs = {
        sha: [each for path, both in of if path.endswith(".py") for each in both] for sha, of in files.items()
    }
    sizes = _sizes(mirror, sorted({blob for of in blobs.values() for blob in of} - {NOTHING}))
    chosen = []
    for sha, of in blobs.items():
        size = sum(sizes.get(blob, 0) for blob in of)
        if size <= total_bytes:
            chosen.append(sha)
            total_bytes -= size
    return chosen


def _sizes(mirror: Path, blobs: Sequence[str]) -> dict[str, int]:
    """What is no blob of the mirror, as a submodule's commit, has none."""
    lines = "".join(f"{blob}\n" for blob in blobs).encode()
    said = git.call("-C", str(mirror), "cat-file", "--batch-check=%(objectname) %(objectsize)", given=lines)
    rows = (row.split() for row in git.decode(said.stdout).splitlines())
    return {blob: int(size) for blob, size in rows if size.isdigit()}


def _hunks(mirror: Path, shas: Sequence[str]) -> dict[str, list[Hunk]]:
    hunks: dict[str, list[Hunk]] = {sha: [] for sha in shas}
    sha = ""
    options = ("-p", "-U0", "--no-ext-diff", "--no-textconv", "--no-color", "--", "*.py")
    lines = iter(_told(mirror, shas, *options).split("\n"))
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


def _told(mirror: Path, shas: Sequence[str], *options: str) -> str:
    given = "".join(f"{git.checked(sha)}\n" for sha in shas).encode()
    asked = ("diff-tree", "--stdin", "--root", "-r", "--no-renames", *options)
    return git.decode(git.call("-C", str(mirror), *asked, given=given).stdout)

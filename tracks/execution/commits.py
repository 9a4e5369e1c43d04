"""What each of several commits changed, asked of git at once: files with their blobs. No work tree.

files_of(mirror, [sha, …])    ──> {sha: [File("app/prices.py", before, after), …]}
within(mirror, files, bytes)  ──> the commits whose files may be read, the first ones first
told(mirror, [sha, …], "-p")  ──> each SHA in a line, and what the options ask for of it

Merges change nothing by themselves. Paths come out of git between NULs, SHAs go in on its standard input.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tracks.execution import git

NOTHING = "0" * 40
"""The blob of a file that is not there."""


@dataclass(frozen=True, slots=True)
class File:
    """``path`` is where it is after the commit, unless it is gone then."""

    path: str
    before: str
    after: str


def files_of(mirror: Path, shas: Sequence[str], renames: str) -> dict[str, list[File]]:
    """By commit; ``renames`` is git's option that says how they are told. Raises ToolError where a commit is
    not there, and InvalidInput for what is no full SHA."""
    files: dict[str, list[File]] = {sha: [] for sha in shas}
    sha = ""
    fields = iter(told(mirror, shas, renames, "-z", "--raw", "--no-abbrev").split("\0"))
    for field in fields:
        if not field.startswith(":"):
            sha = field
            continue
        _, _, before, after, status = field.split()
        first = next(fields)
        files[sha].append(File(next(fields) if status[0] in "RC" else first, before, after))
    return files


def within(mirror: Path, files: Mapping[str, Sequence[File]], total_bytes: int) -> list[str]:
    """The commits whose files, before and after, have no more bytes together."""
    blobs = {sha: [blob for each in of for blob in (each.before, each.after)] for sha, of in files.items()}
    sizes = _sizes(mirror, sorted({blob for of in blobs.values() for blob in of} - {NOTHING}))
    chosen = []
    for sha, of in blobs.items():
        size = sum(sizes.get(blob, 0) for blob in of)
        if size <= total_bytes:
            chosen.append(sha)
            total_bytes -= size
    return chosen


def told(mirror: Path, shas: Sequence[str], *options: str) -> str:
    """Raises as ``files_of``."""
    given = "".join(f"{git.checked(sha)}\n" for sha in shas).encode()
    asked = ("diff-tree", "--stdin", "--root", "-r", *options)
    return git.decode(git.call("-C", str(mirror), *asked, given=given).stdout)


def _sizes(mirror: Path, blobs: Sequence[str]) -> dict[str, int]:
    """What is no blob of the mirror, as a submodule's commit, has none."""
    lines = "".join(f"{blob}\n" for blob in blobs).encode()
    said = git.call("-C", str(mirror), "cat-file", "--batch-check=%(objectname) %(objectsize)", given=lines)
    rows = (row.split() for row in git.decode(said.stdout).splitlines())
    return {blob: int(size) for blob, size in rows if size.isdigit()}

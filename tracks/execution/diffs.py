"""What lies between commits, read from a mirror: which files changed, and what they held. No work tree.

changed_files(mirror, base, head)          ──> Changed(files [ChangedFile("R", "new.py", "old.py"), …], total)
read_files(mirror, [sha, …], ["tests/a.py"]) ──> Files(texts {sha: {"tests/a.py": "import …"}}, left_out)

Paths are a branch's words: they come out of git between NULs, and go in on its standard input, never as
arguments. Work is bounded: files in a comparison, bytes a file, bytes altogether; what a bound cuts is told.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tracks.execution import git

MAX_CHANGED = 3000
RENAME_LIMIT = 1000
"""Above so many files without a namesake git looks for moved files only where nothing in them changed."""
FILE_BYTES = 512 * 1024
TOTAL_BYTES = 8 * 1024**2
"""Of all files of one reading; contents that several commits share count once."""
LEADS_NOWHERE = (b"symlink", b"dangling", b"loop", b"notdir")
"""What git says of a link out of the commit, or to nothing."""


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """``status`` is git's letter: A(dded), D(eleted), M(odified), R(enamed), T(ype changed)."""

    status: str
    path: str
    old_path: str
    """Where it was; as ``path`` unless it was renamed."""


@dataclass(frozen=True, slots=True)
class Changed:
    files: tuple[ChangedFile, ...]
    """The first MAX_CHANGED of them, by path."""
    total: int


@dataclass(frozen=True, slots=True)
class Files:
    texts: Mapping[str, Mapping[str, str]]
    """By commit and path; what a commit does not hold is not there."""
    left_out: Mapping[str, frozenset[str]]
    """By commit: the files that it holds, but that are too large to be read, each or together."""


def changed_files(mirror: Path, base: str, head: str, *, limit: int = MAX_CHANGED) -> Changed:
    """The files in which two commits differ, moved ones as such. Raises ToolError, and InvalidInput for what
    is no full SHA."""
    options = ("-r", "-z", "--raw", "--no-abbrev", "--no-ext-diff", f"-l{RENAME_LIMIT}", "-M")
    said = git.call(
        *("-C", str(mirror), "diff-tree", *options, git.checked(base), git.checked(head), "--")
    ).stdout
    fields = iter(git.decode(said).split("\0"))
    files = []
    for row in fields:
        if not row:
            break
        status, first = row.split()[-1][0], next(fields)
        files.append(ChangedFile(status, next(fields) if status in "RC" else first, first))
    return Changed(tuple(files[:limit]), len(files))


def read_files(
    mirror: Path,
    shas: Iterable[str],
    paths: Iterable[str],
    *,
    file_bytes: int = FILE_BYTES,
    total_bytes: int = TOTAL_BYTES,
) -> Files:
    """The texts of the files at each of the commits; the first paths first, until ``total_bytes`` are read.

    Raises as ``changed_files``.
    """
    commits = [git.checked(sha) for sha in dict.fromkeys(shas)]
    found = _sizes(mirror, [(sha, path) for path in paths if _can_be_asked(path) for sha in commits])
    contents = _contents(mirror, _within(dict(found.values()), file_bytes, total_bytes))
    texts: dict[str, dict[str, str]] = {sha: {} for sha in commits}
    left_out: dict[str, set[str]] = {sha: set() for sha in commits}
    for (sha, path), (blob, _) in found.items():
        if blob in contents:
            texts[sha][path] = contents[blob]
        else:
            left_out[sha].add(path)
    return Files(texts, {sha: frozenset(cut) for sha, cut in left_out.items()})


def _within(sizes: Mapping[str, int], file_bytes: int, total_bytes: int) -> list[str]:
    """The blobs that may be read."""
    chosen = []
    for blob, size in sizes.items():
        if size <= file_bytes and size <= total_bytes:
            chosen.append(blob)
            total_bytes -= size
    return chosen


def _can_be_asked(path: str) -> bool:
    """git reads one name a line, and takes ``./`` and ``../`` for a place in a work tree."""
    return "\n" not in path and not path.startswith(("./", "../", "/"))


def _sizes(mirror: Path, asked: list[tuple[str, str]]) -> dict[tuple[str, str], tuple[str, int]]:
    """Hash and size of each file that is there; a link is the file of the commit that it leads to."""
    lines = "".join(f"{sha}:{path}\n" for sha, path in asked).encode("utf-8", "replace")
    options = ("--batch-check", "--follow-symlinks")
    said = git.call("-C", str(mirror), "cat-file", *options, given=lines).stdout
    found, place = {}, 0
    for key in asked:
        end = said.index(b"\n", place)
        row = said[place:end].rsplit(b" ", 2)
        place = end + 1
        if row[0] in LEADS_NOWHERE:
            place += int(row[1]) + 1  # the name follows, whatever is in it
        elif row[1:2] == [b"blob"] and row[-1].isdigit():
            found[key] = (row[0].decode(), int(row[2]))
    return found


def _contents(mirror: Path, blobs: Iterable[str]) -> dict[str, str]:
    """The text of each blob, by its hash."""
    lines = "".join(f"{blob}\n" for blob in blobs).encode()
    said = git.call("-C", str(mirror), "cat-file", "--batch", given=lines).stdout
    texts, place = {}, 0
    while place < len(said):
        end = said.index(b"\n", place)
        blob, _, size = said[place:end].split()
        place = end + 1 + int(size)
        texts[blob.decode()] = git.decode(said[end + 1 : place])
        place += 1
    return texts

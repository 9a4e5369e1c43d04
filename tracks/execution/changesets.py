"""What lies between two commits, as a report tells it: commits, files, what each commit did. No work tree.

changeset(mirror, base, head)  ──>  Changeset(commits [Commit(…), …], files [FileChange(path, 3, 1), …],
                                              patches [Patch(sha, path, "@@ …"), …], bounds ["…", …])

``base`` need not be an ancestor: a branch that was rewritten has commits of its own, and files that differ.
What the base branch brought between the two, by a merge or a rebase, is nobody's attempt: its commits are
left out. In files and lines it cannot be told apart, which is told, as a sentence.
Everything that is kept is bounded and clean; what a bound cuts is told, as a sentence.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tracks.execution import commits, git
from tracks.execution.tail import clean

MAX_COMMITS = 100
MAX_FILES = 300
MAX_PATCHES = 300
MAX_NAME = 200
MAX_PATH = 500
PATCH_CHARACTERS = 8000
ALL_CHARACTERS = 200_000
TOTAL_BYTES = 16 * 1024**2
"""Of the files of all commits, each before and after, that patches are made of."""
RENAME_LIMIT = 1000
"""Above so many files without a namesake git looks for moved files only where nothing in them changed."""
_RENAMES = "-M"
_BLOBS = re.compile(r"index ([0-9a-f]{40})\.\.([0-9a-f]{40})(?: \d+)?")

COMMITS_CUT = f"Only the latest {MAX_COMMITS} commits are told."
FILES_CUT = f"Only the first {MAX_FILES} files are named; all of them are counted."
PATCHES_CUT = "Not every change is kept: there are too many."
BROUGHT = "Files and lines count what the base branch brought, too."
TOO_LARGE = "Commits that change very large files, or very many, are told without their changes."


@dataclass(frozen=True, slots=True)
class Commit:
    sha: str
    author: str
    subject: str


@dataclass(frozen=True, slots=True)
class FileChange:
    """Lines; 0 of what is no text. ``path`` is where it is in the later commit, unless it is gone there."""

    path: str
    added: int
    removed: int


@dataclass(frozen=True, slots=True)
class Patch:
    """What one commit did to one file, from the first ``@@`` on."""

    sha: str
    path: str
    text: str
    is_cut: bool


@dataclass(frozen=True, slots=True)
class Changeset:
    """``commits`` are those that the head has and the base has not, newest first; ``files`` those in which
    both differ, by path, of which there are ``total``, with so many lines ``added`` and ``removed``. It
    ``is_rewritten`` where the base is no ancestor of the head."""

    commits: tuple[Commit, ...]
    files: tuple[FileChange, ...]
    total: int
    added: int
    removed: int
    patches: tuple[Patch, ...]
    bounds: tuple[str, ...]
    is_rewritten: bool


def changeset(mirror: Path, base: str, head: str, *, base_branch: str = "", with_patches: bool) -> Changeset:
    """No commit of the ``base_branch`` is told. Raises ToolError where a commit is not there, and
    InvalidInput for what is no full SHA."""
    fork = _fork(mirror, base_branch, head)
    made, is_cut = _commits(mirror, base, head, fork)
    files = sorted(_files(mirror, base, head), key=lambda each: each.path)
    patches, patch_bounds = _patches(mirror, [each.sha for each in made]) if with_patches else ((), ())
    bounds = [COMMITS_CUT] if is_cut else []
    bounds += [FILES_CUT] if len(files) > MAX_FILES else []
    bounds += [BROUGHT] if fork and git.commits(mirror, base, fork, limit=1) else []
    return Changeset(
        commits=made,
        files=tuple(files[:MAX_FILES]),
        total=len(files),
        added=sum(each.added for each in files),
        removed=sum(each.removed for each in files),
        patches=patches,
        bounds=(*bounds, *patch_bounds),
        is_rewritten=git.merge_base(mirror, base, head) != base,
    )


def _fork(mirror: Path, base_branch: str, head: str) -> str:
    """The last commit that the head has of the base branch; "" where it has none, or is on it itself: it was
    merged since."""
    if base_branch not in git.branches(mirror):
        return ""
    fork = git.merge_base(mirror, git.resolve(mirror, base_branch), head)
    return "" if fork == head else fork


def _commits(mirror: Path, base: str, head: str, fork: str) -> tuple[tuple[Commit, ...], bool]:
    """The latest ones, and whether there are more."""
    found = git.commits(mirror, base, head, without=fork, limit=MAX_COMMITS + 1)
    told = (Commit(each.sha, clean(each.author, MAX_NAME), clean(each.subject, MAX_NAME)) for each in found)
    return tuple(told)[:MAX_COMMITS], len(found) > MAX_COMMITS


def _files(mirror: Path, base: str, head: str) -> Iterator[FileChange]:
    options = ("-r", "-z", "--numstat", "--no-ext-diff", "--no-textconv", f"-l{RENAME_LIMIT}", _RENAMES)
    said = git.call("-C", str(mirror), "diff-tree", *options, git.checked(base), git.checked(head), "--")
    fields = iter(git.decode(said.stdout).split("\0"))
    for row in fields:
        if row:
            added, removed, path = row.split("\t", 2)
            if not path:  # it was moved: both names follow
                _, path = next(fields), next(fields)
            yield FileChange(clean(path, MAX_PATH), _lines(added), _lines(removed))


def _lines(count: str) -> int:
    return int(count) if count.isdigit() else 0


def _patches(mirror: Path, shas: Sequence[str]) -> tuple[tuple[Patch, ...], tuple[str, ...]]:
    """Those of the commits, in their order and by path, and sentences on what is left out."""
    files = commits.files_of(mirror, shas, _RENAMES)
    whole = commits.within(mirror, files, TOTAL_BYTES)
    texts = _texts(mirror, whole)
    found = [
        Patch(sha, clean(file.path, MAX_PATH), clean(text, PATCH_CHARACTERS), len(text) > PATCH_CHARACTERS)
        for sha in whole
        for file in files[sha]
        if (text := texts.get((sha, file.before, file.after)))
    ]
    kept = _first(found)
    bounds = [PATCHES_CUT] if len(kept) < len(found) else []
    bounds += [TOO_LARGE] if len(whole) < len(files) else []
    return kept, tuple(bounds)


def _first(patches: Sequence[Patch]) -> tuple[Patch, ...]:
    """The first MAX_PATCHES of them, while they have no more than ALL_CHARACTERS together."""
    kept, room = [], ALL_CHARACTERS
    for each in patches[:MAX_PATCHES]:
        room -= len(each.text)
        if room < 0:
            break
        kept.append(each)
    return tuple(kept)


def _texts(mirror: Path, shas: Sequence[str]) -> dict[tuple[str, str, str], str]:
    """The hunks of each file, by its commit and its blobs before and after; what is no text has none.

    Every line of a file's is told after a sign: none is empty, or can pass for a heading or a commit."""
    options = ("-p", "--full-index", "--no-ext-diff", "--no-textconv", "--no-color")
    found: dict[tuple[str, str, str], list[str]] = {}
    sha = ""
    hunks: list[str] | None = None
    for line in commits.told(mirror, shas, _RENAMES, *options).split("\n"):
        if git.SHA.fullmatch(line):
            sha, hunks = line, None
        elif line.startswith("diff --git "):
            hunks = None
        elif blobs := _BLOBS.fullmatch(line):
            found[sha, blobs[1], blobs[2]] = hunks = []
        elif hunks is not None and line and (hunks or line.startswith("@@ ")):
            hunks.append(line)
    return {key: "\n".join(lines) for key, lines in found.items()}

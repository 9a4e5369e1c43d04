"""Merging commits in a mirror on trial, without a work tree and without touching a branch.

merge(mirror, base, head)     ──> Merged(CLEAN, tree)  or  Merged(CONFLICT, tree, conflicts [Conflict(…), …])
commit(mirror, tree, parents) ──> the merge's SHA, the same on every machine
keep(mirror, name, sha)           refs/omc/integration/<name> keeps it from being collected
patch_id(mirror, base, tree)  ──> what ``tree`` changes on ``base``, as 40 hex digits
authors(mirror, base, head)   ──> Authors(how many commits, who wrote them)

Objects are written beside others and need no lock; refs are written under the mirror's. Paths and names are a
branch's words: they come out of git between NULs, and what is kept of them is bounded.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tracks.errors import InvalidInput, SubjectError, ToolError
from tracks.execution import git, locks
from tracks.statuses import MergeResult

MAX_FILES = 50
MAX_HUNKS = 10
MAX_HUNK = 2000
"""Characters."""
MAX_PATH = 500
MAX_COMMITS = 20_000
MAX_PEOPLE = 500
MAX_NAME = 200
IDENTITY = "OMC QA <omc-qa@localhost>"
REF = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,99}")
CO_AUTHOR = re.compile(r"\s*(.*?)\s*<([^<>]*)>\s*")
CLEAN, CONFLICTING = 0, 1


@dataclass(frozen=True, slots=True)
class Hunk:
    """Both sides of what cannot be merged, between git's markers."""

    line: int
    """Of the first marker in the half-merged file, from 1."""
    text: str


@dataclass(frozen=True, slots=True)
class Conflict:
    path: str
    kind: str
    """``content``, ``add/add``, ``binary``, ``modify/delete``, ``rename/rename`` … as git calls it."""
    hunks: tuple[Hunk, ...] = ()
    others: tuple[str, ...] = ()
    """The first MAX_HUNKS other paths that git names with it: what was renamed to what, and the name that a
    file would have where a directory has it (its ``path`` is one that git made up then)."""


@dataclass(frozen=True, slots=True)
class Merged:
    result: MergeResult
    """CLEAN, CONFLICT or UNRELATED."""
    tree: str = ""
    """What the merge gives; in a conflict with markers in it, "" without common history."""
    conflicts: tuple[Conflict, ...] = ()
    """The first MAX_FILES of them, by path."""
    files: int = 0
    """How many files there are conflicts in."""


@dataclass(frozen=True, slots=True)
class Author:
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Authors:
    commits: int
    people: tuple[Author, ...]
    """The first MAX_PEOPLE of the newest MAX_COMMITS commits, co-authors too, each address once."""


def merge(mirror: Path, base: str, head: str) -> Merged:
    """What merging ``head`` into ``base`` would give. Raises SubjectError where one of the commits is not in
    the mirror, InvalidInput for what is no full SHA, and ToolError."""
    done = git.ask(mirror, "merge-tree", "--write-tree", "-z", "--messages", *map(git.checked, (base, head)))
    if done.returncode not in (CLEAN, CONFLICTING) or not done.stdout:
        return _not_merged(mirror, base, head, done.stderr)
    fields = git.decode(done.stdout).split("\0")
    tree = git.checked(fields[0])
    if done.returncode == CLEAN:
        return Merged(MergeResult.CLEAN, tree)
    end = fields.index("", 1)
    kinds = _kinds(fields[1:end], fields[end + 1 :])
    conflicts = (
        Conflict(path[:MAX_PATH], kind, _hunks(mirror, tree, path, base), _shortened(others))
        for path, (kind, others) in sorted(kinds.items())[:MAX_FILES]
    )
    return Merged(MergeResult.CONFLICT, tree, tuple(conflicts), len(kinds))


def commit(mirror: Path, tree: str, parents: Sequence[str], message: str) -> str:
    """Write a commit. Its author is the product and its date the latest of its parents', so that what goes
    in alone says which SHA comes out. Raises ToolError where the mirror lacks a parent."""
    shas = [git.checked(parent) for parent in parents]
    dates = git.call("-C", str(mirror), "log", "--no-walk", "--format=%ct", *shas, "--").stdout.split()
    who = f"{IDENTITY} {max(map(int, dates))} +0000"
    header = [f"tree {git.checked(tree)}", *(f"parent {sha}" for sha in shas)]
    lines = [*header, f"author {who}", f"committer {who}", "", message.replace("\0", "").strip(), ""]
    raw = "\n".join(lines).encode("utf-8", "replace")
    written = git.call("-C", str(mirror), "hash-object", "-t", "commit", "-w", "--stdin", given=raw).stdout
    return git.decode(written).strip()


def keep(mirror: Path, name: str, sha: str) -> None:
    """Let ``refs/omc/integration/<name>`` name the commit, for as long as a run's is kept.

    Raises InvalidInput for a name that is not letters, digits, ``_`` and ``-``."""
    if not REF.fullmatch(name):
        raise InvalidInput(f"{name[:80]!r} cannot name a trial integration.")
    with locks.holding(mirror.with_suffix(".lock")):
        git.call("-C", str(mirror), "update-ref", f"{git.INTEGRATIONS}/{name}", git.checked(sha))


def patch_id(mirror: Path, base: str, tree: str) -> str:
    """The same for the same change, wherever in a file it stands and whatever else is there; "" for none.

    ``tree`` may be a commit. Blanks count, binary files too. Raises ToolError where it takes too long."""
    options = ("-r", "-p", "-U0", "--full-index", "--no-renames", "--no-ext-diff", "--no-textconv")
    difference = ("-C", str(mirror), "diff-tree", *options, git.checked(base), git.checked(tree), "--")
    return git.decode(git.piped(difference, ("patch-id", "--verbatim")))[:40]


def authors(mirror: Path, base: str, head: str) -> Authors:
    """Who wrote the commits that ``head`` has and ``base`` has not. Raises as ``merge``, but ToolError where
    a commit is not there."""
    span = (git.checked(head), f"^{git.checked(base)}", "--")
    count = git.call("-C", str(mirror), "rev-list", "--count", *span).stdout
    # A name holds no line end, nor does a trailer that was unfolded.
    form = "--format=%an%n%ae%n%(trailers:key=Co-authored-by,valueonly,unfold)"
    said = git.call("-C", str(mirror), "log", "-z", f"--max-count={MAX_COMMITS}", form, *span).stdout
    people: dict[str, Author] = {}
    for row in filter(None, git.decode(said).split("\0")):
        name, email, *others = row.split("\n")
        named = [match.groups() for match in map(CO_AUTHOR.fullmatch, others) if match]
        for who, address in ((name, email), *named):
            people.setdefault(address.lower(), Author(who[:MAX_NAME], address[:MAX_NAME]))
    return Authors(int(count), tuple(people.values())[:MAX_PEOPLE])


def _not_merged(mirror: Path, base: str, head: str, said: bytes) -> Merged:
    """UNRELATED, or why there is no answer as an error."""
    for sha in (base, head):
        if not git.has_commit(mirror, sha):
            raise SubjectError(
                f"The commit {sha} is not in the repository (any more).",
                remedy="Its branch may have been rewritten or deleted.",
            )
    if not git.merge_base(mirror, base, head):
        return Merged(MergeResult.UNRELATED)
    raise ToolError(
        "git merge-tree failed.",
        remedy="Merging on trial needs git 2.39 or later.",
        detail=git.decode(said).strip(),
    )


def _shortened(paths: Sequence[str]) -> tuple[str, ...]:
    return tuple(path[:MAX_PATH] for path in paths[:MAX_HUNKS])


def _kinds(entries: Sequence[str], messages: Sequence[str]) -> dict[str, tuple[str, Sequence[str]]]:
    """The kind of conflict of each path, and the other paths named with it. ``entries``: ``mode blob
    stage<tab>path``; ``messages``: how many paths, the paths, what it is, a sentence; and again."""
    stages: dict[str, set[str]] = {}
    for entry in entries:
        fields, _, path = entry.partition("\t")
        stages.setdefault(path, set()).add(fields.split()[-1])
    kinds: dict[str, tuple[str, Sequence[str]]] = {}
    rest = iter(messages)
    for count in rest:
        if not count.strip():
            break
        paths = [next(rest) for _ in range(int(count))]
        said, _ = next(rest), next(rest)
        if not (named := re.fullmatch(r"CONFLICT \((.+)\)", said)):
            continue
        kind = named.group(1)
        if kind == "contents":
            kind = "content" if "1" in stages.get(paths[0], {"1"}) else "add/add"
            kinds.setdefault(paths[0], (kind, paths[1:]))
        else:
            kinds[paths[0]] = (kind, paths[1:])
    return kinds


def _hunks(mirror: Path, tree: str, path: str, base: str) -> tuple[Hunk, ...]:
    """What stands between the markers that git wrote into the file; none where there is no such text."""
    try:
        text = git.show(mirror, tree, path)
    except (SubjectError, InvalidInput):
        return ()  # too large, or not there under this name: the path and the kind say enough
    found: list[Hunk] = []
    start = 0
    lines = text.split("\n")
    for number, line in enumerate(lines, start=1):
        if line.startswith(f"<<<<<<< {base}"):
            start = number
        elif start and line.startswith(">>>>>>> "):
            found.append(Hunk(start, "\n".join(lines[start - 1 : number]).replace("\0", "")[:MAX_HUNK]))
            start = 0
        if len(found) == MAX_HUNKS:
            break
    return tuple(found)

"""Where commits of tracks that fail together meet: the files and names that several of them touch; pure.

A  a1  changes def total() in prices.py      total is A's, and C mentions it   ──> Met("A", a1, symbols total)
A  a2  changes README                        nobody else does                       left out
C  c1  writes "total(…)" in fees.py                                            ──> Met("C", c1, symbols total)

A name is touched by the side whose changed lines define it, or stand inside its function or class, and met by
every other side whose changed lines mention it. Names are compared as they are written, whatever module they
belong to: this says where to look, not what is wrong.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

MAX_COMMITS = 40
"""That are named of each side."""
MAX_NAMES = 20
"""Files of a commit that are named, and symbols."""
_DEFINITION = re.compile(r"\s*(?:async\s+def|def|class)\s+(\w{3,100})\b")
_NAME = re.compile(r"[^\W\d]\w{2,99}\b")


@dataclass(frozen=True, slots=True)
class Commit:
    """``files`` are paths; ``defines`` and ``mentions`` are names in its Python files."""

    sha: str
    subject: str
    files: frozenset[str]
    defines: frozenset[str] = frozenset()
    mentions: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Met:
    """A commit with what it touches that another side touches too, by name; ``more`` counts what is not
    named."""

    key: str
    sha: str
    subject: str
    files: tuple[str, ...]
    symbols: tuple[str, ...]
    more: int = 0


def names_in(around: str, lines: Sequence[str]) -> tuple[frozenset[str], frozenset[str]]:
    """What changed lines define, and what they mention. ``around`` is the line above them at the left edge of
    their file: what it defines is changed by lines that are indented."""
    inside = any(line[:1].isspace() and line.strip() for line in lines)
    found = (_DEFINITION.match(line) for line in ([around, *lines] if inside else lines))
    defined = {match[1] for match in found if match and not _is_common(match[1])}
    return frozenset(defined), frozenset(name for line in lines for name in _NAME.findall(line)) | defined


def meet(sides: Mapping[str, Sequence[Commit]]) -> tuple[Met, ...]:
    """``sides`` are the commits of each track, by its key; what several have is the first one's. Commits that
    touch what no other side does are left out; of each side the first MAX_COMMITS are named."""
    sides = _owned(sides)
    files = _of_several(frozenset().union(*(each.files for each in side)) for side in sides.values())
    symbols = _symbols(sides)
    met: list[Met] = []
    for key, side in sides.items():
        found = [_met(key, each, files, symbols) for each in side]
        met += [each for each in found if each.files or each.symbols][:MAX_COMMITS]
    return tuple(met)


def _owned(sides: Mapping[str, Sequence[Commit]]) -> dict[str, list[Commit]]:
    """A track has the commits of those that it was built on, too."""
    owner = {each.sha: key for key in reversed(list(sides)) for each in sides[key]}
    return {key: [each for each in side if owner[each.sha] == key] for key, side in sides.items()}


def _met(key: str, commit: Commit, files: frozenset[str], symbols: frozenset[str]) -> Met:
    paths, names = sorted(commit.files & files), sorted(commit.mentions & symbols)
    more = max(0, len(paths) - MAX_NAMES) + max(0, len(names) - MAX_NAMES)
    return Met(key, commit.sha, commit.subject, tuple(paths[:MAX_NAMES]), tuple(names[:MAX_NAMES]), more)


def _symbols(sides: Mapping[str, Sequence[Commit]]) -> frozenset[str]:
    """What a side defines and another one mentions."""
    defined = frozenset(name for side in sides.values() for each in side for name in each.defines)
    return defined & _of_several(
        frozenset().union(*(each.mentions for each in side)) for side in sides.values()
    )


def _of_several(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    counted = Counter(name for each in sets for name in each)
    return frozenset(name for name, count in counted.items() if count > 1)


def _is_common(name: str) -> bool:
    """``__init__`` and its like are everybody's."""
    return name.startswith("__") and name.endswith("__")

"""Cascades that hang together as one: what follows another cause is no cause of its own; pure.

    1 ──> 2 3   the fixture db failed                  1 ──> 2 3 4 5   the fixture db failed
    3 ──> 4 5   the connection was closed       ──>

A cause runs before what follows from it, so that no chain of causes comes back to its beginning.
"""

from collections.abc import Iterable, Mapping

from reports.cascades import Cascade


def join(cascades: Iterable[Cascade]) -> tuple[Cascade, ...]:
    """One cascade for each cause that follows no other, with all that follows from it over any number of
    steps; those with most followers first. Its kind and its reason are those of its largest first step."""
    cascades = tuple(cascades)
    follows = {test: each.cause for each in cascades for test in each.followers}
    groups: dict[int, list[Cascade]] = {}
    for each in cascades:
        groups.setdefault(_root(each.cause, follows), []).append(each)
    joined = (_as_one(root, group) for root, group in groups.items())
    return tuple(sorted(joined, key=lambda each: (-len(each.followers), each.cause)))


def _root(cause: int, follows: Mapping[int, int]) -> int:
    while cause in follows:
        cause = follows[cause]
    return cause


def _as_one(root: int, group: list[Cascade]) -> Cascade:
    first = max((each for each in group if each.cause == root), key=lambda each: len(each.followers))
    followers = sorted(test for each in group for test in each.followers)
    return Cascade(first.kind, root, tuple(followers), first.because)

"""Which track waits for which: an order to take them in, and a small drawing; pure.

depends ──in_order──> what is waited for comes first
        ──draw──────> boxes in columns, the left ones waited for by the right ones, and an arrow each
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Any, TypeVar

Key = TypeVar("Key", int, str)
"""What tells tracks from each other: a primary key, or the letter that people use."""

WIDTH, HEIGHT, GAP_X, GAP_Y, MARGIN = 206.0, 44.0, 56.0, 14.0, 2.0


@dataclass(frozen=True, slots=True)
class Box:
    track: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Arrow:
    """From the box that is waited for to the one that waits; ``path`` is that of an SVG."""

    needed: int
    waiting: int
    path: str


@dataclass(frozen=True, slots=True)
class Graph:
    """All measures are in units of the drawing."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


def in_order(depends: Mapping[Key, Collection[Key]], rank: Callable[[Key], Any] | None = None) -> list[Key]:
    """The tracks, each after all that it waits for; where several may come, the one of the lowest ``rank``,
    else the one that is given first. All that is waited for has to be given. Raises graphlib.CycleError,
    which no sprint can have: ``tracks.actions`` refuses cycles."""
    given = {track: place for place, track in enumerate(depends)}
    sorter = TopologicalSorter(depends)
    sorter.prepare()
    order: list[Key] = []
    free: set[Key] = set()
    while sorter.is_active():
        free.update(sorter.get_ready())
        chosen = min(free, key=rank or given.__getitem__)
        free.remove(chosen)
        sorter.done(chosen)
        order.append(chosen)
    return order


def draw(tracks: Sequence[int], depends: Mapping[int, Collection[int]]) -> Graph | None:
    """``tracks`` in the order of their keys; those that have nothing to do with others are left out. None
    where nothing waits for anything."""
    needed = {each for needs in depends.values() for each in needs}
    drawn = [track for track in tracks if depends.get(track) or track in needed]
    if not drawn:
        return None
    columns = _columns(drawn, depends)
    rows = max(len(column) for column in columns)
    boxes = {
        track: Box(
            track,
            MARGIN + at * (WIDTH + GAP_X),
            MARGIN + (row + (rows - len(column)) / 2) * (HEIGHT + GAP_Y),
        )
        for at, column in enumerate(columns)
        for row, track in enumerate(column)
    }
    arrows = [(need, track) for track in drawn for need in sorted(depends.get(track, ()))]
    return Graph(
        width=len(columns) * (WIDTH + GAP_X) - GAP_X + 2 * MARGIN,
        height=rows * (HEIGHT + GAP_Y) - GAP_Y + 2 * MARGIN,
        boxes=tuple(boxes[track] for track in drawn),
        arrows=tuple(Arrow(need, track, _path(boxes[need], boxes[track])) for need, track in arrows),
    )


def _columns(drawn: Sequence[int], depends: Mapping[int, Collection[int]]) -> list[list[int]]:
    """A track stands one column right of the last one that it waits for; within a column near what it
    waits for, so that arrows seldom cross."""
    depth: dict[int, int] = {}
    for track in in_order({each: depends.get(each, ()) for each in drawn}):
        depth[track] = 1 + max((depth[need] for need in depends.get(track, ())), default=-1)
    columns: list[list[int]] = [[] for _ in range(max(depth.values()) + 1)]
    row: dict[int, float] = {}
    for at, column in enumerate(columns):
        column.extend(track for track in drawn if depth[track] == at)
        column.sort(key=lambda track: _middle([row[need] for need in depends.get(track, ())]))
        row |= {track: number for number, track in enumerate(column)}
    return columns


def _middle(rows: Sequence[float]) -> float:
    return sum(rows) / len(rows) if rows else 0.0


def _path(needed: Box, waiting: Box) -> str:
    """A curve from the middle of a box's right side to that of the other's left side."""
    x, y = needed.x + WIDTH, needed.y + HEIGHT / 2
    to_x, to_y = waiting.x, waiting.y + HEIGHT / 2
    bend = (to_x - x) / 2
    return f"M{x:.1f},{y:.1f} C{x + bend:.1f},{y:.1f} {to_x - bend:.1f},{to_y:.1f} {to_x:.1f},{to_y:.1f}"

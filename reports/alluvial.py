"""The geometry of the picture of where the tests went, from the base on the left to the head; pure.

    {"passed": {"passed": 5, "failed": 1}, "failed": {"passed": 2}}

    passed 6  ▌━━━━━━━━━━━━━━▐  7 passed         Node    x y width height, its tests
              ▌┄┄┄┄╮  ╭━━━━━━▐                   Ribbon  an SVG path, "2 failed → passed"
    failed 2  ▌━━━━━━━╯  ╰┄┄┄▐  1 failed

Heights are in proportion to the number of tests, but a ribbon is never thinner than a minimum: a
single newly failing test among a thousand is seen. A ribbon is as thick on both sides, and a node as
high as its ribbons together. The side with more nodes, hence more gaps, fills the whole height; the
other one is centred.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tracks.statuses import Outcome
from tracks.vectors import OUTCOMES

_ORDER = (*(outcome for outcome in OUTCOMES if outcome is not Outcome.ABSENT), Outcome.ABSENT)

Cells = Mapping[str, Mapping[str, int]]
"""Numbers of tests by outcome in the base, then in the head: ``{"passed": {"failed": 3}}``."""


@dataclass(frozen=True, slots=True)
class Size:
    """The picture's measures, in the units of its viewBox.

    ``thinnest`` is the least height of a ribbon; where there is no room for that, all are equal.
    ValueError for a height that gaps alone could fill.
    """

    width: float = 640.0
    height: float = 320.0
    node: float = 12.0
    gap: float = 12.0
    thinnest: float = 2.0

    def __post_init__(self) -> None:
        if self.height <= self.gap * (len(_ORDER) - 1):
            raise ValueError(f"a height of {self.height} has no room for gaps of {self.gap}")


SIZE = Size()


@dataclass(frozen=True, slots=True)
class Node:
    """The tests that had one outcome in one of the runs; (x, y) is the upper left corner."""

    outcome: Outcome
    count: int
    x: float
    y: float
    width: float
    height: float

    @property
    def text(self) -> str:
        return f"{self.count} {self.outcome}"


@dataclass(frozen=True, slots=True)
class Ribbon:
    """The tests that went from one outcome to another; ``left`` and ``right`` are its upper ends."""

    base: Outcome
    head: Outcome
    count: int
    left: float
    right: float
    height: float
    path: str

    @property
    def text(self) -> str:
        return f"{self.count} {self.base} → {self.head}"


@dataclass(frozen=True, slots=True)
class Alluvial:
    """The picture: nodes and ribbons from top to bottom; all empty where there are no tests."""

    size: Size
    left: tuple[Node, ...]
    right: tuple[Node, ...]
    ribbons: tuple[Ribbon, ...]


@dataclass(frozen=True, slots=True)
class _Flow:
    """Tests with one pair of outcomes, and how thick their ribbon is."""

    base: Outcome
    head: Outcome
    count: int
    height: float


_Groups = Mapping[Outcome, Sequence[_Flow]]
"""The flows of each node of one side, in the order in which both are drawn."""


def draw(cells: Cells, size: Size = SIZE) -> Alluvial:
    """The picture of a matrix; cells of 0 are left out. ValueError for what is no outcome."""
    flows = _flows(cells, size)
    bases = _group((flow.base, flow) for flow in flows)
    heads = _group((flow.head, flow) for flow in flows)
    left = _nodes(bases, 0.0, size)
    right = _nodes(heads, size.width - size.node, size)
    starts, ends = _tops(left, bases), _tops(right, heads)
    return Alluvial(size, left, right, tuple(_ribbon(flow, starts[flow], ends[flow], size) for flow in flows))


def _flows(cells: Cells, size: Size) -> list[_Flow]:
    """What is drawn, by base and then by head."""
    known = {
        Outcome(base): {Outcome(head): count for head, count in row.items()} for base, row in cells.items()
    }
    counts = {
        (base, head): known[base][head]
        for base in _ORDER
        for head in _ORDER
        if known.get(base, {}).get(head, 0) > 0
    }
    nodes = max((len(set(side)) for side in zip(*counts, strict=True)), default=1)
    heights = _heights(list(counts.values()), size.height - size.gap * (nodes - 1), size.thinnest)
    return [
        _Flow(base, head, count, height)
        for ((base, head), count), height in zip(counts.items(), heights, strict=True)
    ]


def _heights(counts: Sequence[int], total: float, thinnest: float) -> list[float]:
    """Heights in proportion, none below ``thinnest``, ``total`` together."""
    if not counts:
        return []
    least = min(thinnest, total / len(counts))
    raised: set[int] = set()
    while True:
        others = sum(count for place, count in enumerate(counts) if place not in raised)
        left = total - least * len(raised)
        low = {place for place, count in enumerate(counts) if count * left < least * others} - raised
        if not low:
            break
        raised |= low
    return [least if place in raised else count * left / others for place, count in enumerate(counts)]


def _group(flows: Iterable[tuple[Outcome, _Flow]]) -> _Groups:
    groups: dict[Outcome, list[_Flow]] = {}
    for outcome, flow in flows:
        groups.setdefault(outcome, []).append(flow)
    return {outcome: groups[outcome] for outcome in _ORDER if outcome in groups}


def _nodes(groups: _Groups, x: float, size: Size) -> tuple[Node, ...]:
    """The nodes of one side, stacked and centred."""
    heights = {outcome: sum(flow.height for flow in flows) for outcome, flows in groups.items()}
    y = (size.height - sum(heights.values()) - size.gap * (len(groups) - 1)) / 2
    nodes = []
    for outcome, flows in groups.items():
        count = sum(flow.count for flow in flows)
        nodes.append(Node(outcome, count, x, y, size.node, heights[outcome]))
        y += heights[outcome] + size.gap
    return tuple(nodes)


def _tops(nodes: Iterable[Node], groups: _Groups) -> dict[_Flow, float]:
    """Where each ribbon begins at its node."""
    tops: dict[_Flow, float] = {}
    for node in nodes:
        y = node.y
        for flow in groups[node.outcome]:
            tops[flow] = y
            y += flow.height
    return tops


def _ribbon(flow: _Flow, left: float, right: float, size: Size) -> Ribbon:
    """Along the upper edge from left to right, and back along the lower one."""
    start, end = size.node, size.width - size.node
    middle = (start + end) / 2
    low_left, low_right = left + flow.height, right + flow.height
    path = (
        f"M{start:.2f},{left:.2f} C{middle:.2f},{left:.2f} {middle:.2f},{right:.2f} {end:.2f},{right:.2f} "
        f"L{end:.2f},{low_right:.2f} "
        f"C{middle:.2f},{low_right:.2f} {middle:.2f},{low_left:.2f} {start:.2f},{low_left:.2f} Z"
    )
    return Ribbon(flow.base, flow.head, flow.count, left, right, flow.height, path)

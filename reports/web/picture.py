"""The alluvial picture of where the tests went, as the page draws it; pure.

matrix ──reports.alluvial──> ribbons, each the link to its cell     labels beside it, never over one another

The ribbons stretch with the page, the labels do not: so they are three drawings of one height, side by side.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from reports.alluvial import Alluvial, Node, Ribbon, Size, draw
from reports.web.filters import Filter
from tracks.statuses import SHAPES

SIZE = Size(width=400.0, height=300.0, node=8.0, gap=16.0, thinnest=2.0)
"""Labels are 12 units high; a node and the gap to the next one leave at least 18."""


@dataclass(frozen=True, slots=True)
class Label:
    y: float
    node: Node
    shape: str


@dataclass(frozen=True, slots=True)
class Linked:
    ribbon: Ribbon
    href: str
    is_chosen: bool

    @property
    def stays(self) -> bool:
        return self.ribbon.base is self.ribbon.head


@dataclass(frozen=True, slots=True)
class Picture:
    drawn: Alluvial
    ribbons: list[Linked]
    left: list[Label]
    right: list[Label]


def draw_links(cells: Mapping[str, Mapping[str, int]], wanted: Filter) -> Picture:
    """The picture of a matrix; a ribbon leads to the tests of its cell, whatever else narrows the list."""
    drawn = draw(cells, SIZE)
    return Picture(
        drawn,
        [_linked(ribbon, wanted) for ribbon in drawn.ribbons],
        [_label(node) for node in drawn.left],
        [_label(node) for node in drawn.right],
    )


def _linked(ribbon: Ribbon, wanted: Filter) -> Linked:
    cell = (ribbon.base.value, ribbon.head.value)
    href = wanted.address(**{"class": "", "from": cell[0], "to": cell[1], "sort": ""})
    return Linked(ribbon, href, is_chosen=cell == (wanted.base, wanted.head))


def _label(node: Node) -> Label:
    return Label(node.y + node.height / 2, node, SHAPES[node.outcome])

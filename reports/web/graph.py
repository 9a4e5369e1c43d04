"""Which track waits for which, as the board draws it; pure.

Readiness of each track ──dependency_graph.draw──> boxes with link, mark and tone, and an arrow each
"""

from collections.abc import Mapping
from dataclasses import dataclass

from reports.dependency_graph import HEIGHT, WIDTH, Arrow, Box, Graph, draw
from reports.readiness import Readiness
from reports.web.decisions_in_words import Look, look_of
from tracks.models import Track

NAME = 22
"""Characters of a track's name that fit into a box."""


@dataclass(frozen=True, slots=True)
class Drawn:
    box: Box
    track: Track
    name: str
    look: Look

    @property
    def text_x(self) -> float:
        return self.box.x + 10

    @property
    def first_y(self) -> float:
        return self.box.y + 18

    @property
    def second_y(self) -> float:
        return self.box.y + 35


@dataclass(frozen=True, slots=True)
class Picture:
    graph: Graph
    boxes: list[Drawn]
    arrows: list[tuple[Arrow, Drawn, Drawn]]
    """Each with the track that is waited for and the one that waits."""
    box_width: float = WIDTH
    box_height: float = HEIGHT


def picture_of(readiness: Mapping[int, Readiness]) -> Picture | None:
    """None where no track waits for another."""
    ready = sorted(readiness.values(), key=lambda each: each.track.key)
    depends = {each.track.pk: [other.pk for other in each.track.depends_on.all()] for each in ready}
    graph = draw([each.track.pk for each in ready], depends)
    if graph is None:
        return None
    boxes = {box.track: _drawn(box, readiness[box.track]) for box in graph.boxes}
    arrows = [(arrow, boxes[arrow.needed], boxes[arrow.waiting]) for arrow in graph.arrows]
    return Picture(graph, list(boxes.values()), arrows)


def _drawn(box: Box, ready: Readiness) -> Drawn:
    name = ready.track.name
    cut = name if len(name) <= NAME else f"{name[: NAME - 1]}…"
    return Drawn(box, ready.track, cut, look_of(ready.decision))

"""Sources as git would have told them, from the texts of files by path."""

from collections.abc import Mapping

from reports.source.snapshots import Snapshot, Sources

Texts = Mapping[str, str]


def sources(
    origin: Texts,
    head: Texts,
    *,
    base: Texts | None = None,
    moved: Mapping[str, str] | None = None,
    came_from: Mapping[str, str] | None = None,
    root: str = "",
    left_out: frozenset[str] = frozenset(),
) -> Sources:
    """A branch that took ``origin`` to ``head``; ``base`` only where the base branch went on by itself. Where
    it did not, files came from where they were moved from."""
    at_origin = Snapshot("o" * 40, origin)
    at_base = at_origin if base is None else Snapshot("b" * 40, base)
    paths = origin.keys() | head.keys()
    inverse = {new: old for old, new in (moved or {}).items()}
    return Sources(
        base=at_base,
        origin=at_origin,
        head=Snapshot("d" * 40, head, left_out),
        root=root,
        asked=frozenset(paths | at_base.texts.keys() | left_out),
        changed=frozenset(path for path in paths if origin.get(path) != head.get(path)),
        moved=moved or {},
        came_from=inverse if came_from is None else came_from,
    )

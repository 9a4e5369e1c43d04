"""A document as plain JSON values, and back; pure.

Paragraph((Text("a"),))  <──>  {"is": "Paragraph", "line": [{"is": "Text", "text": "a"}], "tone": "plain"}

Every value that is not what a field starts with is written, so that a digest over the JSON is over all.
"""

from collections.abc import Mapping
from dataclasses import fields
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from reports.document import blocks, inlines, queries

_KNOWN: dict[str, type] = {
    made.__name__: made
    for made in (
        *(inlines.Text, inlines.Strong, inlines.Emphasis, inlines.Mono, inlines.Link),
        *(inlines.Figure, inlines.Mark, queries.Query),
        *(blocks.Paragraph, blocks.Bullets, blocks.Column, blocks.Table, blocks.Code, blocks.Quote),
        *(blocks.Folded, blocks.Picture, blocks.Section, blocks.Document),
    )
}


def to_json(value: Any) -> Any:
    """A document, or a part of one, as plain JSON values."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, list | tuple):
        return [to_json(each) for each in value]
    made: type = type(value)
    if made.__name__ in _KNOWN:
        own = {name: to_json(getattr(value, name)) for name in _names(made)}
        return {"is": made.__name__, **own}
    return value


def from_json(kept: Mapping[str, Any]) -> Any:
    """What ``to_json`` wrote. ValueError where that is not what is read."""
    made = _KNOWN.get(str(kept.get("is")))
    if made is None:
        raise ValueError(f"no part of a document: {kept.get('is')!r}")
    hints = _hints(made)
    own = {name: _read(each, hints[name]) for name, each in kept.items() if name in hints}
    return made(**own)


def _read(value: Any, hint: Any) -> Any:
    if isinstance(value, dict):
        return from_json(value) if "is" in value else value
    if isinstance(value, list) and hint is not Any:
        return tuple(_read(each, _inner(hint)) for each in value)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(value)
    return value


@cache
def _names(made: type) -> tuple[str, ...]:
    return tuple(each.name for each in fields(made))


def _inner(hint: Any) -> Any:
    """The type of a tuple's parts."""
    if get_origin(hint) in (Union, UnionType):
        return next((_inner(each) for each in get_args(hint) if get_origin(each) is tuple), object)
    parts = get_args(hint)
    return parts[0] if parts else object


@cache
def _hints(made: type) -> dict[str, Any]:
    return get_type_hints(made)

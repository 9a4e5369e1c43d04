"""Tables of a TOML file that a branch wrote: anything may stand where a table is expected; pure."""

import tomllib
from typing import Any


def parsed(text: str) -> dict[str, Any]:
    """The file's tables; {} where it is no TOML: the tool that reads it will say what is wrong with it."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return {}


def table(data: object, *path: str) -> dict[str, Any]:
    """The table at a path, or {}."""
    for name in path:
        data = data.get(name) if isinstance(data, dict) else None
    return data if isinstance(data, dict) else {}


def rows(data: object) -> list[Any]:
    """A list, or []."""
    return data if isinstance(data, list) else []

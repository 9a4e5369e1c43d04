"""Tables of a TOML file that a branch wrote: anything may stand where a table is expected; pure.

What no reader of such files survives (numbers of 5,000 digits, markers and tables that nest a thousand times)
is the branch's fault: ``readable`` says so, around all that reads them.
"""

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tracks.errors import SubjectError

DETAIL_CHARACTERS = 500


@contextmanager
def readable() -> Iterator[None]:
    """Raises SubjectError where the project's files make Python's readers give up."""
    try:
        yield
    except (ValueError, RecursionError) as error:
        raise SubjectError(
            "The project's files cannot be read: something in them is too large or nests too deep.",
            remedy="Correct pyproject.toml or the lock file, or give the project a setup command.",
            detail=f"{type(error).__name__}: {error}"[:DETAIL_CHARACTERS],
        ) from None


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


def tables(data: object) -> list[dict[str, Any]]:
    """The tables of a list, or []."""
    return [each for each in rows(data) if isinstance(each, dict)]

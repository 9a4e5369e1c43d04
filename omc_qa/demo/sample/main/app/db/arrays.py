"""Arrays on SQLite, which has none.

The migrations declare them as `text_array`: on PostgreSQL a domain over text[], on SQLite text that holds
PostgreSQL's array literal. This module teaches the sqlite3 driver to write and read that literal.
"""

import sqlite3


def to_literal(values: list[str]) -> str:
    return "{" + ",".join(str(value) for value in values) + "}"


def from_literal(literal: bytes) -> list[str]:
    inner = literal.decode().strip("{}")
    return inner.split(",") if inner else []


def register() -> None:
    sqlite3.register_adapter(list, to_literal)
    sqlite3.register_converter("text_array", from_literal)

"""A schema of its own in the database that DATABASE_URL names, gone when the bench ends."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql

MISSING = """\
The bench needs a PostgreSQL database to measure in, and DATABASE_URL is not set.
`omc-qa services` starts one and prints its address; or name your own:
    DATABASE_URL=postgresql://user@host/database python -m bench NAME
Nothing is left in it: the bench works in a schema of its own and drops it at its end."""


class NoDatabase(Exception):
    """``str(error)`` says what is missing and what to do."""


@contextmanager
def own_schema(name: str) -> Iterator[psycopg.Connection]:
    """A connection whose tables are made in a new schema, dropped at the end.

    NoDatabase if DATABASE_URL is missing or nobody answers there.
    """
    url = os.environ.get("DATABASE_URL")
    if not url:
        raise NoDatabase(MISSING)
    schema = sql.Identifier(f"{name}_{os.getpid()}")
    try:
        connection = psycopg.connect(url, autocommit=True)
    except psycopg.OperationalError as error:
        raise NoDatabase(f"DATABASE_URL is set, but nobody answers there: {error}") from error
    with connection:
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(schema))
        try:
            connection.execute(sql.SQL("SET search_path TO {}").format(schema))
            yield connection
        finally:
            connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(schema))


def say(error: NoDatabase) -> int:
    """Print why nothing was measured; the exit code for that."""
    print(error, file=sys.stderr)
    return 2

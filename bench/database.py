"""A PostgreSQL to measure in: that of DATABASE_URL, or an embedded one of the bench's own, as durable as in
production; in it a schema that is gone when the bench ends."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from omc_qa.local import servers
from omc_qa.local.home import Home


@contextmanager
def own_schema(name: str) -> Iterator[psycopg.Connection]:
    """A connection whose tables are made in a new schema, dropped at the end.

    Raises LocalError where no PostgreSQL can be started, psycopg.OperationalError where that of DATABASE_URL
    does not answer.
    """
    with tempfile.TemporaryDirectory(prefix="omc-qa-bench-") as folder:
        Path(folder).chmod(0o711)  # PostgreSQL runs as another user where we are root
        home = Home(Path(folder) / "home")
        schema = sql.Identifier(f"{name}_{os.getpid()}")
        with (
            servers.running(home) as environment,
            psycopg.connect(environment["DATABASE_URL"], autocommit=True) as connection,
        ):
            connection.execute(sql.SQL("CREATE SCHEMA {}").format(schema))
            try:
                connection.execute(sql.SQL("SET search_path TO {}").format(schema))
                yield connection
            finally:
                connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(schema))

"""The application's database: built and upgraded by the SQL files in migrations/, in their order."""

import sqlite3
from pathlib import Path

from sqlalchemy import Engine, create_engine

from app.db import arrays

MIGRATIONS = Path(__file__).parents[2] / "migrations"


def connect(url: str) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(url)
    arrays.register()
    return create_engine(url, connect_args={"detect_types": sqlite3.PARSE_DECLTYPES})


def statements(script: str) -> list[str]:
    code = "\n".join(line for line in script.splitlines() if not line.lstrip().startswith("--"))
    return [statement.strip() for statement in code.split(";") if statement.strip()]


def upgrade(engine: Engine, folder: Path = MIGRATIONS) -> list[str]:
    """Apply the migrations that are not applied yet; returns their names."""
    applied = []
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS schema_migrations (name TEXT PRIMARY KEY)")
        known = {row[0] for row in connection.exec_driver_sql("SELECT name FROM schema_migrations")}
        for path in sorted(folder.glob("*.sql")):
            if path.stem in known:
                continue
            for statement in statements(path.read_text()):
                connection.exec_driver_sql(statement)
            connection.exec_driver_sql("INSERT INTO schema_migrations (name) VALUES (?)", (path.stem,))
            applied.append(path.stem)
    return applied

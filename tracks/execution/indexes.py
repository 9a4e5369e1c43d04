"""Where a set-up's installers find packages: the operator's own settings of pip and uv.

    variables     PIP_*, UV_*, proxies, certificates                        see ``installer_settings``
    files         pip/pip.conf and uv/uv.toml of the worker's user, /etc/pip.conf and /etc/uv/uv.toml
    folders       those that the variables and files name: a certificate, a folder of wheels

All of it is seen by the set-up only, read-only. What it holds of passwords is masked in the log.
"""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from tracks.execution.sandbox import Jail, Mount
from tracks.execution.workbench import installer_settings

SEEN = "/omc-qa/config"
OF_USER = (Path("pip/pip.conf"), Path("uv/uv.toml"))
OF_SYSTEM = (Path("/etc/pip.conf"), Path("/etc/uv/uv.toml"))
NAMED = re.compile(r"(?:file://)?(/[^\s\"',\]#]+)")
USER_INFO = re.compile(r"://([^/\s@]+)@")


@dataclass(frozen=True, slots=True)
class Settings:
    env: dict[str, str]
    mounts: list[Mount]
    secrets: dict[str, str] = field(repr=False)
    """Name -> value, as ``masking`` takes them."""


def settings(jail: Jail) -> Settings:
    env, mounts = installer_settings()
    home = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    own = [name for name in OF_USER if (home / name).is_file()]
    files = [home / name for name in own]
    mounts += [Mount(home / name, f"{SEEN}/{name}") for name in own]
    if own:
        env["XDG_CONFIG_HOME"] = jail.seen(Mount(home, SEEN))
    of_system = [path for path in OF_SYSTEM if path.is_file()]
    files += of_system
    mounts += [Mount(path, str(path)) for path in of_system]
    texts = {str(path): path.read_text(encoding="utf-8", errors="replace") for path in files}
    mounts += [Mount(path.resolve(), str(path)) for text in texts.values() for path in _named(text)]
    return Settings(env, mounts, _secrets(env | texts))


def _named(text: str) -> list[Path]:
    """What a file of settings names on this machine, beside what every jail has."""
    paths = [Path(match) for match in NAMED.findall(text)]
    return [
        path for path in paths if path != Path("/") and not path.is_relative_to("/etc/ssl") and path.exists()
    ]


def _secrets(texts: dict[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for where, text in texts.items():
        if where.endswith("_PASSWORD"):
            found[where] = text
        for number, info in enumerate(USER_INFO.findall(text), start=1):
            user, _, password = info.partition(":")
            found[f"of {where}, {number}"] = password or user
    return found

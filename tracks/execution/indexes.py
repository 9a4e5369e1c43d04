"""Where a set-up's installers find packages: the operator's own settings of pip and uv.

    variables     PIP_*, UV_*, proxies, certificates                        but none of where to install
    files         pip/pip.conf and uv/uv.toml of the worker's user, /etc/pip.conf and /etc/uv/uv.toml
    folders       those that the variables and files name: a certificate, a folder of wheels

All of it is seen by the set-up only, read-only. What it holds of passwords is masked in the log.
"""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from tracks.execution.sandbox import Jail, Mount

INSTALLER_SETTINGS = re.compile(r"(?i)(PIP|UV)_\w+|\w+_PROXY|SSL_CERT_(FILE|DIR)|\w+_CA_BUNDLE")
NOT_OURS = re.compile(
    r"(PIP_(TARGET|PREFIX|ROOT|USER|PYTHON)|UV_(PROJECT\w*|PYTHON\w*|CACHE_DIR|SYSTEM\w*|PUBLISH\w*))"
)
SEEN = "/omc-qa/config"
OF_USER = (Path("pip/pip.conf"), Path("uv/uv.toml"))
OF_SYSTEM = (Path("/etc/pip.conf"), Path("/etc/uv/uv.toml"))
NAMED = re.compile(r"(?<![\w.:/~-])(?:file://)?(/[^\s\"',\]#]+)")
USER_INFO = re.compile(r"://([^/\s@]+)@")


@dataclass(frozen=True, slots=True)
class Settings:
    env: dict[str, str]
    mounts: list[Mount]
    secrets: dict[str, str] = field(repr=False)
    """Name -> value, as ``masking`` takes them."""


def settings(jail: Jail) -> Settings:
    env = {
        name: value
        for name, value in os.environ.items()
        if INSTALLER_SETTINGS.fullmatch(name) and not NOT_OURS.fullmatch(name)
    }
    home = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    own = [name for name in OF_USER if (home / name).is_file()]
    files = [home / name for name in own]
    mounts = [Mount(home / name, f"{SEEN}/{name}") for name in own]
    of_system = [path for path in OF_SYSTEM if path.is_file()]
    files += of_system
    mounts += [Mount(path, str(path)) for path in of_system]
    texts = env | {str(path): path.read_text(encoding="utf-8", errors="replace") for path in files}
    mounts += [Mount(path.resolve(), str(path)) for text in texts.values() for path in _named(text)]
    if own:
        env["XDG_CONFIG_HOME"] = jail.seen(Mount(home, SEEN))
    return Settings(env, mounts, _secrets(texts))


def _named(text: str) -> list[Path]:
    """What a variable or a file of settings names on this machine, beside what every jail has."""
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

"""The Python interpreters of this machine, and what each is made of: asked of the interpreter itself.

.venv/bin/python ─> ../../pyenv/3.11/bin/python3 ─> …     every hop must be visible in a sandbox
prefix (.venv)      base_prefix (pyenv/3.11)

found()       one of each version that is on PATH, in /usr/bin, below pyenv's or uv's folder
installed()   their versions
"""

import contextlib
import functools
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from packaging.version import Version

from tracks.errors import SubjectError

ASK = """
import json, os, platform, sys, sysconfig
bundled = os.path.join(os.path.dirname(os.__file__), "ensurepip", "_bundled")
wheels = sysconfig.get_config_var("WHEEL_PKG_DIR") or bundled
version = ".".join(map(str, sys.version_info[:3]))
plain = platform.python_implementation() == "CPython" and not sysconfig.get_config_var("Py_GIL_DISABLED")
print(json.dumps([sys.prefix, sys.base_prefix, version, wheels, plain]))
"""
ASK_SECONDS = 30
MAX_HOPS = 16
OLDEST = Version("3.9")
"""What the recorder needs."""
NAME = re.compile(r"python3\.\d+")


@dataclass(frozen=True, slots=True)
class Interpreter:
    executable: Path
    prefix: Path
    base_prefix: Path
    version: str
    wheels: str
    """Where its own copies of pip and, before 3.12, setuptools lie."""
    plain: bool
    """CPython as most use it: not free-threaded, no other implementation."""

    def folders(self) -> list[Path]:
        """What a sandbox has to show for this interpreter to run, beside /usr."""
        found = {self.prefix, self.prefix.resolve(), self.base_prefix, self.base_prefix.resolve()}
        hop = self.executable
        for _ in range(MAX_HOPS):
            if hop.parent.name == "bin" and _holds_python(hop.parent.parent):
                found.add(hop.parent.parent)
            else:
                found.add(hop)
            if not hop.is_symlink():
                break
            hop = Path(os.path.normpath(hop.parent / hop.readlink()))
        return sorted(path for path in found if not path.is_relative_to("/usr") and path != Path("/"))


def _holds_python(folder: Path) -> bool:
    """Whether a folder is an installation or a virtual environment: ``~`` may have a bin, too."""
    return (folder / "pyvenv.cfg").exists() or any(folder.glob("lib/python3*/os.py"))


@functools.lru_cache(maxsize=64)
def ask(executable: str) -> Interpreter:
    """Only ever for an interpreter that a person named, that is installed or that runs this worker."""
    try:
        done = subprocess.run(
            (executable, "-I", "-c", ASK),
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=ASK_SECONDS,
            check=True,
        )
        prefix, base_prefix, version, wheels, plain = json.loads(done.stdout)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        raise SubjectError(
            f"{executable} is no Python interpreter that can be run here.",
            remedy="Give the path of a python, such as .venv/bin/python.",
            detail=str(error),
        ) from None
    path = Path(os.path.abspath(executable))  # noqa: PTH100
    return Interpreter(path, Path(prefix), Path(base_prefix), version, wheels, plain)


def own() -> Interpreter:
    """The interpreter below this worker's own environment: what new environments are made of."""
    return ask(getattr(sys, "_base_executable", sys.executable))


def installed() -> list[str]:
    """The versions that a project can ask for, the oldest first."""
    return list(found())


@functools.cache
def found() -> Mapping[str, Interpreter]:
    """Every version that the recorder works in, the oldest first; the worker's own stands for its version.

    Found once a process: a worker has to be started again to see another.
    """
    by_version = {own().version: own()}
    seen: set[Path] = set()
    for path in _candidates():
        real = path.resolve()
        if real not in seen and not _is_script(real):
            seen.add(real)
            with contextlib.suppress(SubjectError):  # what cannot be run is not installed
                each = ask(str(path))
                if each.plain and each.prefix == each.base_prefix:
                    by_version.setdefault(each.version, each)
    usable = [version for version in by_version if Version(version) >= OLDEST]
    return {version: by_version[version] for version in sorted(usable, key=Version)}


def _candidates() -> Iterator[Path]:
    home = Path.home()
    data = Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    folders = [Path(name) for name in os.environ.get("PATH", "").split(os.pathsep) if name]
    folders += [Path("/usr/local/bin"), Path("/usr/bin")]
    for root in (
        Path(os.environ.get("PYENV_ROOT") or home / ".pyenv") / "versions",
        Path(os.environ.get("UV_PYTHON_INSTALL_DIR") or data / "uv" / "python"),
    ):
        folders += sorted(root.glob("*/bin"))
    for folder in folders:
        yield from sorted(path for path in folder.glob("python3.*") if NAME.fullmatch(path.name))


def _is_script(path: Path) -> bool:
    """Such as pyenv's shims, which start whatever a branch's .python-version names."""
    try:
        with path.open("rb") as file:
            return file.read(2) == b"#!"
    except OSError:
        return True

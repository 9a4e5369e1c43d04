"""What a Python interpreter is made of: asked of the interpreter itself.

.venv/bin/python ─> ../../pyenv/3.11/bin/python3 ─> …     every hop must be visible in a sandbox
prefix (.venv)      base_prefix (pyenv/3.11)
"""

import functools
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tracks.errors import SubjectError

ASK = """
import json, os, sys, sysconfig
bundled = os.path.join(os.path.dirname(os.__file__), "ensurepip", "_bundled")
wheels = sysconfig.get_config_var("WHEEL_PKG_DIR") or bundled
print(json.dumps([sys.prefix, sys.base_prefix, sys.version.split()[0], wheels]))
"""
ASK_SECONDS = 30
MAX_HOPS = 16


@dataclass(frozen=True, slots=True)
class Interpreter:
    executable: Path
    prefix: Path
    base_prefix: Path
    version: str
    wheels: str
    """Where its own copies of pip and, before 3.12, setuptools lie."""

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
    """Only ever for an interpreter that a person named or that runs this worker."""
    try:
        done = subprocess.run(
            (executable, "-I", "-c", ASK),
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=ASK_SECONDS,
            check=True,
        )
        prefix, base_prefix, version, wheels = json.loads(done.stdout)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        raise SubjectError(
            f"{executable} is no Python interpreter that can be run here.",
            remedy="Give the path of a python, such as .venv/bin/python.",
            detail=str(error),
        ) from None
    return Interpreter(Path(os.path.abspath(executable)), Path(prefix), Path(base_prefix), version, wheels)  # noqa: PTH100


def own() -> Interpreter:
    """The interpreter below this worker's own environment: what new environments are made of."""
    return ask(getattr(sys, "_base_executable", sys.executable))

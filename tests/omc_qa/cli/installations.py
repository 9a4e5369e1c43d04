"""Running the command line against an installation of its own."""

import os
import subprocess
import sys
from pathlib import Path


def environment(home: Path, **more: str) -> dict[str, str]:
    """This process's environment without the test session's own servers."""
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    return kept | {"OMC_QA_HOME": str(home)} | more


def omc_qa(home: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "omc_qa.cli", *arguments],
        env=environment(home, **more),
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )


def start(home: Path, *arguments: str, **more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "omc_qa.cli", *arguments],
        env=environment(home, **more),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def ps() -> dict[int, tuple[int, str]]:
    """Every living process: its parent and its whole command line, by its id."""
    # Without -ww it cuts the lines where the environment names a terminal's width.
    said = subprocess.run(["ps", "-ewwo", "pid,ppid,args"], capture_output=True, text=True, check=True).stdout
    rows = [line.split(None, 2) for line in said.splitlines()[1:]]
    return {int(pid): (int(parent), args) for pid, parent, args in rows}


def processes_that_say(word: str, *, but: str = "") -> list[str]:
    """Command lines of living processes that hold ``word``, without those that hold ``but``."""
    return [args for _, args in ps().values() if word in args and not (but and but in args)]

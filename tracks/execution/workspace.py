"""The folders of one run, and what may be in them.

    slots/<n>.lock     held while the run goes on: n gives it a user of its own, see ``sandbox``
    runs/<id>.lock     held while the run goes on
    runs/<id>/w        the workspace (without a sandbox: slots/<n>/w, a path that stays the same)
             /home     HOME and TMPDIR: what ``before`` leaves here, ``test`` finds
             /setup    the same for the set-up, whose leavings no run is to find
             /tools    the recorder, the selection; read-only
             /etc      see ``sandbox.identity``
             /services the data of the run's servers
             /events.jsonl  /now.json   see ``recording``

A job could have put anything into its folders: links are never followed.
"""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tracks.errors import SubjectError, ToolError
from tracks.execution import locks
from tracks.execution.sandbox import WORKSPACE, Bare, Jail, Mount
from tracks.execution.spec import Places, RunSpec

MAX_SLOTS = 500

TRIES, TRY_AGAIN_SECONDS = 40, 0.05


class Folders:
    """``root`` is the run's own; ``workspace`` is where the commit is checked out."""

    def __init__(self, root: Path, workspace: Path, slot: int) -> None:
        self.root = root
        self.workspace = workspace
        self.slot = slot
        self.home = root / "home"
        self.setup = root / "setup"
        self.tools = root / "tools"
        self.etc = root / "etc"
        self.services = root / "services"
        self.record = root / "events.jsonl"
        self.now = root / "now.json"

    def all(self) -> list[Path]:
        """Where the run's own files are."""
        inside = self.workspace.is_relative_to(self.root)
        return [self.root] if inside else [self.root, self.workspace]

    def written(self) -> list[Path]:
        """Where the run's commands write under a limit of the size of files; its servers have none."""
        return [self.workspace, self.home, self.setup]

    def mount(self) -> Mount:
        return Mount(self.workspace, WORKSPACE, writable=True)


@contextmanager
def folders(spec: RunSpec, places: Places, jail: Jail) -> Iterator[Folders]:
    """Empty folders for this run, gone at its end."""
    root = places.runs / spec.run
    held = _taken(_lock_of(root))
    if held is None:
        raise ToolError(f"Something else uses the folder of run {spec.run}.", remedy="Start the run again.")
    _sweep(places.runs)
    remove(root)
    root.mkdir(mode=0o755)
    slot, lock = _slot(places)
    # Editable installs and shebangs name their workspace's path, so that an environment only serves
    # workspaces at one path. A jail that has its own root sees all of them at the same.
    above = places.slots / str(slot) if isinstance(jail, Bare) else root
    here = Folders(root, above / "w", slot)
    try:
        remove(here.workspace)
        above.mkdir(exist_ok=True)
        for folder in (here.home, here.setup, here.tools, here.services):
            folder.mkdir()
        yield here
    finally:
        remove(here.workspace)
        remove(root)
        lock.release()
        _lock_of(root).unlink(missing_ok=True)
        held.release()


def _taken(path: Path) -> locks.FileLock | None:
    """The lock, after some tries: another run's sweep holds each that it looks at for a moment."""
    for _ in range(TRIES):
        if held := locks.free(path):
            return held
        time.sleep(TRY_AGAIN_SECONDS)
    return None


def _lock_of(root: Path) -> Path:
    return root.with_name(f"{root.name}.lock")


def _sweep(runs: Path) -> None:
    """Remove what killed workers left: folders that nobody holds."""
    for lock_path in runs.glob("*.lock"):
        if lock := locks.free(lock_path):
            remove(lock_path.with_suffix(""))
            lock_path.unlink(missing_ok=True)
            lock.release()


def _slot(places: Places) -> tuple[int, locks.FileLock]:
    """The first slot that nobody uses."""
    for number in range(MAX_SLOTS):
        if lock := locks.free(places.slots / f"{number}.lock"):
            return number, lock
    raise ToolError(
        f"{MAX_SLOTS} runs go on here already.", remedy="Start fewer workers with this data folder."
    )


def give(folder: Path, jail: Jail) -> None:
    """Let the user that the jail's commands run as own a folder and all in it."""
    if jail.owner is not None:
        _run("chown", "-hR", f"{jail.owner}:{jail.owner}", "--", str(folder))


def remove(folder: Path) -> None:
    """Remove a tree, whatever its permissions; what is not there is no matter."""
    if not os.path.lexists(folder):
        return
    if _run("rm", "-rf", "--", str(folder)):
        # A job can close its folders to itself; root does not notice.
        _run("chmod", "-R", "u+rwX", "--", str(folder))
        _run("rm", "-rf", "--", str(folder))


def _run(*argv: str) -> int:
    """The system's own tools: Python's walks end with a RecursionError in a tree that is deep enough."""
    return subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, check=False).returncode


def check_subdir(workspace: Path, subdir: str) -> None:
    """Raise unless ``subdir`` is a folder of the checkout and not a way out of it."""
    if not subdir:
        return
    folder = (workspace / subdir).resolve()
    if not folder.is_relative_to(workspace.resolve()):
        raise SubjectError(
            f"The project's folder {subdir!r} lies outside of the repository.",
            remedy="Name a folder of the repository, without '..' and links that lead out.",
        )
    if not folder.is_dir():
        raise SubjectError(
            f"The project's folder {subdir!r} does not exist at this commit.",
            remedy="Correct the folder in the project's settings, or the branch.",
        )

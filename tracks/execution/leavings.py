"""What a set-up leaves in the workspace beside the commit's own files, kept for later checkouts.

    *.egg-info/            metadata that an editable install needs: harmless at another commit
    anything else          compiled extensions, generated modules: belongs to this tree alone

Both the workspace and what was kept are a branch's doing: links are copied as links, and nothing is
written through one.
"""

import os
import shutil
import stat
from collections.abc import Collection, Iterator
from pathlib import Path

IGNORED = frozenset({".git", "__pycache__", ".pytest_cache"})


def found(workspace: Path, tracked: Collection[str]) -> list[Path]:
    """Paths, relative to the workspace, of the files and links that neither the commit nor one of its
    submodules holds: those it holds as one path, all that is below is theirs."""
    return sorted(path for path in _files(workspace) if not _held(path, tracked))


def _held(path: Path, tracked: Collection[str]) -> bool:
    return str(path) in tracked or any(str(parent) in tracked for parent in path.parents)


def only_metadata(paths: list[Path]) -> bool:
    return all(any(part.endswith(".egg-info") for part in path.parts) for path in paths)


def keep(workspace: Path, paths: list[Path], store: Path) -> None:
    for path in paths:
        _copy(workspace / path, store / path)


def restore(store: Path, workspace: Path) -> None:
    """Put what was kept into a fresh checkout; the commit's own files stay as they are."""
    for path in list(_files(store)) if store.is_dir() else ():
        parents = [workspace / parent for parent in path.parents]
        led_away = any(parent.is_symlink() for parent in parents)
        if not led_away and not os.path.lexists(workspace / path):
            _copy(store / path, workspace / path)


def _files(folder: Path) -> Iterator[Path]:
    for parent, names, files in os.walk(folder):
        names[:] = [name for name in names if name not in IGNORED]
        links = [name for name in names if (Path(parent) / name).is_symlink()]
        for name in (*files, *links):
            if not name.endswith(".pyc"):
                yield (Path(parent) / name).relative_to(folder)


def _copy(source: Path, target: Path) -> None:
    mode = source.lstat().st_mode
    if not (stat.S_ISREG(mode) or stat.S_ISLNK(mode)):
        return  # a socket, a FIFO, a device
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target, follow_symlinks=False)
    except (FileExistsError, NotADirectoryError):
        return  # the commit has a file where a folder would have to be

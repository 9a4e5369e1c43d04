"""Git LFS: its files are not fetched, and what stands in their place is told.

version https://git-lfs.github.com/spec/v1
oid sha256:4d7a…                              a pointer: three lines instead of the contents
size 12345
"""

import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from tracks.events import Log

MARK = b"version https://git-lfs.github.com/spec/"
POINTER_BYTES = 1024


def notices(workspace: Path, files: Mapping[str, str]) -> Iterator[Log]:
    """Say how many of a fresh checkout's ``files`` are pointers, if any are."""
    if not any(_uses_lfs(workspace / path) for path in files if PurePosixPath(path).name == ".gitattributes"):
        return
    pointers = [path for path in sorted(files) if _head(workspace / path, len(MARK)) == MARK]
    if pointers:
        count = f"{len(pointers)} files are" if len(pointers) > 1 else "1 file is"
        yield Log(
            f"[{count} in Git LFS and not fetched, such as {pointers[0]!r}: the tests find a pointer of "
            "three lines there. Commit what they need without LFS, or let the command before fetch it.]\n"
        )


def _uses_lfs(attributes: Path) -> bool:
    return b"filter=lfs" in _head(attributes, 64 * POINTER_BYTES, limit=64 * POINTER_BYTES)


def _head(path: Path, count: int, limit: int = POINTER_BYTES) -> bytes:
    """The first bytes of a small regular file, else nothing."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return b""  # a link, or a submodule's folder
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        return file.read(count) if stat.S_ISREG(status.st_mode) and status.st_size <= limit else b""

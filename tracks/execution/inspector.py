"""Says what stands at a path of the checkout. It runs INSIDE the jail, with the standard library alone.

    inspector.py MARK '{"path": …, "pattern": …, "reads": …}'
        ──>  MARK{"state": …, "size": …, "count": …, "files": […], "texts": {…}, "left_out": ""}MARK

A branch may hold links to anywhere, pipes and folders without end: links that lead out of the checkout are
not followed, only regular files are opened, and all that is told is bounded. ``pattern`` is a regular
expression for the files that are meant; "" means all of them below ``path``. What else prints into the same
output cannot be taken for our words: they stand between two marks.
"""

import json
import os
import re
import stat
import sys
from collections.abc import Iterator
from typing import Any

ENTRIES = 200_000
FILES = 2_000
NAMED = 50
BYTES = 2 * 1024**2
"""Of all files that are read."""


def inspect(path: str, pattern: str, *, reads: bool) -> "dict[str, Any]":
    """What is told of ``path``; with ``reads`` also what stands in the files that are meant."""
    root = os.path.realpath(".")
    if any(mark in path for mark in "*?"):
        place, is_glob = root, True
    else:
        place, is_glob = os.path.realpath(os.path.join(root, path)), False  # noqa: PTH118
    if place != root and not place.startswith(root + os.sep):
        return {"state": "outside"}
    try:
        found = os.stat(place)  # noqa: PTH116
    except OSError:
        return {"state": "missing"}
    if not stat.S_ISDIR(found.st_mode):
        texts, left_out = read([place], root) if reads else ({}, "")
        return {"state": "file", "size": found.st_size, "count": 1, "texts": texts, "left_out": left_out}
    files, left_out = below(place, root if is_glob else place, pattern)
    if is_glob and not files and not left_out:
        return {"state": "missing"}
    told: dict[str, Any] = {"state": "folder", "count": len(files), "left_out": left_out}
    told["files"] = [os.path.relpath(file, root) for file in files[:NAMED]]
    if reads:
        told["texts"], unread = read(files, root)
        told["left_out"] = left_out or unread
    return told


def below(top: str, base: str, pattern: str) -> "tuple[list[str], str]":
    """The regular files below ``top`` whose path from ``base`` matches, and what was not looked at."""
    wanted = re.compile(pattern) if pattern else None
    files: list[str] = []
    for seen, file in enumerate(walk(top)):
        if seen >= ENTRIES:
            return files, f"there are more than {ENTRIES} files"
        if wanted is None or wanted.search(os.path.relpath(file, base)):
            files.append(file)
    return files, ""


def walk(top: str) -> Iterator[str]:
    for folder, names, files in os.walk(top):
        names[:] = sorted(name for name in names if name != ".git")
        for name in sorted(files):
            file = os.path.join(folder, name)  # noqa: PTH118
            try:
                if stat.S_ISREG(os.lstat(file).st_mode):
                    yield file
            except OSError:
                continue  # gone meanwhile


def read(files: "list[str]", root: str) -> "tuple[dict[str, str], str]":
    """What stands in the files by their paths, and which could not be read."""
    texts: dict[str, str] = {}
    left = BYTES
    for file in files:
        name = os.path.relpath(file, root)
        try:
            descriptor = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
        except OSError as error:
            return texts, f"{name} cannot be read: {error.strerror}"
        with open(descriptor, "rb") as opened:  # noqa: PTH123
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                return texts, f"{name} is no regular file"
            raw = opened.read(left + 1)
        texts[name] = raw[:left].decode("utf-8", "replace")
        left -= len(raw)
        if left < 0 or len(texts) >= FILES:
            return texts, f"there is more than {BYTES // 1024**2} MiB or {FILES} files to read"
    return texts, ""


if __name__ == "__main__":
    mark, asked = sys.argv[1], json.loads(sys.argv[2])
    told = json.dumps(inspect(asked["path"], asked["pattern"], reads=asked["reads"]))
    sys.stdout.write(mark + told + mark)

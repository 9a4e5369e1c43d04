"""Says what stands at a path of the checkout. It runs INSIDE a jail, with the standard library alone.

    inspector.py '{"path": …, "pattern": …, "reads": [files, bytes]}'
        ──>  {"state": …, "size": …, "count": …, "files": […], "texts": {…}, "left_out": ""}

Nothing of the branch runs beside it, but a branch may hold links to anywhere and folders without end: what
leads out of the checkout is not followed, only regular files are opened, and all that is told is bounded.
``pattern`` is a regular expression for the files that are meant; "" means all of them below ``path``.
Without ``reads`` no file is opened. ``left_out`` is the first thing that was meant and not looked at.
"""

import json
import os
import re
import stat
import sys
from typing import Any

ENTRIES = 200_000
NAMED = 50


def inspect(path: str, pattern: str, reads: "list[int] | None" = None) -> "dict[str, Any]":
    """What is told of ``path``; ``reads`` says how many files, and bytes of them all, are read."""
    root = os.path.realpath(".")
    is_glob = any(mark in path for mark in "*?")
    place = root if is_glob else os.path.realpath(os.path.join(root, path))  # noqa: PTH118
    if not is_inside(place, root):
        return {"state": "outside"}
    try:
        found = os.stat(place)  # noqa: PTH116
    except OSError:
        return {"state": "missing"}
    if not stat.S_ISDIR(found.st_mode):
        files, told = Files(place, place, ""), {"state": "file", "size": found.st_size, "count": 1}
        files.names = [place]
    else:
        files = Files(place, root if is_glob else place, pattern)
        files.walk(root)
        if is_glob and not files.names and not files.left_out:
            return {"state": "missing"}
        named = [os.path.relpath(name, root) for name in files.names[:NAMED]]
        told = {"state": "folder", "count": len(files.names), "files": named}
    if reads:
        told["texts"] = files.read(root, *reads)
    return told | {"left_out": files.left_out}


class Files:
    """The regular files below ``top`` whose path from ``base`` matches; a link to one is one."""

    def __init__(self, top: str, base: str, pattern: str) -> None:
        self._top = top
        self._base = base
        self._wanted = re.compile(pattern) if pattern else None
        self.names: list[str] = []
        self.left_out = ""

    def walk(self, root: str) -> None:
        seen = 0
        for folder, folders, files in os.walk(self._top, onerror=self._unreadable):
            folders[:] = sorted(name for name in folders if name != ".git")
            for name in folders:
                self._look_at_folder(os.path.join(folder, name), root)  # noqa: PTH118
            for name in sorted(files):
                seen += 1
                if seen > ENTRIES:
                    self._leave_out(f"there are more than {ENTRIES} files")
                    return
                self._look_at(os.path.join(folder, name), root)  # noqa: PTH118

    def read(self, root: str, most: int, left: int) -> "dict[str, str]":
        """What stands in the files, by their paths."""
        texts: dict[str, str] = {}
        for file in self.names:
            name = os.path.relpath(file, root)
            if left <= 0 or len(texts) >= most:
                self._leave_out(f"{name} and what comes after it are too much to read")
                break
            try:
                with open(os.path.realpath(file), "rb") as opened:  # noqa: PTH123
                    raw = opened.read(left + 1)
            except OSError as error:
                self._unreadable(error)
                continue
            if len(raw) > left:
                self._leave_out(f"not all of {name} could be read: it is too long")
            texts[name] = raw[:left].replace(b"\0", b" ").decode("utf-8", "replace")
            left -= len(raw)
        return texts

    def _look_at(self, file: str, root: str) -> None:
        if self._wanted and not self._wanted.search(os.path.relpath(file, self._base)):
            return
        real = os.path.realpath(file)
        if is_inside(real, root) and os.path.isfile(real):  # noqa: PTH113
            self.names.append(file)
        else:
            self._leave_out(f"{os.path.relpath(file, root)} leads to no file of the checkout")

    def _look_at_folder(self, folder: str, root: str) -> None:
        """Linked ones are not walked; what such a link leads to may be below the top anyway."""
        if os.path.islink(folder) and (self._wanted or not is_inside(os.path.realpath(folder), self._top)):  # noqa: PTH114
            self._leave_out(f"{os.path.relpath(folder, root)} is a link to another folder")

    def _unreadable(self, error: OSError) -> None:
        self._leave_out(f"{os.path.relpath(str(error.filename))} cannot be read: {error.strerror}")

    def _leave_out(self, what: str) -> None:
        self.left_out = self.left_out or what


def is_inside(place: str, folder: str) -> bool:
    return place == folder or place.startswith(folder.rstrip(os.sep) + os.sep)


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    json.dump(inspect(**json.loads(sys.argv[1])), sys.stdout, ensure_ascii=False)

"""The document as PDF, set by typst in a process of its own.

Document ──typeset.prepared──> JSON ──typesetter.py, report.typ──> PDF

The template reads the document as data, so that no text of it is ever markup. The fonts that come with typst
are named, so that the file looks the same wherever it is made; only characters that they lack are taken from
the machine's.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from reports.document import Document
from reports.rendering import Imprint
from reports.rendering.characters import in_line
from reports.rendering.typeset import prepared
from tracks.errors import ToolError

TYPESETTER = Path(__file__).with_name("typesetter.py")
SECONDS = 120
"""A report of 8 tracks with 10,000 tests takes 3."""
THREADS = {"RAYON_NUM_THREADS": "2", "MALLOC_ARENA_MAX": "2"}
"""Each thread takes memory: what a file needs is the same on a machine of 64 processors."""
REMEDY = "Read the report as a page or as Markdown, and tell who keeps OMC QA."
SHORTER = (
    "Read the report as a page or as Markdown: they have no such limit. A report of fewer tracks takes less."
)
KEPT = 4_000
"""So many characters of what typst says are kept."""


def render(document: Document, imprint: Imprint) -> bytes:
    """The whole file. ToolError where typst refuses it, or takes more memory or time than it may."""
    told = {"told": in_line(imprint.told), "digest": imprint.digest}
    data = json.dumps({"document": prepared(document), "imprint": told}, separators=(",", ":"))
    command = [sys.executable, "-P", str(TYPESETTER)]  # -P: files beside it have names of Python's own
    try:
        done = subprocess.run(
            command, input=data.encode(), capture_output=True, timeout=SECONDS, env=os.environ | THREADS
        )
    except subprocess.TimeoutExpired as late:
        raise ToolError(f"Setting the PDF took more than {SECONDS} s.", remedy=SHORTER) from late
    if done.returncode:
        raise _problem(done.returncode, done.stderr.decode(errors="replace")[-KEPT:])
    return done.stdout


def _problem(code: int, said: str) -> ToolError:
    """Killed, by itself or by the kernel, is out of memory; else typst, or Python, said why."""
    if code < 0 or "MemoryError" in said:
        return ToolError("Setting the PDF took more memory than it may.", remedy=SHORTER, detail=said)
    return ToolError("The PDF could not be set.", remedy=REMEDY, detail=said)

"""Sets a PDF: data from standard input, report.typ beside this file ──typst──> PDF to standard output.

Carried out by its path, see ``reports.rendering.pdf``, in a process that ends: typst gives back no memory of
what it has set. So it imports nothing of the product. It leaves with 1 and typst's words where typst refuses,
and is killed where it takes more than MEMORY.
"""

import contextlib
import resource
import sys
from pathlib import Path
from typing import cast

import typst

MEMORY = 1536 << 20
"""Bytes of addresses: about three times what a report of 8 tracks with 10,000 tests takes."""
TAGGED = 500_000
"""Characters of the data up to which the file says what is a heading, a table, a list: in a larger one that
takes five times the bytes of all the rest."""


def main() -> int:
    with contextlib.suppress(ValueError, OSError):  # macOS refuses it
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        made = _set(sys.stdin.buffer.read().decode())
    except typst.TypstError as refusal:
        sys.stderr.write(f"{refusal.message}\n{refusal.diagnostic}")
        return 1
    sys.stdout.buffer.write(made)
    return 0


def _set(data: str) -> bytes:
    template = Path(__file__).with_name("report.typ").read_bytes()
    compiler = typst.Compiler(template, ignore_system_fonts=False, sys_inputs={"data": data})
    return cast(bytes, compiler.compile(format="pdf", pdf_tags=len(data) <= TAGGED))


if __name__ == "__main__":
    sys.exit(main())

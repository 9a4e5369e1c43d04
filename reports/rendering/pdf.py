"""The document as PDF, set by typst; pure but for the template that it ships with.

Document ──typeset.prepared──> JSON ──report.typ──> PDF

The template reads the document as data, so that no text of it is ever markup. A machine's own fonts are left
out: the file looks the same wherever it is made.
"""

import json
from functools import cache
from importlib import resources
from typing import cast

import typst

from reports.document import Document
from reports.rendering import Imprint
from reports.rendering.characters import in_line
from reports.rendering.typeset import prepared

TAGGED = 500_000
"""Characters of the data up to which the file says what is a heading, a table, a list: in a larger one that
takes five times the bytes of all the rest."""


def render(document: Document, imprint: Imprint) -> bytes:
    """The whole file."""
    told = {"told": in_line(imprint.told), "digest": imprint.digest}
    data = json.dumps(prepared(document))
    inputs = {"document": data, "imprint": json.dumps(told)}
    compiler = typst.Compiler(_template(), ignore_system_fonts=True, sys_inputs=inputs)
    return cast(bytes, compiler.compile(format="pdf", pdf_tags=len(data) <= TAGGED))


@cache
def _template() -> bytes:
    return resources.files("reports.rendering").joinpath("report.typ").read_bytes()

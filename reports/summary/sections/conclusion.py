"""The conclusion, in the words of a tester or of the draft; pure."""

from collections.abc import Mapping

from reports.document import Figure, Section
from reports.document.prose import blocks_of


def section(texts: Mapping[str, str], figures: Mapping[str, Figure]) -> Section | None:
    blocks = blocks_of(texts["conclusion"], figures)
    return Section("conclusion", "Conclusion", blocks) if blocks else None

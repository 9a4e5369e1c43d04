"""How many findings there are, by what is to be done about them; pure.

track.A.findings.faults …  ──tally──>  3 faults, 2 to be mended; 1 open question; 1 praise
"""

from collections.abc import Iterator, Mapping

from reports.document import Figure
from reports.document.blocks import Line
from reports.summary.sections.writing import counted, line, separated


def tally(prefix: str, figures: Mapping[str, Figure]) -> Line:
    """Without a full stop. ``prefix`` is a track's or the sprint's."""
    return separated(_parts(prefix, figures), "; ")


def _parts(prefix: str, figures: Mapping[str, Figure]) -> Iterator[Line]:
    faults, opened = figures[f"{prefix}.findings.faults"], figures[f"{prefix}.findings.open"]
    yield line(*counted(faults, "fault"), *((", ", opened, " to be mended") if faults.value else ()))
    if (asked := figures[f"{prefix}.questions"]).value:
        yield counted(asked, "open question")
    if (praised := figures[f"{prefix}.findings.kind.praise"]).value:
        yield counted(praised, "praise", "praises")

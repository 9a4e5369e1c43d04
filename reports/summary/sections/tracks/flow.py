"""Where the tests went from the baseline to the latest run, as a picture; pure."""

from collections.abc import Iterator, Mapping

from reports.document import Block, Figure, Paragraph, Picture, PictureKind, Strong
from reports.document.blocks import Line
from reports.summary.facts import ComparisonTold, IterationTold
from reports.summary.sections.writing import bullets, line, says, separated
from reports.summary.standing import called


def flow(
    key: str, latest: IterationTold, comparison: ComparisonTold, figures: Mapping[str, Figure]
) -> Iterator[Block]:
    """Of the track ``key``, with what is to be kept in mind of the comparison."""
    if comparison.matrix:
        yield Picture(
            PictureKind.FLOW,
            f"Where the tests of {key} went",
            "How many tests had which outcome on the baseline, and have which now.",
            {
                "base": "baseline",
                "head": f"{key}, {called(latest)}",
                "matrix": {base: dict(row) for base, row in comparison.matrix.items()},
            },
        )
        yield Paragraph(separated(_cells(key, comparison.matrix, figures), "; "))
    notes = (*comparison.caveats, *comparison.conditions)
    if notes:
        yield says(Strong("To be kept in mind:"))
        yield bullets(line(each) for each in notes)


def _cells(
    key: str, matrix: Mapping[str, Mapping[str, int]], figures: Mapping[str, Figure]
) -> Iterator[Line]:
    for base, row in matrix.items():
        for head in row:
            yield line(figures[f"track.{key}.cell.{base}.{head}"], f" {base} → {head}")

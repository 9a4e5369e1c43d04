"""Where the tests went from the baseline to the latest run, as a picture; pure."""

from collections.abc import Iterator, Mapping

from reports.document import Block, Picture, PictureKind, Strong
from reports.summary.facts import ComparisonTold, IterationTold
from reports.summary.sections.writing import bullets, line, says
from reports.summary.standing import called


def flow(key: str, latest: IterationTold, comparison: ComparisonTold) -> Iterator[Block]:
    """Of the track ``key``, with what is to be kept in mind of the comparison."""
    if comparison.matrix:
        yield Picture(
            PictureKind.FLOW,
            f"Where the tests of {key} went",
            _in_words(comparison.matrix),
            {
                "base": "baseline",
                "head": f"{key}, {called(latest)}",
                "matrix": {base: dict(row) for base, row in comparison.matrix.items()},
            },
        )
    notes = (*comparison.caveats, *comparison.conditions)
    if notes:
        yield says(Strong("To be kept in mind:"))
        yield bullets(line(each) for each in notes)


def _in_words(matrix: Mapping[str, Mapping[str, int]]) -> str:
    cells = (f"{count} {base} → {head}" for base, row in matrix.items() for head, count in row.items())
    return f"{'; '.join(cells)}."

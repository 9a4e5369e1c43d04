"""What tests broke by, each error once, with its evidence; pure."""

from collections.abc import Iterator, Mapping, Sequence

from reports.document import Block, Code, Figure, Folded, Mono, Paragraph, Strong, Text
from reports.document.prose import blocks_of
from reports.summary.facts import ClusterTold, FindingTold
from reports.summary.sections import keys
from reports.summary.sections.writing import counted, line, names, says


def told(
    clusters: Sequence[ClusterTold],
    prefix: str,
    figures: Mapping[str, Figure],
    findings: Sequence[FindingTold] = (),
) -> Iterator[Block]:
    """``prefix`` is that of their figures; ``findings`` are those that may know a root cause."""
    if figures[f"{prefix}.errors"].value > len(clusters):
        yield says("The largest of them:")
    for cluster in clusters:
        tests = counted(figures[f"{prefix}.error.{cluster.signature}"], "test")
        place = (Text(" at "), Mono(cluster.place)) if cluster.place else ()
        known = " Also on the baseline." if cluster.at_baseline and prefix != "baseline" else ""
        yield Paragraph(line(Strong(cluster.title), *place, ": ", *tests, ".", known))
        yield from _causes(cluster, findings)
        yield Folded(line("Evidence and tests"), tuple(_evidence(cluster)))


def _causes(cluster: ClusterTold, findings: Sequence[FindingTold]) -> Iterator[Block]:
    for finding in findings:
        if finding.name in cluster.findings:
            yield says("Recorded as ", keys.to_finding(finding), f": {finding.title}.")
            yield from blocks_of(finding.root_cause)


def _evidence(cluster: ClusterTold) -> Iterator[Block]:
    if cluster.evidence:
        yield Code(cluster.evidence, "pytb")
    if cluster.tests > len(cluster.first):
        yield says("The first of them:")
    yield names(cluster.first)

"""What tests broke by, each error once, with its evidence; pure."""

from collections.abc import Iterator, Mapping, Sequence

from reports.document import Block, Code, Figure, Folded, Mono, Paragraph, Strong, Text
from reports.summary.facts import ClusterTold, FindingTold
from reports.summary.sections import keys
from reports.summary.sections.writing import counted, first, line, says


def told(
    clusters: Sequence[ClusterTold],
    prefix: str,
    figures: Mapping[str, Figure],
    findings: Sequence[FindingTold] = (),
) -> Iterator[Block]:
    """``prefix`` is that of their figures; ``findings`` are those that may know a root cause."""
    for cluster in clusters:
        tests = counted(figures[f"{prefix}.error.{cluster.signature}"], "test")
        place = (Text(" at "), Mono(cluster.place)) if cluster.place else ()
        known = " Also on the baseline." if cluster.at_baseline and prefix != "baseline" else ""
        yield Paragraph(line(Strong(cluster.title), *place, ": ", *tests, ".", known))
        yield from _causes(cluster, findings)
        if cluster.evidence:
            yield Folded(line("Evidence and tests"), tuple(_evidence(cluster)))


def _causes(cluster: ClusterTold, findings: Sequence[FindingTold]) -> Iterator[Block]:
    for finding in findings:
        if finding.name in cluster.findings:
            where = " Its root cause is told there." if finding.root_cause else ""
            yield says("Recorded as ", keys.to_finding(finding), f": {keys.titled(finding)}.{where}")


def _evidence(cluster: ClusterTold) -> Iterator[Block]:
    yield Code(cluster.evidence, "pytb")
    yield from first(cluster.first, cluster.tests)

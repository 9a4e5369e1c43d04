"""Every number that the report may show, by name; pure.

SummaryFacts ──figures_of──> {"baseline.passed": Figure, "track.A.1.fixed": Figure, …}

shown        how a number is written
of_runs      of one run, and of one against another
of_findings  of findings, efforts, questions
of_tracks    of a track and its iterations
of_sprint    of the sprint and its trial integration
"""

from collections.abc import Iterator

from reports.document import Figure
from reports.summary.facts import SummaryFacts
from reports.summary.figures.of_runs import of_errors, of_run
from reports.summary.figures.of_sprint import of_sprint
from reports.summary.figures.of_tracks import of_track

__all__ = ["figures_of"]


def figures_of(facts: SummaryFacts) -> dict[str, Figure]:
    """Names stay the same from one report to the next; a figure that cannot be computed is not there."""
    return {each.name: each for each in _all(facts)}


def _all(facts: SummaryFacts) -> Iterator[Figure]:
    if facts.baseline and facts.baseline.ended_at:
        yield from of_run("baseline", "the baseline", facts.baseline)
        yield from of_errors("baseline", "the baseline", facts.baseline_clusters)
    yield from of_sprint(facts)
    for track in facts.tracks:
        yield from of_track(track, facts.baseline)

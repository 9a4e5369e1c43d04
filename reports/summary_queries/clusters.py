"""The errors that tests of a run broke by: the largest, each with the end of a traceback.

runs ──> Causes ── evidence of one test each, first tests of each ──told──> ClusterTold
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from django.db import connection
from django.db.models import F, Window
from django.db.models.functions import RowNumber

from reports.queries import Cause, causes_of
from reports.summary.facts import CLUSTERS, LISTED, ClusterTold
from reports.summary_queries.runs import Runs
from tracks.models import Failure, Project

EVIDENCE = 2000
TITLE = 500
"""Characters."""

# Of just one test of each error, and only the text's end: a text may have 64 KiB.
_EVIDENCE = """
    SELECT wanted.run, wanted.number, right(text.text, %(limit)s)
      FROM unnest(%(runs)s::bigint[], %(numbers)s::int[]) AS wanted(run, number)
      JOIN tracks_testcase test ON test.project_id = %(project)s AND test.number = wanted.number
      JOIN tracks_failure failure ON failure.run_id = wanted.run AND failure.test_id = test.id
      JOIN tracks_failuretext text ON text.digest = failure.text_id
"""


def clusters_of(
    project: Project, runs: Runs, named: Mapping[tuple[int, str], Sequence[str]]
) -> dict[int, tuple[ClusterTold, ...]]:
    """The largest CLUSTERS errors of the baseline and of each track's latest run, by the run's primary key;
    those of a track that the baseline has are without evidence: it is told there. ``named`` are the names of
    findings, by their track's primary key and the error's digest."""
    baseline = runs.baseline.pk if runs.baseline else 0
    tracks = {run.pk: run.track_id or 0 for run in runs.latest_ones}
    causes = _largest([baseline, *tracks])
    known = {each.signature for each in causes.get(baseline, ())}
    first, evidence = _first_tests(causes), _evidence(project, _examples(causes, baseline, known))
    return {
        run: tuple(
            ClusterTold(
                run=run,
                signature=cause.signature,
                title=cause.title[:TITLE],
                place=cause.place[:TITLE],
                tests=cause.tests,
                first=tuple(first[run, cause.signature]),
                evidence=evidence.get((run, cause.example), ""),
                at_baseline=cause.signature in known,
                findings=tuple(named.get((tracks.get(run, 0), cause.signature), ())),
            )
            for cause in found[:CLUSTERS]
        )
        for run, found in causes.items()
    }


def _largest(runs: Collection[int]) -> dict[int, list[Cause]]:
    """All errors of each run, the largest first."""
    found: dict[int, list[Cause]] = defaultdict(list)
    for cause in sorted(causes_of(runs), key=lambda each: (-each.tests, each.title, each.signature)):
        found[cause.run].append(cause)
    return found


def _first_tests(causes: Mapping[int, Sequence[Cause]]) -> dict[tuple[int, str], list[str]]:
    """Node ids, by run and the error's digest."""
    digests = {cause.signature for found in causes.values() for cause in found[:CLUSTERS]}
    place = Window(RowNumber(), partition_by=[F("run"), F("signature")], order_by="test__number")
    rows = Failure.objects.filter(run__in=causes, signature__digest__in=digests).annotate(place=place)
    found: dict[tuple[int, str], list[str]] = defaultdict(list)
    fields = ("run", "signature__digest", "test__node_id")
    for run, digest, name in rows.filter(place__lte=LISTED).order_by("place").values_list(*fields):
        found[run, digest].append(name)
    return found


def _examples(
    causes: Mapping[int, Sequence[Cause]], baseline: int, known: Collection[str]
) -> list[tuple[int, int]]:
    """Run and test number of an example of each error whose evidence is told."""
    return [
        (run, cause.example)
        for run, found in causes.items()
        for cause in found[:CLUSTERS]
        if run == baseline or cause.signature not in known
    ]


def _evidence(project: Project, pairs: Collection[tuple[int, int]]) -> dict[tuple[int, int], str]:
    """The end of the traceback of each example, by run and test number."""
    runs, numbers = [run for run, _ in pairs], [number for _, number in pairs]
    with connection.cursor() as cursor:
        cursor.execute(
            _EVIDENCE, {"project": project.pk, "runs": runs, "numbers": numbers, "limit": EVIDENCE}
        )
        return {(run, number): text for run, number, text in cursor.fetchall()}

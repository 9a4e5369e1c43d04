"""What it costs to say how far a sprint's tracks are from being merged; imports Django.

    rows     the counts, comparisons and decisions of the tracks' runs, by one bare query
    one      the product's own reading of gates, decision and recommendation, for a sprint of one track
    eight    the same for a sprint of eight, each with a run and a comparison of its own

Medians, with the number of queries. Nothing is asked of git: there is no repository here.
"""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench.planted import Planted, plant
from bench.samples import SIZES, median_seconds
from reports.actions import kept_comparison
from reports.readiness import readiness_of
from tracks import actions
from tracks.models import Run, Sprint
from tracks.models.run import VECTORS

MORE = "BCDEFGH"
ROWS = """
SELECT run.passed, run.failed, run.errors, run.collected, comparison.figures, comparison.classes,
       decision.kind
  FROM tracks_run run
  LEFT JOIN reports_comparison comparison ON comparison.head_id = run.id
  LEFT JOIN reports_decision decision ON decision.run_id = run.id
 WHERE run.sprint_id = %s
"""


def main() -> None:
    heads = ("tests", "rows", "one", "queries", "eight", "queries", "× rows")
    print(" ".join(f"{head:>8}" for head in heads), "  (ms)")
    for tests in SIZES:
        print(_line(tests, plant(tests)), flush=True)


def _line(tests: int, planted: Planted) -> str:
    kept_comparison(planted.base, planted.head)
    one, few = _measured(planted)
    for key in MORE:
        _add_track(planted, key)
    eight, many = _measured(planted)
    rows = median_seconds(lambda: _read(planted))
    return (
        f"{tests:>8,} {rows * 1e3:8.1f} {one * 1e3:8.1f} {few:>8} "
        f"{eight * 1e3:8.1f} {many:>8} {eight / rows:6.1f} ×"
    )


def _measured(planted: Planted) -> tuple[float, int]:
    with CaptureQueriesContext(connection) as asked:
        _say(planted)
    return median_seconds(lambda: _say(planted)), len(asked)


def _say(planted: Planted) -> None:
    sprint = Sprint.objects.select_related("project", "baseline").get(runs=planted.head)
    readiness_of(sprint, now=timezone.now())


def _add_track(planted: Planted, key: str) -> None:
    """One more track, whose run came out as the first one's."""
    now, like = timezone.now(), planted.head
    sprint = Sprint.objects.get(runs=like)
    track = actions.create_track(sprint, key=key, name=f"Track {key}", branch=key.lower(), by=planted.user)
    run = actions.start_track_run(track, sha=like.sha, by=planted.user, now=now)
    same = ("state", "ended_at", "balanced", "collected", *VECTORS, "signed", "environment")
    counts = ("passed", "failed", "errors", "skipped", "xfailed", "xpassed")
    Run.objects.filter(pk=run.pk).update(**{name: getattr(like, name) for name in (*same, *counts)})
    kept_comparison(planted.base, Run.objects.select_related("project").get(pk=run.pk))


def _read(planted: Planted) -> None:
    with connection.cursor() as cursor:
        cursor.execute(ROWS, [planted.head.sprint_id])
        cursor.fetchall()

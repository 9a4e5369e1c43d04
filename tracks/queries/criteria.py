"""What tracks must show, and what people said of it."""

from collections.abc import Collection
from typing import Any

from tracks.models import Criterion, Run, Sprint, Tick, Track
from tracks.queries.projects import BLOBS
from tracks.statuses import CriterionKind

FROZEN = ("id", "text", "kind", "weight", "definition")
"""What a run keeps of a criterion."""


def criteria_of(track: Track) -> list[dict[str, Any]]:
    """The track's criteria in their order, as a run freezes them."""
    rows = Criterion.objects.filter(track=track).order_by("position", "id")
    return [dict(row) for row in rows.values(*FROZEN)]


def criteria_by_track(sprint: Sprint) -> dict[int, list[dict[str, Any]]]:
    """The same of all tracks of the sprint that have any, by the track's primary key."""
    found: dict[int, list[dict[str, Any]]] = {}
    for row in Criterion.objects.filter(track__sprint=sprint).order_by("track", "position", "id"):
        found.setdefault(row.track_id, []).append({name: getattr(row, name) for name in FROZEN})
    return found


def checks_of(run: Run) -> list[dict[str, Any]]:
    """Those of its criteria that the run itself looks at."""
    return [each for each in run.criteria if each["kind"] == CriterionKind.CHECK]


def ticks_at(runs: Collection[Run]) -> dict[tuple[int, str, str], Tick]:
    """What was last said of each criterion of these runs, by the criterion, its words and the commit: whoever
    has looked at one run has looked at every run of the same code that asks the same."""
    keys = {each["id"] for run in runs for each in run.criteria}
    rows = Tick.objects.filter(criterion__in=keys, run__sha__in={run.sha for run in runs})
    latest = rows.select_related("by", "run").defer(*(f"run__{blob}" for blob in BLOBS))
    return {(tick.criterion, tick.text, tick.run.sha): tick for tick in latest.order_by("at", "id")}

"""Who carries runs out, what waits for them, and what they lost: one page for all projects.

What belongs to a project that the person may not see is counted, not named.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tracks import queries
from tracks.models import Run, Shard, User, Worker
from tracks.web.access import SignedInRequest, signed_in

LISTED = 50


@dataclass(frozen=True, slots=True)
class Row:
    """A worker, what it runs now as far as the person may see it, and what else."""

    worker: Worker
    is_alive: bool
    shards: Sequence[Shard]
    hidden: int


@signed_in
def workers(request: SignedInRequest) -> HttpResponse:
    now = timezone.now()
    mine = set(queries.projects_of(request.user).values_list("pk", flat=True))
    waiting = queries.waiting()
    return render(
        request,
        "tracks/workers.html#live" if request.htmx else "tracks/workers.html",
        {
            "rows": _rows(mine, now=now),
            "load": queries.load(now=now),
            "waiting": waiting.filter(project__in=mine)[:LISTED],
            "elsewhere": waiting.exclude(project__in=mine).count(),
            "lost": _lost(request.user),
        },
    )


def _rows(mine: set[int], *, now: datetime) -> list[Row]:
    held: dict[str, list[Shard]] = {}
    for shard in queries.held_shards():
        held.setdefault(shard.worker, []).append(shard)
    rows = []
    for worker in queries.workers(now=now):
        shards = held.get(worker.name, [])
        seen = [shard for shard in shards if shard.run.project_id in mine]
        rows.append(Row(worker, queries.is_alive(worker, now=now), seen, len(shards) - len(seen)))
    return rows


def _lost(user: User) -> list[Run]:
    runs = queries.lost_runs().filter(project__in=queries.projects_of(user))
    return list(runs[:LISTED])

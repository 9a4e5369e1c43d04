"""When anything that a report tells happened last."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Max

from reports.models import AcceptedLoss, Narrative, Waiver
from reports.summary_queries.reading import Read
from tracks.models import Sprint, Tick


def updated_at(sprint: Sprint, read: Read) -> datetime | None:
    """None where nothing has happened yet."""
    return max((at for at in _times(sprint, read) if at), default=None)


def _times(sprint: Sprint, read: Read) -> Iterator[datetime | None]:
    yield from (run.ended_at for run in read.runs.told.values())
    for finding in read.findings.rows:
        yield finding.changed_at
        yield from (claim.at for claim in finding.claims.all())
        yield from (ruling.at for ruling in finding.rulings.all())
    for decisions in read.decisions.values():
        yield from (decision.at for decision in decisions)
    waived = Waiver.objects.filter(track__sprint=sprint)
    yield from waived.aggregate(given=Max("at"), withdrawn=Max("withdrawn_at")).values()
    ticks = Tick.objects.filter(run__sprint=sprint)
    losses = AcceptedLoss.objects.filter(track__sprint=sprint)
    for said in (ticks, losses, Narrative.objects.filter(sprint=sprint)):
        yield said.aggregate(last=Max("at"))["last"]
    yield read.integration.ended_at if read.integration else None

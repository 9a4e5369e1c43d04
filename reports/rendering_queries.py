"""Reads of reports' files.

publication or digest ──rendering_of──> the file's state          without its bytes
earlier files of a sprint ──seconds_needed──> how long its next one may take
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import median

from django.db.models import F, QuerySet

from reports.models import Rendering
from reports.publication_queries import edition_of
from reports.rendering import Draft, Imprint
from reports.rendering.files import Content
from reports.statuses import Format, RenderingState
from tracks.models import Sprint

LOST_AFTER = timedelta(seconds=10)
"""A file that has waited for longer was asked for in a message that nobody reads, or all slots are busy."""
DIED_AFTER = timedelta(minutes=10)
EARLIER = 10
"""So many files are looked at, to tell how long the next one takes."""


def without_bytes() -> "QuerySet[Rendering]":
    """Files without what is large in them."""
    return Rendering.objects.select_related("sprint", "publication", "asked_by").defer(
        "file", "draft", "publication__content"
    )


def rendering_of(sprint: Sprint, kind: Format, digest: str) -> Rendering | None:
    """The file of a publication or a draft, by its digest."""
    return without_bytes().filter(sprint=sprint, format=kind, digest=digest).first()


def imprint_of(rendering: Rendering) -> Imprint:
    """What the file says of itself."""
    return edition_of(rendering.publication) if rendering.publication else Draft(rendering.digest)


def content_of(rendering: Rendering) -> Content:
    """What the file is made of; empty where that is gone."""
    content: Content | None = rendering.publication.content if rendering.publication else rendering.draft
    return content or {}


def waiting_too_long(*, now: datetime) -> Sequence[int]:
    """Primary keys of files that nobody has begun."""
    waiting = Rendering.objects.filter(state=RenderingState.WAITING, asked_at__lte=now - LOST_AFTER)
    return list(waiting.order_by("asked_at").values_list("pk", flat=True))


def seconds_needed(sprint: Sprint, kind: Format) -> float | None:
    """How long the sprint's files of the format took lately; None where there are none: those of other
    sprints, of other sizes, tell nothing."""
    done = Rendering.objects.filter(sprint=sprint, format=kind, state=RenderingState.DONE)
    done = done.order_by("-ended_at")
    took = done.annotate(took=F("ended_at") - F("begun_at")).values_list("took", flat=True)[:EARLIER]
    return median(each.total_seconds() for each in took) if took else None

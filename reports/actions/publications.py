"""Publishing a sprint's report: made again under the sprint's lock, compared with what was seen, and frozen.

what somebody saw ── is it so still? ──yes──> Publication, the next number
                          └──no──> ReportMoved, with what moved; nothing is published

A run may end while the report is read. What was read of it is then not what was seen either, so that it is
refused; a report of half a run is never published. Nothing ever alters a publication; a trigger of the
database refuses it.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from django.db import transaction
from django.db.models import Max

from reports.models import Publication
from reports.publishing import Seen, digest_of, moved_since
from reports.summarising import summary_of
from reports.summary import Summary
from tracks.actions.audit import audit
from tracks.actions.findings.content import checked_text
from tracks.errors import InvalidInput
from tracks.models import Sprint, User

NOTE = 200
NAME = 200


class ReportMoved(InvalidInput):
    """What was seen is not so any more; ``differences`` says in sentences what moved."""

    def __init__(self, moved: Sequence[str]) -> None:
        super().__init__(
            "Something has changed since you saw the report: nothing was published.",
            remedy="Look at what changed, and publish again.",
        )
        self.differences = tuple(moved)


@transaction.atomic
def publish(sprint: Sprint, *, seen: Seen, note: str, by: User, now: datetime) -> Publication:
    """Freeze the report as it was ``seen`` as the sprint's next edition. Raises ReportMoved where it is
    another one now."""
    note = _checked_note(note)
    locked = Sprint.objects.select_for_update(of=("self",), no_key=True).select_related("project")
    current = locked.get(pk=sprint.pk)
    summary = summary_of(current, now=now)
    if moved := moved_since(seen, summary):
        raise ReportMoved(moved)
    latest = Publication.objects.filter(sprint=current).aggregate(latest=Max("number"))["latest"] or 0
    return _store(current, latest + 1, summary, note, by=by, now=now.astimezone(UTC))


def _checked_note(note: str) -> str:
    cleaned = checked_text(note, field="note", longest=NOTE)
    if len(cleaned.splitlines()) > 1:
        raise InvalidInput("What an edition is called is one line.", field="note")
    return cleaned


def _store(
    sprint: Sprint, number: int, summary: Summary, note: str, *, by: User, now: datetime
) -> Publication:
    content: Mapping[str, object] = summary.content()
    name = str(by)[:NAME]
    publication = Publication.objects.create(
        sprint=sprint,
        number=number,
        content=content,
        digest=digest_of(content, number=number, by=name, at=now, note=note),
        note=note,
        by=by,
        by_name=name,
        at=now,
    )
    audit(
        "publication.made",
        publication,
        actor=by,
        project=sprint.project,
        after={"sprint": sprint.pk, "number": number, "digest": publication.digest, "note": note},
    )
    return publication

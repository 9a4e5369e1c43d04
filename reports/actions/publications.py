"""Publishing a sprint's report: made again under the sprint's lock, compared with what was seen, and frozen.

what somebody saw ── is it so still? ──yes──> Publication, the next number; its PDF is asked for
                          └──no──> ReportMoved, with what moved; nothing is published

A run may end while the report is read. What was read of it is then not what was seen either, so that it is
refused; a report of half a run is never published. Nothing ever alters a publication; a trigger of the
database refuses it.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from django.db import transaction
from django.db.models import Max

from reports.actions.renderings import ask_for_rendering
from reports.models import Publication
from reports.narrative_queries import words_of
from reports.publishing import Seen, digest_of, moved_since
from reports.statuses import Format
from reports.summarising import summary_of
from reports.summary import Summary
from tracks.actions.audit import audit
from tracks.actions.findings.content import checked_text
from tracks.errors import InvalidInput
from tracks.models import AuditEntry, Sprint, User

NOTE = 200
NAME = 200
MADE = "publication.made"


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
    another one now, and InvalidInput while words in it have figures that are gone, or that moved since."""
    note = _checked_note(note)
    locked = Sprint.objects.select_for_update(of=("self",), no_key=True).select_related("project")
    current = locked.get(pk=sprint.pk)
    summary = summary_of(current, now=now)
    if moved := moved_since(seen, summary):
        raise ReportMoved(moved)
    _check_words(current, summary)
    made = _store(current, _next_number(current), summary, note, by=by, now=now.astimezone(UTC))
    ask_for_rendering(current, Format.PDF, publication=made, by=by, now=now)
    return made


def _next_number(sprint: Sprint) -> int:
    """One that was never given. An edition may be deleted in the database; its number, which readers may
    have, would then be another's: the audit log knows it still."""
    kept = Publication.objects.filter(sprint=sprint).aggregate(latest=Max("number"))["latest"] or 0
    entries = AuditEntry.objects.filter(project=sprint.project, action=MADE, after__sprint=sprint.pk)
    given = entries.order_by("-id").values_list("after__number", flat=True).first() or 0
    return max(kept, given) + 1


def _checked_note(note: str) -> str:
    cleaned = checked_text(note, field="note", longest=NOTE)
    if len(cleaned.splitlines()) > 1:
        raise InvalidInput("What an edition is called is one line.", field="note")
    return cleaned


def _check_words(sprint: Sprint, summary: Summary) -> None:
    """Raise InvalidInput where a section that somebody wrote is not to be published as it is."""
    if doubtful := [each.section for each in words_of(sprint, summary) if each.is_doubtful]:
        raise InvalidInput(
            f"Figures in what was written have moved or are gone: {', '.join(doubtful)}.",
            remedy="Confirm these sentences, or write them anew, and publish again.",
        )


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
        MADE,
        publication,
        actor=by,
        project=sprint.project,
        after={"sprint": sprint.pk, "number": number, "digest": publication.digest, "note": note},
    )
    return publication

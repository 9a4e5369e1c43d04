"""Files that people attach to what they say."""

import re
from datetime import datetime

from django.db import transaction

from tracks.actions.audit import audit
from tracks.errors import InvalidInput
from tracks.models import Attachment, Finding, Project, Tick, User

BYTES = 5 * 1024**2
MOST = 20
"""Of one finding or tick."""
NAME = 200
_UNFIT = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, also those that turn the direction of a line."""


@transaction.atomic
def attach(
    *,
    finding: Finding | None = None,
    tick: Tick | None = None,
    name: str,
    content: bytes,
    by: User | None,
    now: datetime,
) -> Attachment:
    """Keep a file of either a finding or a tick. Raises InvalidInput for one that is empty or too large, and
    for too many."""
    subject = finding or tick
    if subject is None:
        raise ValueError("a file is attached to a finding or to a tick")
    if not content:
        raise InvalidInput("The file is empty.", field="file")
    if len(content) > BYTES:
        raise InvalidInput(
            f"The file has more than {BYTES // 1024**2} MiB.",
            remedy="Attach the part that matters, or pack it.",
            field="file",
        )
    type(subject).objects.select_for_update(no_key=True).get(pk=subject.pk)  # two at once count one by one
    if Attachment.objects.filter(finding=finding, tick=tick).count() >= MOST:
        raise InvalidInput(f"There are {MOST} files already.", field="file")
    kept = Attachment.objects.create(
        finding=finding, tick=tick, name=clean_name(name), size=len(content), content=content, by=by, at=now
    )
    audit(
        "attachment.added",
        subject,
        actor=by,
        project=project_of(kept),
        after={"name": kept.name, "size": kept.size},
    )
    return kept


def project_of(attachment: Attachment) -> Project:
    if attachment.finding:
        return attachment.finding.track.sprint.project
    if attachment.tick:
        return attachment.tick.run.project
    raise ValueError("an attachment is of a finding or of a tick")


def clean_name(name: str) -> str:
    """The last part of a path, without what could disturb a page or a header; the ending is kept."""
    bare = _UNFIT.sub("", re.split(r"[/\\]", name)[-1]).strip(" .")
    stem, dot, ending = bare.rpartition(".")
    if len(bare) > NAME and dot and len(ending) < 20:
        bare = f"{stem[: NAME - len(ending) - 1]}.{ending}"
    return bare[:NAME] or "file"

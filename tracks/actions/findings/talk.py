"""What people say of a finding."""

from datetime import datetime

from django.db import transaction

from tracks.actions.audit import audit
from tracks.actions.findings.content import checked_text
from tracks.actions.findings.locks import lock_finding, project_of
from tracks.actions.findings.telling import tell_of_comment
from tracks.errors import InvalidInput
from tracks.models import Comment, Finding, User


@transaction.atomic
def comment(finding: Finding, *, text: str, by: User, now: datetime) -> Comment:
    """Raises InvalidInput for an empty comment, or one that is too long."""
    text = checked_text(text, field="text")
    if not text:
        raise InvalidInput("There is nothing in this comment.", remedy="Write something.", field="text")
    locked = lock_finding(finding)
    said = Comment.objects.create(finding=locked, text=text, by=by, at=now)
    audit("finding.commented", locked, actor=by, project=project_of(locked), after={"comment": said.pk})
    tell_of_comment(locked, by=by, now=now)
    return said

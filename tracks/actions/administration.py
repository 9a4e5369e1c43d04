"""What operators do in Django's admin, which writes by itself: the entries of it."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Model

from tracks.actions.audit import audit
from tracks.models import Membership, Project, Sprint, Track, User


@transaction.atomic
def note_by_operator(
    participle: str, subject: Model, *, by: User, before: Mapping[str, Any], after: Mapping[str, Any]
) -> None:
    """Note that an operator has added, changed or deleted (``participle``) the object. Values that are no
    figure, text or truth are told as text."""
    audit(
        f"admin.{participle}",
        subject,
        actor=by,
        project=_project_of(subject),
        before={name: _told(value) for name, value in before.items()},
        after={name: _told(value) for name, value in after.items()},
    )


def _project_of(subject: Model) -> Project | None:
    match subject:
        case Project():
            return subject
        case Sprint() | Membership():
            return subject.project
        case Track():
            return subject.sprint.project
        case _:
            return None


def _told(value: object) -> object:
    return value if value is None or isinstance(value, bool | int | str) else str(value)

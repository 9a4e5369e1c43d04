"""Leaving an audit entry; part of the transaction that it tells of."""

from typing import Any

import structlog
from django.db.models import Model
from django.utils import timezone

from tracks.models import AuditEntry, Project, User


def audit(
    action: str,
    subject: Model,
    *,
    actor: User | None,
    project: Project | None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Note that ``actor`` (None: the product itself) did ``action`` to ``subject``."""
    AuditEntry.objects.create(
        action=action,
        subject=f"{subject._meta.model_name}:{subject.pk}",
        actor=actor,
        project=project,
        before=before or {},
        after=after or {},
        request_id=str(structlog.contextvars.get_contextvars().get("request_id") or ""),
        at=timezone.now(),
    )

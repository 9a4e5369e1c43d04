"""Leaving an audit entry, as part of the transaction that it tells of; and linking entries into a chain.

    audit ──> AuditEntry ──commit──> link_latest_entries ──> AuditLink
                          └──timer──> link_entries ──────────────┘   what a process died over, an old log

Links are made after the commit: each needs the one before, so that whoever makes one keeps everybody else of
the installation waiting. Within the action's transaction that wait would last as long as the action does, and
be taken after other locks: two actions that hold what the other wants would wait for ever. A process that
dies in between leaves entries without a link; the next one to link, or a worker's timer, takes them along.
Entries are linked in the order of their ids as far as they are there: one that is committed late comes after
those that were linked meanwhile. So the chain's order is that of its numbers, not of the ids.
"""

from typing import Any

import structlog
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from tracks import chain, queries
from tracks.models import AuditEntry, AuditLink, Project, User

LOCK = 6_200_001
"""Of PostgreSQL's advisory locks: who holds it makes links."""
AT_ONCE = 1000
TIMES = 10
"""A timer's call links so many times AT_ONCE: of a log that was never linked, some with each call."""
LATE = 1000
"""Only so many ids before the last linked one are looked at, so that the cost does not grow with the log
(300,000 entries: 2 ms instead of 90); whoever links everywhere looks at all."""


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
        actor_name=str(actor) if actor else "",
        project=project,
        project_slug=project.slug if project else "",
        before=before or {},
        after=after or {},
        request_id=str(structlog.contextvars.get_contextvars().get("request_id") or ""),
        at=timezone.now(),
    )
    transaction.on_commit(link_latest_entries, robust=True)


def link_latest_entries() -> None:
    """Link what was just committed: as many as AT_ONCE, none of them LATE."""
    if queries.unlinked_entries(late=LATE).exists():
        _link_some(late=LATE)


def link_entries(*, everywhere: bool = False) -> None:
    """Link entries that have no link, at most TIMES AT_ONCE; those that were committed later than LATE only
    where it looks ``everywhere``, which costs with the log."""
    late = None if everywhere else LATE
    for _ in range(TIMES):
        if not queries.unlinked_entries(late=late).exists():
            return
        _link_some(late=late)


@transaction.atomic
def _link_some(*, late: int | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    last = queries.last_link()
    number, digest = (last.number, last.digest) if last else (0, chain.FIRST)
    links = []
    for entry in queries.unlinked_entries(late=late)[:AT_ONCE]:
        number += 1
        digest = chain.digest(digest, number, queries.chained(entry))
        links.append(AuditLink(number=number, entry=entry, digest=digest))
    AuditLink.objects.bulk_create(links)

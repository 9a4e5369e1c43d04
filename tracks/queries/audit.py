"""Reads of the audit log: what a project's page shows, and whether the chain of all entries holds.

first_break() ──> Break(number 7, "the entry was changed", the entry) or None; reads link by link
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import Max, Q, QuerySet, TextField
from django.db.models.functions import Cast

from tracks import chain
from tracks.models import AuditEntry, AuditLink, Project

PRODUCT = "product"
"""In the place of an actor's key: what the product did by itself."""
CHAINED = (
    "id",
    "at",
    "actor_id",
    "actor_name",
    "project_id",
    "project_slug",
    "action",
    "subject",
    "before",
    "after",
    "request_id",
)
"""The fields that an entry's digest is made of."""
_CHUNK = 1000


@dataclass(frozen=True)
class Searched:
    """What is looked for in the log; "" and None stand for anything."""

    who: str = ""
    """An actor's primary key, or PRODUCT."""
    action: str = ""
    """Whole, or its first word: ``finding``."""
    subject: str = ""
    """As ``model:id``, or the model."""
    since: date | None = None
    until: date | None = None
    """Included, in UTC."""
    request: str = ""
    text: str = ""


@dataclass(frozen=True)
class Break:
    number: int
    what: str
    entry: AuditEntry | None


def audit_of(project: Project, searched: Searched) -> QuerySet[AuditEntry]:
    """Newest first."""
    found = AuditEntry.objects.filter(project=project).select_related("link").order_by("-id")
    if searched.who:
        found = found.filter(actor=None if searched.who == PRODUCT else int(searched.who))
    if searched.action:
        found = found.filter(Q(action=searched.action) | Q(action__startswith=f"{searched.action}."))
    if searched.subject:
        found = found.filter(Q(subject=searched.subject) | Q(subject__startswith=f"{searched.subject}:"))
    if searched.since:
        found = found.filter(at__date__gte=searched.since)
    if searched.until:
        found = found.filter(at__date__lte=searched.until)
    if searched.request:
        found = found.filter(request_id=searched.request)
    if searched.text:
        found = found.annotate(
            said_before=Cast("before", TextField()), said_after=Cast("after", TextField())
        ).filter(
            Q(said_before__icontains=searched.text)
            | Q(said_after__icontains=searched.text)
            | Q(actor_name__icontains=searched.text)
        )
    return found


def audit_actions(project: Project) -> dict[str, list[str]]:
    """Which actions the project's log knows, by their first words."""
    known = AuditEntry.objects.filter(project=project).order_by("action").values_list("action", flat=True)
    # Sorted once more: a database may sort as if there were no full stop.
    names = sorted(known.distinct())
    return {word: list(each) for word, each in groupby(names, lambda name: name.partition(".")[0])}


def audit_actors(project: Project) -> list[tuple[int, str]]:
    """Key and name of everybody in the project's log; of who changed names the last in the alphabet."""
    known = AuditEntry.objects.filter(project=project).exclude(actor=None).order_by("actor_id")
    named = known.values_list("actor_id").annotate(name=Max("actor_name"))
    return sorted(((key, name) for key, name in named if key), key=lambda each: each[1].casefold())


def unlinked_entries(*, late: int | None = None) -> QuerySet[AuditEntry]:
    """Those without a link, oldest first; with ``late`` only from so many ids before the last linked one."""
    entries = AuditEntry.objects.order_by("id")
    last = last_link()
    if late is None or last is None:
        return entries.filter(link=None)
    since = last.entry_id - late
    # Both sides are narrowed: a join would read every link that there is.
    linked = AuditLink.objects.filter(entry_id__gt=since).values("entry_id")
    return entries.filter(id__gt=since).exclude(id__in=linked)


def last_link() -> AuditLink | None:
    return AuditLink.objects.order_by("-number").first()


def chained(entry: AuditEntry) -> dict[str, Any]:
    """What ``tracks.chain`` digests of an entry that was read from the database."""
    return {name: getattr(entry, name) for name in CHAINED}


def first_break() -> Break | None:
    """The first link at which the chain does not hold."""
    previous = chain.FIRST
    expected = 1
    for link, entry in _links_with_entries():
        if link.number != expected:
            return Break(expected, "its link is missing", None)
        if entry is None:
            return Break(link.number, f"its entry {link.entry_id} is missing", None)
        digest = chain.digest(previous, link.number, chained(entry))
        if link.digest != digest:
            return Break(link.number, _altered(link, digest), entry)
        previous = link.digest
        expected += 1
    return None


def _links_with_entries() -> Iterator[tuple[AuditLink, AuditEntry | None]]:
    """All of them in order, some at a time."""
    last = 0
    while links := list(AuditLink.objects.filter(number__gt=last).order_by("number")[:_CHUNK]):
        entries = AuditEntry.objects.in_bulk([link.entry_id for link in links])
        yield from ((link, entries.get(link.entry_id)) for link in links)
        last = links[-1].number


def _altered(link: AuditLink, digest: str) -> str:
    """Which of the two was: the next link was made of the digest that this one had."""
    following = AuditLink.objects.filter(number=link.number + 1).select_related("entry").first()
    if following is None:
        return "its entry or its digest was changed"
    was_right = chain.digest(link.digest, following.number, chained(following.entry)) == following.digest
    is_right = chain.digest(digest, following.number, chained(following.entry)) == following.digest
    if was_right:
        return "its entry was changed"
    return "its digest was changed" if is_right else "its entry or its digest was changed"

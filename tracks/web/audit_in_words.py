"""Entries of the audit log as a page shows them: what it was done to, with a link, and what changed.

entries ──in_words──> Line(entry, Thing("A-2", "/p/…/findings/2/"),
                           [Change("status", "open", "in progress")])
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from tracks.models import (
    AuditEntry,
    Criterion,
    Finding,
    Invitation,
    Membership,
    Project,
    Run,
    Secret,
    Sprint,
    Track,
    User,
)

LONGEST = 300
"""Of a value on the page; the files hold all of it."""


@dataclass(frozen=True)
class Page:
    """Where things of one kind are shown."""

    rows: QuerySet[Any]
    """All of them, with what the address needs."""
    address: Callable[[str, Any], str]
    """Of a row, with the project's slug before it."""


def _people(slug: str, _: Any) -> str:
    return reverse("tracks:people", args=[slug])


_PAGES: dict[str, Page] = {
    "finding": Page(
        Finding.objects.select_related("track__sprint").only("number", "track__key", "track__sprint__slug"),
        lambda slug, found: reverse(
            "reports:finding", args=[slug, found.track.sprint.slug, found.track.key, found.number]
        ),
    ),
    "run": Page(Run.objects.only("pk"), lambda slug, found: reverse("tracks:run", args=[slug, found.pk])),
    "track": Page(
        Track.objects.select_related("sprint"),
        lambda slug, found: reverse("reports:track", args=[slug, found.sprint.slug, found.key]),
    ),
    "sprint": Page(
        Sprint.objects.all(), lambda slug, found: reverse("reports:sprint", args=[slug, found.slug])
    ),
    "criterion": Page(
        Criterion.objects.all(), lambda slug, found: reverse("tracks:edit_criterion", args=[slug, found.pk])
    ),
    "secret": Page(Secret.objects.only("name"), lambda slug, _: reverse("tracks:secrets", args=[slug])),
    "user": Page(User.objects.all(), _people),
    "membership": Page(Membership.objects.select_related("user"), _people),
    "invitation": Page(Invitation.objects.only("email"), _people),
    "project": Page(Project.objects.all(), lambda slug, _: reverse("reports:project", args=[slug])),
}
"""What has a page, by the model's name; ``add_page`` adds what other apps have."""


def add_page(model: str, page: Page) -> None:
    _PAGES[model] = page


@dataclass(frozen=True)
class Thing:
    label: str
    href: str = ""


@dataclass(frozen=True)
class Change:
    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Line:
    entry: AuditEntry
    thing: Thing
    changes: list[Change]


def in_words(project: Project, entries: Iterable[AuditEntry]) -> list[Line]:
    """One query for each kind of thing."""
    shown = list(entries)
    things = _things(project, {entry.subject for entry in shown})
    return [
        Line(entry, things.get(entry.subject, Thing(entry.subject.replace(":", " "))), _changes(entry))
        for entry in shown
    ]


def _things(project: Project, subjects: Iterable[str]) -> dict[str, Thing]:
    keys: dict[str, list[str]] = defaultdict(list)
    for subject in subjects:
        name, _, key = subject.partition(":")
        if name in _PAGES:
            keys[name].append(key)
    return {
        f"{name}:{row.pk}": Thing(str(row)[:80], _PAGES[name].address(project.slug, row))
        for name, wanted in keys.items()
        for row in _PAGES[name].rows.filter(pk__in=wanted)
    }


def _changes(entry: AuditEntry) -> list[Change]:
    """What differs; of a thing that came or went, all that is told of it."""
    fields = dict.fromkeys([*entry.before, *entry.after])
    changes = (
        Change(field.replace("_", " "), _text(entry.before.get(field)), _text(entry.after.get(field)))
        for field in fields
        if entry.before.get(field) != entry.after.get(field)
    )
    return [change for change in changes if change.before or change.after]


def _text(value: object) -> str:
    if value in (None, [], {}):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"

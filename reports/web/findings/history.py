"""The history of a finding in words, from the audit log.

finding.changed  {"severity": "low"} → {"severity": "high"}   ──>   "changed it", severity: low → high
finding.claimed  {"sha": "264a…", "run": 17, "note": "…"}     ──>   "claimed that 264a9b0 fixes it", note
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tracks.models import AuditEntry, Comment, User
from tracks.models.findings import TEXTS

LABELS = {
    "title": "title",
    "kind": "kind",
    "severity": "severity",
    "status": "status",
    "assignee": "assignee",
    "effort_hours": "effort in hours",
    "flaky": "its tests do not always fail",
}
_EDITED = {name: name.replace("_", " ") for name in (*TEXTS, "files", "tests", "options")}


@dataclass(frozen=True, slots=True)
class Change:
    """Of a field; without ``before`` and ``after`` where it is too long to be shown here."""

    label: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """``text`` is Markdown; ``run`` the primary key of the run that it is about."""

    at: datetime
    who: str
    did: str
    text: str = ""
    run: int | None = None
    changes: Sequence[Change] = ()
    is_comment: bool = False


def history_in_words(entries: Sequence[AuditEntry], comments: Mapping[int, Comment]) -> list[Event]:
    """What happened, oldest first."""
    people = _people(entries)
    return [_event(entry, comments, people) for entry in entries]


def _event(entry: AuditEntry, comments: Mapping[int, Comment], people: Mapping[int, str]) -> Event:
    who, told = entry.actor_name or "OMC QA", entry.after
    match entry.action:
        case "finding.raised":
            return Event(entry.at, who, f"recorded it: {told['kind']}, {told['severity']} severity")
        case "finding.changed":
            return Event(entry.at, who, "changed it", changes=_changes(entry, people))
        case "finding.commented":
            said = comments.get(told["comment"])
            return Event(entry.at, who, "said", text=said.text if said else "", is_comment=True)
        case "attachment.added":
            return Event(entry.at, who, f"attached {told['name']}")
        case "finding.claimed":
            did = f"claimed that {told['sha'][:7]} fixes it"
            return Event(entry.at, who, did, text=told["note"], run=told["run"])
        case "finding.claim_withdrawn":
            return Event(entry.at, who, f"withdrew the claim of {told['sha'][:7]}")
        case "finding.ruled":
            return Event(entry.at, who, _ruled(told), text=told["reason"], run=told["run"])
        case "finding.decided":
            return Event(entry.at, who, f"decided: {told['option']}", text=told["reason"])
        case "finding.status_set":
            did = f"set it from {entry.before['status']} to {told['status']}"
            return Event(entry.at, who, did, text=told["note"])
    return Event(entry.at, who, entry.action.replace("_", " ").replace(".", ": "))


def _ruled(told: Mapping[str, Any]) -> str:
    verdict = f"the verdict '{told['verdict']}'" if told["verdict"] else "without a verdict"
    how = "overruled" if told["overrules"] else "confirmed" if told["verdict"] else "ruled"
    return f"{how} {verdict}: {'fixed' if told['fixed'] else 'not fixed'}"


def _changes(entry: AuditEntry, people: Mapping[int, str]) -> list[Change]:
    short = [
        Change(LABELS[name], _said(name, was, people), _said(name, entry.after[name], people))
        for name, was in entry.before.items()
        if name in LABELS
    ]
    return short + [Change(_EDITED[name]) for name in entry.before if name in _EDITED]


def _said(name: str, value: object, people: Mapping[int, str]) -> str:
    if name == "assignee":
        return people.get(value, "nobody") if isinstance(value, int) else "nobody"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value or "nothing")


def _people(entries: Sequence[AuditEntry]) -> dict[int, str]:
    """The names of those to whom it was ever assigned."""
    keys = {side.get("assignee") for entry in entries for side in (entry.before, entry.after)} - {None}
    return {user.pk: str(user) for user in User.objects.filter(pk__in=keys)} if keys else {}

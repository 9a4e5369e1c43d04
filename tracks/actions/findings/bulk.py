"""Changing many findings alike: all of a selection, or none."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction

from tracks.actions.findings.content import check_assignee, content_of, tidied
from tracks.actions.findings.locks import lock_findings, project_of
from tracks.actions.findings.recording import write
from tracks.actions.findings.statuses import set_status
from tracks.errors import InvalidInput
from tracks.finding_statuses import FindingStatus
from tracks.models import Finding, User

ALIKE = frozenset({"kind", "severity", "assignee"})


@transaction.atomic
def change_findings(
    findings: Sequence[Finding],
    *,
    by: User,
    now: datetime,
    status: FindingStatus | None = None,
    note: str = "",
    **changes: Any,
) -> list[Finding]:
    """Give all of them another kind, severity, assignee or, with a note, status. Raises InvalidInput where
    one of them cannot have it or nothing is to be changed, NotPermitted where ``by`` may not set the status.
    """
    if unknown := set(changes) - ALIKE:
        raise InvalidInput(f"Findings have no {', '.join(sorted(unknown))} to change together.")
    if not changes and not status:
        raise InvalidInput("Nothing is to be changed.", remedy="Choose what the findings are to become.")
    locked = lock_findings(findings)
    for project in {project_of(each) for each in locked}:
        check_assignee(changes.get("assignee"), project)
    changed = [write(each, tidied(replace(content_of(each), **changes)), by=by, now=now) for each in locked]
    return set_status(changed, status, note=note, by=by, now=now) if status else changed

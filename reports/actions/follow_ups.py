"""The conditions of an approval: what has to follow it, until when, and what proves that it did."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from reports.models import Condition, Decision
from reports.readiness import Readiness
from reports.statuses import DecisionKind
from tracks.actions.findings.content import checked_text
from tracks.errors import InvalidInput
from tracks.finding_statuses import TO_MEND, Severity
from tracks.models import Finding, User
from tracks.permissions import role_in
from tracks.statuses import Standing

CONDITIONS = 6
"""At most so many a decision."""
CONDITION = 300
"""Characters of one."""
LONGEST = timedelta(days=366)
"""How far away the day may be on which a condition falls due."""


@dataclass(frozen=True, kw_only=True)
class ConditionGiven:
    """``due`` is a day in UTC; just one of finding and criterion, a key of ``Run.criteria``, proves it."""

    text: str
    severity: Severity
    due: date
    owner: User | None = None
    finding: Finding | None = None
    criterion: int | None = None


def check_conditions(
    conditions: Sequence[ConditionGiven], ready: Readiness, kind: DecisionKind, *, today: date
) -> None:
    """Raise InvalidInput, at the field ``conditions-<its place>-<part>``, for what cannot be asked."""
    if kind is DecisionKind.CONDITIONAL and not conditions:
        raise InvalidInput(
            "An approval with conditions needs one at least.",
            remedy="Write it down, or approve without.",
            field="conditions-0-text",
        )
    if kind is not DecisionKind.CONDITIONAL and conditions:
        raise InvalidInput(
            "Only an approval with conditions has some.",
            remedy="Choose “approved with conditions”, or remove them.",
            field="kind",
        )
    if len(conditions) > CONDITIONS:
        raise InvalidInput(f"A decision has {CONDITIONS} conditions at most.", field="kind")
    for number, each in enumerate(conditions):
        _check_condition(each, ready, place=f"conditions-{number}", today=today)


def _check_condition(given: ConditionGiven, ready: Readiness, *, place: str, today: date) -> None:
    text = checked_text(given.text, field=f"{place}-text", longest=CONDITION)
    if not text or len(text.splitlines()) > 1:
        raise InvalidInput("A condition is one line of text.", field=f"{place}-text")
    if not today <= given.due <= today + LONGEST:
        raise InvalidInput(
            "A condition falls due today at the earliest, and within a year.", field=f"{place}-due"
        )
    if given.owner and role_in(given.owner, ready.track.sprint.project) is None:
        raise InvalidInput(f"{given.owner} is no member of this project.", field=f"{place}-owner")
    _check_proof(given, ready, field=f"{place}-proof")


def _check_proof(given: ConditionGiven, ready: Readiness, *, field: str) -> None:
    """What proves it must be able to show that it is met, and must not show it already."""
    if (given.finding is None) == (given.criterion is None):
        raise InvalidInput("One finding or one criterion proves that it is met.", field=field)
    if given.finding:
        if given.finding.track_id != ready.track.pk:
            raise InvalidInput("This finding is of another track.", field=field)
        if given.finding.status not in TO_MEND:
            raise InvalidInput(f"{given.finding} is {given.finding.status} already.", field=field)
        return
    standing = {each.criterion: each.standing for each in ready.facts.criteria}
    if given.criterion not in standing:
        raise InvalidInput("The run has no such criterion.", field=field)
    if standing[given.criterion] is Standing.HOLDS:
        raise InvalidInput("This criterion holds already.", field=field)


def condition_of(decision: Decision, number: int, given: ConditionGiven) -> Condition:
    return Condition(
        decision=decision,
        number=number,
        text=given.text.strip(),
        severity=given.severity,
        owner=given.owner,
        due=given.due,
        finding=given.finding,
        criterion=given.criterion,
    )

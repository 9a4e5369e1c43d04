"""The figures of findings, of a track or of the sprint; pure.

<prefix>.findings       .findings.open   .findings.open.critical   .findings.verified   .findings.kind.defect
<prefix>.questions      .effort          .effort.critical          .unestimated         .unestimated.critical
"""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from reports.document import Asked, Figure, Query
from reports.summary.facts import FindingTold
from reports.summary.figures import shown
from tracks.finding_statuses import FAULT_KINDS, TO_MEND, FindingKind, FindingStatus, Severity

Ask = Callable[[Asked, "Filters"], Query]
Filters = tuple[tuple[str, str], ...]

_FAULTS = tuple(("kind", kind.value) for kind in FindingKind if kind in FAULT_KINDS)
_TO_MEND = tuple(("status", status.value) for status in FindingStatus if status in TO_MEND)
OPEN = _FAULTS + _TO_MEND
"""Faults that somebody still has to mend."""
QUESTIONS = (("kind", FindingKind.QUESTION.value), ("status", FindingStatus.OPEN.value))


def is_open(finding: FindingTold) -> bool:
    return finding.kind in FAULT_KINDS and finding.status in TO_MEND


def is_asked(finding: FindingTold) -> bool:
    return finding.kind is FindingKind.QUESTION and finding.status is FindingStatus.OPEN


def of_findings(prefix: str, said: str, findings: Sequence[FindingTold], ask: Ask) -> Iterator[Figure]:
    """``ask`` makes the query of a track or of the sprint, from what is asked and the filters."""

    def counted(name: str, label: str, filters: Filters) -> Figure:
        value = sum(_passes(each, filters) for each in findings)
        return Figure(
            f"{prefix}.{name}", f"{label} {said}", value, shown.count(value), ask(Asked.FINDINGS, filters)
        )

    yield counted("findings", "findings", ())
    yield counted("findings.faults", "faults", _FAULTS)
    yield counted("findings.open", "open findings", OPEN)
    for severity in Severity:
        of_it = (("severity", severity.value), *OPEN)
        yield counted(f"findings.open.{severity}", f"open findings of severity {severity}", of_it)
    for status in FindingStatus:
        filters = (("status", status.value),)
        yield counted(f"findings.status.{status.name.lower()}", f"findings with status “{status}”", filters)
    for kind in FindingKind:
        filters = (("kind", kind.value),)
        yield counted(f"findings.kind.{kind.name.lower()}", f"findings of kind “{kind}”", filters)
    yield counted("questions", "questions that are not decided", QUESTIONS)
    yield from _efforts(prefix, f"of all open findings {said}", "", findings, ask)
    for severity in Severity:
        own = [each for each in findings if each.severity is severity]
        words = f"of open findings of severity {severity} {said}"
        yield from _efforts(prefix, words, severity, own, ask)


def of_finding(finding: FindingTold) -> Iterator[Figure]:
    query = Query(Asked.AFFECTED, finding=finding.finding)
    label = f"tests that {finding.name} affects"
    yield Figure(f"finding.{finding.name}.affected", label, finding.tests, shown.count(finding.tests), query)
    if finding.effort is not None:
        value = float(finding.effort)
        asked = Query(Asked.EFFORT, finding=finding.finding)
        label = f"effort estimated for {finding.name}"
        yield Figure(f"finding.{finding.name}.effort", label, value, shown.hours(value), asked)


def _efforts(
    prefix: str, words: str, severity: str, findings: Sequence[FindingTold], ask: Ask
) -> Iterator[Figure]:
    """Of the open ones: what is estimated, and how many have no estimate."""
    filters = (("severity", severity), *OPEN) if severity else OPEN
    last = f".{severity}" if severity else ""
    mended = [each for each in findings if is_open(each)]
    hours = float(sum((each.effort for each in mended if each.effort is not None), Decimal(0)))
    none = sum(each.effort is None for each in mended)
    effort, without = ask(Asked.EFFORT, filters), ask(Asked.UNESTIMATED, filters)
    yield Figure(f"{prefix}.effort{last}", f"effort {words}", hours, shown.hours(hours), effort)
    yield Figure(
        f"{prefix}.unestimated{last}", f"without an estimate {words}", none, shown.count(none), without
    )


def _passes(finding: FindingTold, filters: Filters) -> bool:
    """Several filters of one name are alternatives."""
    values = {
        "severity": finding.severity.value,
        "status": finding.status.value,
        "kind": finding.kind.value,
    }
    return all(values[name] in {value for other, value in filters if other == name} for name, _ in filters)

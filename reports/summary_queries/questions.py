"""What leads have decided of questions, from the history of each: a finding keeps only which option it was.

Finding, decided ── AuditEntry "finding.decided" ──> AnswerTold
"""

from collections.abc import Iterable

from reports.summary.facts import AnswerTold
from tracks.finding_statuses import FindingStatus
from tracks.models import AuditEntry, Finding


def answers_to(findings: Iterable[Finding]) -> dict[int, AnswerTold]:
    """Of those that are decided, by the finding's primary key."""
    decided = {f"finding:{each.pk}": each for each in findings if each.status == FindingStatus.DECIDED}
    entries = AuditEntry.objects.filter(subject__in=decided, action="finding.decided").order_by("pk")
    latest = {entry.subject: entry for entry in entries}
    return {question.pk: _told(question, latest.get(subject)) for subject, question in decided.items()}


def _told(question: Finding, entry: AuditEntry | None) -> AnswerTold:
    """The option as it is called today: the history may be gone, as after an import."""
    option = question.options[question.choice or 0]["text"]
    if entry is None:
        return AnswerTold(option, "", "", None)
    return AnswerTold(option, entry.after["reason"], entry.actor_name, entry.at)

"""What people do with findings; each leaves an entry in the finding's history, the audit log.

finding.raised   finding.changed   finding.status_set   finding.decided
finding.claimed  finding.claim_withdrawn   finding.ruled   finding.commented
"""

from tracks.actions.findings.bulk import change_findings
from tracks.actions.findings.claims import (
    SHA,
    check_can_claim,
    claim_fix,
    latest_claim,
    reason_against_claiming,
    withdraw_claim,
)
from tracks.actions.findings.content import Content, as_json, content_of
from tracks.actions.findings.recording import Changed, change_finding, raise_finding
from tracks.actions.findings.rulings import check_can_rule, confirm, reason_against_answering, rule
from tracks.actions.findings.statuses import (
    SET_BY_HAND,
    check_can_set,
    choices_for,
    decide_question,
    reason_against_setting,
    set_status,
)
from tracks.actions.findings.talk import comment

__all__ = [
    "SET_BY_HAND",
    "SHA",
    "Changed",
    "Content",
    "as_json",
    "change_finding",
    "change_findings",
    "check_can_claim",
    "check_can_rule",
    "check_can_set",
    "choices_for",
    "claim_fix",
    "comment",
    "confirm",
    "content_of",
    "decide_question",
    "latest_claim",
    "raise_finding",
    "reason_against_answering",
    "reason_against_claiming",
    "reason_against_setting",
    "rule",
    "set_status",
    "withdraw_claim",
]

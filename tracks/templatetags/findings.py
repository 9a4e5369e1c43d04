"""How findings look: each severity and status has a tone and a mark; loaded by ``{% load findings %}``."""

from django import template

from tracks.finding_statuses import FindingStatus, Severity

_SEVERITIES = {
    Severity.CRITICAL: ("bad", "▲"),
    Severity.HIGH: ("warn", "▴"),
    Severity.MEDIUM: ("", "•"),
    Severity.LOW: ("", "·"),
}
_STATUSES = {
    FindingStatus.OPEN: ("bad", "○"),
    FindingStatus.CLAIMED: ("info", "◐"),
    FindingStatus.VERIFIED: ("good", "●"),
    FindingStatus.WONT_FIX: ("", "✕"),
    FindingStatus.ACCEPTED_RISK: ("warn", "!"),
    FindingStatus.DECIDED: ("good", "●"),
    FindingStatus.NOTED: ("good", "★"),
    FindingStatus.WITHDRAWN: ("", "✕"),
}

register = template.Library()


@register.filter
def severity_tone(value: str) -> str:
    return _SEVERITIES[Severity(value)][0]


@register.filter
def severity_mark(value: str) -> str:
    return _SEVERITIES[Severity(value)][1]


@register.filter
def status_tone(value: str) -> str:
    return _STATUSES[FindingStatus(value)][0]


@register.filter
def status_mark(value: str) -> str:
    return _STATUSES[FindingStatus(value)][1]

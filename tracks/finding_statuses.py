"""The closed vocabularies of findings, and which status may follow which.

defect, regression, not implemented, incomplete:

OPEN ──> CLAIMED ──> VERIFIED        a retest showed it, and a tester confirmed
  │ ▲       │  └───> OPEN            not fixed, and the attempt is counted; or the claim is withdrawn
  │ └───────┴────┬── VERIFIED, WONT_FIX, ACCEPTED_RISK    opened again
  └──────────────┴─> VERIFIED, WONT_FIX, ACCEPTED_RISK

question to decide:  OPEN <──> DECIDED          praise:  NOTED <──> WITHDRAWN
"""

from enum import StrEnum


class FindingKind(StrEnum):
    DEFECT = "defect"
    REGRESSION = "regression"
    NOT_IMPLEMENTED = "not implemented"
    INCOMPLETE = "incomplete"
    QUESTION = "question to decide"
    PRAISE = "praise"


class Severity(StrEnum):
    """Worst first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class FindingStatus(StrEnum):
    OPEN = "open"
    CLAIMED = "claimed"
    VERIFIED = "verified fixed"
    WONT_FIX = "won't fix"
    ACCEPTED_RISK = "accepted risk"
    DECIDED = "decided"
    NOTED = "noted"
    WITHDRAWN = "withdrawn"


FAULT_KINDS = frozenset(FindingKind) - {FindingKind.QUESTION, FindingKind.PRAISE}
"""Kinds of what is to be mended: only these are claimed and verified."""

TO_MEND = frozenset({FindingStatus.OPEN, FindingStatus.CLAIMED})
"""Somebody still has to do something about it."""

FIRST_STATUS = dict.fromkeys(FindingKind, FindingStatus.OPEN) | {FindingKind.PRAISE: FindingStatus.NOTED}

_OF_FAULTS: dict[FindingStatus, frozenset[FindingStatus]] = {
    FindingStatus.OPEN: frozenset(
        {
            FindingStatus.CLAIMED,
            FindingStatus.VERIFIED,
            FindingStatus.WONT_FIX,
            FindingStatus.ACCEPTED_RISK,
        }
    ),
    FindingStatus.CLAIMED: frozenset(
        {
            FindingStatus.OPEN,
            FindingStatus.VERIFIED,
            FindingStatus.WONT_FIX,
            FindingStatus.ACCEPTED_RISK,
        }
    ),
    FindingStatus.VERIFIED: frozenset({FindingStatus.OPEN}),
    FindingStatus.WONT_FIX: frozenset({FindingStatus.OPEN}),
    FindingStatus.ACCEPTED_RISK: frozenset({FindingStatus.OPEN}),
}

FINDING_TRANSITIONS: dict[FindingKind, dict[FindingStatus, frozenset[FindingStatus]]] = {
    **dict.fromkeys(FAULT_KINDS, _OF_FAULTS),
    FindingKind.QUESTION: {
        FindingStatus.OPEN: frozenset({FindingStatus.DECIDED}),
        FindingStatus.DECIDED: frozenset({FindingStatus.OPEN}),
    },
    FindingKind.PRAISE: {
        FindingStatus.NOTED: frozenset({FindingStatus.WITHDRAWN}),
        FindingStatus.WITHDRAWN: frozenset({FindingStatus.NOTED}),
    },
}

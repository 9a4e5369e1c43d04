"""Words that several sentences have in common; pure."""

from collections.abc import Sequence

from reports.statuses import APPROVALS, DecisionKind


def listed(words: Sequence[str]) -> str:
    """``A``, ``A and B``, ``A, B and C``."""
    return " and ".join((", ".join(words[:-1]), words[-1])) if len(words) > 1 else "".join(words)


def decided(
    kind: DecisionKind | None, *, is_stale: bool, is_approved: bool, approvals: int | str, needed: int | str
) -> str:
    """What a track's decisions amount to, the same on the board, in the report and on a badge: ``approved``,
    ``approved, stale``, ``1 of 2 approvals``. ``kind`` is the latest one's, None where there is none."""
    if kind is None:
        return "not decided"
    if is_stale:
        return f"{kind.value}, stale"
    if kind in APPROVALS and not is_approved:
        return f"{approvals} of {needed} approvals"
    return kind.value

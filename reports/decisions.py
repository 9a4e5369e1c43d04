"""What a track's decisions amount to, and the digest that freezes one; pure.

decisions of the track, newest first, each with why it is stale  ──>  DecisionStanding
"""

from dataclasses import dataclass

from reports.statuses import APPROVALS, DecisionKind


@dataclass(frozen=True, slots=True)
class DecisionStanding:
    """``kind`` is the latest decision's, None where there is none. An approval counts once enough leads have
    given theirs on the same commit, and while ``stale`` is empty."""

    kind: DecisionKind | None
    decision: int | None
    """The latest decision's primary key."""
    sha: str
    approvals: int
    """How many leads have approved this commit."""
    needed: int
    stale: tuple[str, ...]
    """Why the latest decision does not count any more, as sentences."""

    @property
    def is_approved(self) -> bool:
        return self.kind in APPROVALS and self.approvals >= self.needed and not self.stale

"""Which gates a track has to pass, and their bounds; pure.

sprint's rules ──tighten──> with the track's: of two bounds the narrower one, of two gates both
"""

from dataclasses import dataclass

from reports.statuses import GateKind
from tracks.finding_statuses import Severity


@dataclass(frozen=True, slots=True)
class Policy:
    """Null bounds ask for nothing; ``severity`` is the least severity of an open finding that closes its
    gate."""

    gates: frozenset[GateKind]
    min_passed: int | None = None
    max_failed: int | None = None
    max_errors: int | None = None
    severity: Severity | None = Severity.HIGH

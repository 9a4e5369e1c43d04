"""Which gates a track has to pass, and their bounds; pure.

sprint's rules ──tighten──> with the track's: of two bounds the narrower one, of two gates both

The bounds of a sprint are its targets, which are fields of the sprint; its rules are all else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from reports.statuses import GateKind
from tracks.finding_statuses import Severity

ALWAYS = frozenset({GateKind.RUN, GateKind.DEPENDENCIES})
"""Nobody can leave these out."""
_WORST_FIRST = list(Severity)


@dataclass(frozen=True, slots=True)
class Policy:
    """Null bounds ask for nothing; ``severity`` is the least severity of an open finding that closes its
    gate."""

    gates: frozenset[GateKind]
    min_passed: int | None = None
    max_failed: int | None = None
    max_errors: int | None = None
    severity: Severity | None = Severity.HIGH

    @classmethod
    def from_json(cls, rules: Mapping[str, Any]) -> Self:
        """What ``to_json`` has made. Raises KeyError and ValueError for anything else."""
        return cls(
            gates=frozenset(map(GateKind, rules["gates"])),
            min_passed=rules["min_passed"],
            max_failed=rules["max_failed"],
            max_errors=rules["max_errors"],
            severity=Severity(rules["severity"]) if rules["severity"] else None,
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "gates": [kind.value for kind in GateKind if kind in self.gates],
            "min_passed": self.min_passed,
            "max_failed": self.max_failed,
            "max_errors": self.max_errors,
            "severity": self.severity,
        }

    def tighten(self, other: Self) -> Self:
        """What both ask for."""
        severities = [each for each in (self.severity, other.severity) if each]
        return type(self)(
            gates=self.gates | other.gates,
            min_passed=max(_given(self.min_passed, other.min_passed), default=None),
            max_failed=min(_given(self.max_failed, other.max_failed), default=None),
            max_errors=min(_given(self.max_errors, other.max_errors), default=None),
            severity=max(severities, key=_WORST_FIRST.index, default=None),
        )

    def is_milder_than(self, other: Self) -> bool:
        """Whether it asks less than the other in anything."""
        return self.tighten(other) != self


DEFAULT = Policy(gates=frozenset(GateKind))
"""Of a sprint for which nobody has said anything else."""
NOTHING_MORE = Policy(gates=frozenset(), severity=None)
"""Of a track for which the sprint's rules are enough."""


def loosened(track: Policy, sprint: Policy, before: Policy = NOTHING_MORE) -> dict[str, str]:
    """What a track's policy would ask less of than its sprint's, as sentences by field; empty where it may
    stand. A bound that is left out asks for the sprint's, and one that is as ``before`` was not touched: the
    sprint has asked for more since, and that counts."""
    both = sprint.tighten(track)
    said = {}
    if missing := [kind.value for kind in GateKind if kind in sprint.gates - track.gates]:
        said["gates"] = f"The sprint asks for '{missing[0]}': a track cannot leave it out."
    if track.min_passed not in (before.min_passed, both.min_passed, None):
        said["min_passed"] = f"The sprint asks for at least {both.min_passed} passed."
    if track.max_failed not in (before.max_failed, both.max_failed, None):
        said["max_failed"] = f"The sprint allows at most {both.max_failed} failed."
    if track.max_errors not in (before.max_errors, both.max_errors, None):
        said["max_errors"] = f"The sprint allows at most {both.max_errors} errors."
    if track.severity not in (before.severity, both.severity, None):
        said["severity"] = f"The sprint counts findings of severity {both.severity} already."
    return said


def or_worse(severity: Severity) -> str:
    """The severities that count where this one is the least."""
    return severity.value if severity is _WORST_FIRST[0] else f"{severity} or worse"


def _given(*bounds: int | None) -> list[int]:
    return [bound for bound in bounds if bound is not None]

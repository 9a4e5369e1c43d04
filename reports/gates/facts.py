"""What gates are evaluated over: frozen facts of one track; pure.

GateFacts ┬ Tested ×2        its latest run that has ended, the baseline
          ├ Changes          what the first changed against the second
          ├ CriterionFact …  FindingFact …  WaiverFact …
          └ IntegrationFact  the latest trial integration that took it
Dependency                   a track that it waits for
"""

from dataclasses import dataclass
from datetime import datetime

from reports.statuses import GateKind, IntegrationState, LossKind, MergeResult
from tracks.finding_statuses import Severity
from tracks.statuses import RunState, Standing


@dataclass(frozen=True, slots=True)
class Tested:
    """A run of the track that has ended, or the baseline, which may still go on."""

    __test__ = False

    run: int
    sha: str
    state: RunState
    passed: int = 0
    failed: int = 0
    errors: int = 0
    total: int = 0
    """How many tests it collected."""
    reason: str = ""
    """Why it did not end in order."""
    checks_only: bool = False


@dataclass(frozen=True, slots=True)
class LossFact:
    """A lost test whose loss was accepted; ``test`` is its node id."""

    test: str
    kind: LossKind
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What the track's run changed against the baseline."""

    newly_broken: int
    lost: tuple[int, ...]
    """The numbers of the tests that vanished or were muted, and whose loss nobody has accepted."""
    accepted: int
    """How many were lost with an accepted reason."""
    differences: tuple[str, ...]
    """In what the environments differ, as sentences."""
    excused: int = 0
    """How many of the baseline's tests need not be there: those that vanished with an accepted reason, those
    that the branch never had, and entries that stood for a module that is collected now."""
    acceptance: str = ""
    """SHA-256 over the accepted ones, each with its kind, reason and who gave it; empty for none."""
    first_accepted: tuple[LossFact, ...] = ()
    """The first of these."""


@dataclass(frozen=True, slots=True)
class CriterionFact:
    criterion: int
    text: str
    standing: Standing
    figure: str
    is_blocking: bool


@dataclass(frozen=True, slots=True)
class FindingFact:
    """A fault that is open or claimed."""

    finding: int
    name: str
    """As people call it: A-1."""
    title: str
    severity: Severity
    status: str


@dataclass(frozen=True, slots=True)
class IntegrationFact:
    """The latest trial integration that took the track, or was to."""

    integration: int
    state: IntegrationState
    passed: bool | None
    """None while that cannot be said."""
    reason: str
    """A sentence: what came of it."""
    base_sha: str
    """The commit of the base branch that they are merged into."""
    shas: tuple[tuple[str, str], ...]
    """(key, SHA) of the tracks that are merged in it."""


@dataclass(frozen=True, slots=True)
class WaiverFact:
    waiver: int
    gate: GateKind
    sha: str
    reason: str
    by: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class GateFacts:
    """``run`` is the track's latest one that has ended; None where there is none."""

    track: int
    key: str
    head: str
    """The commit at the branch's head; empty where that is gone or nobody has looked."""
    base_head: str
    """The commit at the base branch's head, likewise."""
    run: Tested | None
    baseline: Tested | None
    changes: Changes | None
    """None where the two cannot be compared."""
    active: int | None = None
    """The track's run that goes on, by its primary key."""
    criteria: tuple[CriterionFact, ...] = ()
    findings: tuple[FindingFact, ...] = ()
    merge: MergeResult | None = None
    """Of the run's commit into the base branch's head; None where git was not asked yet."""
    conflicts: tuple[str, ...] = ()
    """The paths that conflict there."""
    merge_note: str = ""
    """Why git could not tell."""
    patch_id: str = ""
    commits: int | None = None
    """How many commits of the branch the base branch's head has not; None where that is not known."""
    base_is_gone: bool = False
    """The base branch is in the repository no more: there is no head of it."""
    integration: IntegrationFact | None = None
    waivers: tuple[WaiverFact, ...] = ()
    """Those for the run's commit that count now."""

    @property
    def base(self) -> str:
        """The head of the base branch; the baseline's commit where nobody has looked; empty where it
        is gone."""
        if self.base_is_gone:
            return ""
        return self.base_head or (self.baseline.sha if self.baseline else "")

    @property
    def is_in_base(self) -> bool:
        """The base has all changes of the run's commit."""
        return self.merge is MergeResult.CLEAN and not self.patch_id


@dataclass(frozen=True, slots=True)
class Dependency:
    """A track that this one waits for. ``reason``, where it is not approved, is a sentence."""

    key: str
    is_approved: bool
    reason: str
    sha: str = ""
    """The commit that is approved."""

"""What the report is made of: frozen facts of a sprint; pure.

SummaryFacts ┬ RunTold, ClusterTold …       the baseline and its known issues
             ├ TrackTold ┬ IterationTold …  its run, both comparisons, the attempt that led to it
             │           ├ ClusterTold … CriterionTold … FindingTold …
             │           └ GateTold … DecisionTold …
             ├ IntegrationTold              the latest trial integration
             └ StepTold …                   the merge plan

``reports.summary_queries`` reads them. Lists of tests hold the first LISTED; wherever a list may be cut it is
told beside it how many there are: reading a report must not take longer because a branch broke everything.
Order never matters here: the sections sort.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from reports.gates import OWN_ENDS
from reports.statuses import DecisionKind, GateKind, Recommended, VerdictKind
from reports.transitions import DeltaClass
from tracks.finding_statuses import FindingKind, FindingStatus, Severity
from tracks.statuses import CriterionKind, Outcome, RunState, Standing, Weight

LISTED = 100
"""So many tests of a class, or of an error, are named."""
CLUSTERS = 30
"""So many errors of a run are told."""
COMMITS = 30
"""So many commits of a branch, or of an attempt, are told."""


@dataclass(frozen=True, slots=True)
class CommitTold:
    sha: str
    author: str
    subject: str


@dataclass(frozen=True, slots=True)
class RunTold:
    """A run that has ended, or goes on. ``reproduce`` are shell lines; empty where they are too long."""

    run: int
    sha: str
    state: RunState
    reason: str
    counts: Mapping[Outcome, int]
    """Each outcome but absent."""
    collected: int
    seconds: float | None
    command: str
    reproduce: str
    environment: tuple[tuple[str, str], ...]
    """What it was made with, by name: Python, pytest, sandbox, lock file."""
    errors: int
    """How many different errors its tests broke by."""
    ended_at: datetime | None
    checks_only: bool = False

    @property
    def speaks(self) -> bool:
        """Whether it has ended by what the branch did: else it was cancelled, or the machine was at fault."""
        return self.state in OWN_ENDS

    @property
    def is_measured(self) -> bool:
        """Whether its counts can be held against others."""
        return self.state is RunState.FINISHED and not self.checks_only


@dataclass(frozen=True, slots=True)
class ErrorTold:
    """What a test broke by: the digest of its signature, and the title, which is that of every test with the
    same one."""

    signature: str
    title: str


@dataclass(frozen=True, slots=True)
class TestTold:
    """A test of a comparison's class. ``note`` says why it vanished, or what it is now called; ``message``
    what it said of itself: why it is broken, or skipped; both may be empty. ``accepted`` is why its loss is
    wanted."""

    __test__ = False

    number: int
    node_id: str
    note: str = ""
    message: str = ""
    accepted: str = ""
    error: ErrorTold | None = None
    """Of one that is newly failing, newly erroring or still broken differently."""
    diagnosed: tuple[str, ...] = ()
    """Of one that is newly failing or erroring in the track's latest run: sentences on what running it again
    has shown, as that it is flaky, or which commit broke it."""


@dataclass(frozen=True, slots=True)
class ComparisonTold:
    comparison: int
    base: int
    head: int
    figures: Mapping[DeltaClass, int]
    """Every class."""
    matrix: Mapping[str, Mapping[str, int]]
    """As ``Comparison.matrix``: tests by outcome in base, then in head."""
    caveats: tuple[str, ...]
    conditions: tuple[str, ...]
    tests: Mapping[DeltaClass, tuple[TestTold, ...]]
    """The first of newly failing, newly erroring, fixed, vanished, muted and still broken differently."""


@dataclass(frozen=True, slots=True)
class PatchTold:
    """What one commit did to one file; ``text`` as git's unified diff, cut where ``is_cut``."""

    sha: str
    path: str
    text: str
    is_cut: bool


@dataclass(frozen=True, slots=True)
class ChangesetTold:
    """What lies between two commits. Of an attempt ``commits`` are those that the base branch has not."""

    changeset: int
    base: str
    head: str
    commits: tuple[CommitTold, ...]
    """The first COMMITS, newest first."""
    files: int
    added: int
    removed: int
    first: tuple[tuple[str, int, int], ...]
    """Of the first LISTED of ``files``: path, added and removed lines."""
    patches: tuple[PatchTold, ...] = ()
    """The first of those of the files that findings of the track name; of all where none names any."""
    bounds: tuple[str, ...] = ()
    """Sentences on what was too much to be kept, or what is told though nobody on the branch did it."""
    commits_total: int = 0
    """Of those that are kept: where there were too many, ``bounds`` says so."""
    patches_total: int = 0
    """As ``commits_total``."""
    is_rewritten: bool = False
    """The earlier commit is no ancestor of the later one: the branch was rewritten, and what it had before
    is told again where it stays."""


@dataclass(frozen=True, slots=True)
class ClusterTold:
    """Tests of a run that broke by one error."""

    run: int
    signature: str
    title: str
    place: str
    tests: int
    first: tuple[str, ...]
    """Node ids."""
    evidence: str
    """The end of the traceback of one of them; empty of a track's that the baseline has, where it is told."""
    at_baseline: bool
    findings: tuple[str, ...] = ()
    """Names of the track's findings of this error."""


@dataclass(frozen=True, slots=True)
class CriterionTold:
    criterion: int
    text: str
    kind: CriterionKind
    weight: Weight
    asked: str
    standing: Standing
    figure: str
    sentence: str
    output: str
    """What a command printed, without ANSI sequences, cut."""
    exit_code: int | None
    tests: tuple[str, ...]
    """Node ids of the first tests at fault."""
    evidence: str
    """Markdown of who looked."""
    by: str
    tests_total: int = 0
    """As many as are kept; ``figure`` tells how many there were."""


@dataclass(frozen=True, slots=True)
class AttemptTold:
    """A claim, its retest and a tester's word on it; what is not known is empty or None. ``tests`` are, of
    the first affected tests, the node id, the outcome before and the outcomes after."""

    claim: int | None
    """None of a retest that showed something of the finding that nobody had claimed."""
    sha: str
    note: str
    by: str
    at: datetime
    iteration: int | None
    verdict: VerdictKind | None
    sentence: str
    tests: tuple[tuple[str, str, str], ...]
    ruled_fixed: bool | None
    ruled_by: str
    reason: str
    tests_total: int = 0


@dataclass(frozen=True, slots=True)
class AnswerTold:
    """What was decided of a question: the text of the option, and why (Markdown)."""

    option: str
    reason: str
    by: str
    at: datetime | None
    """None where the history does not tell it any more."""


@dataclass(frozen=True, slots=True)
class FindingTold:
    """Texts are Markdown. ``options`` are text, pros and cons each; ``answer`` is of a question that is
    decided."""

    finding: int
    track: str
    name: str
    title: str
    kind: FindingKind
    severity: Severity
    status: FindingStatus
    evidence: str
    root_cause: str
    recommended_fix: str
    impact: str
    files: tuple[str, ...]
    tests: int
    first: tuple[str, ...]
    """Node ids."""
    effort: Decimal | None
    """Hours."""
    assignee: str
    culprit: str
    attempts: tuple[AttemptTold, ...] = ()
    options: tuple[tuple[str, str, str], ...] = ()
    answer: AnswerTold | None = None
    attachments: tuple[str, ...] = ()
    """Their names."""
    files_total: int = 0


@dataclass(frozen=True, slots=True)
class GateTold:
    kind: GateKind
    standing: Standing
    figure: str
    bound: str
    sentence: str
    decides: bool
    """Whether a decision asks for it: else it stands before the merge alone."""
    waived_by: str = ""
    waived_for: str = ""
    waived_until: date | None = None

    @property
    def is_open(self) -> bool:
        return self.standing is Standing.HOLDS or self.waived_by != ""


@dataclass(frozen=True, slots=True)
class ConditionTold:
    number: int
    text: str
    severity: Severity
    due: date
    owner: str
    is_met: bool


@dataclass(frozen=True, slots=True)
class DecisionTold:
    decision: int
    track: str
    kind: DecisionKind
    sha: str
    by: str
    at: datetime
    rationale: str
    """Markdown."""
    conditions: tuple[ConditionTold, ...]
    counts: bool
    """It is the track's latest, or an approval beside it, and nothing makes it stale."""
    stale: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IterationTold:
    """0 is the initial test. ``base`` is the comparison with the baseline, ``previous`` that with the last
    iteration before it that is measured; None where there is none. ``attempt`` is what was changed since
    iteration ``since``, the last before it that speaks of the branch."""

    number: int
    run: RunTold
    base: ComparisonTold | None
    previous: ComparisonTold | None
    attempt: ChangesetTold | None
    since: int | None = None


@dataclass(frozen=True, slots=True)
class TrackTold:
    track: int
    key: str
    name: str
    branch: str
    owner: str
    head: str
    depends_on: tuple[str, ...]
    iterations: tuple[IterationTold, ...]
    commits: tuple[CommitTold, ...]
    """The first COMMITS of those of its latest run that the baseline has not, newest first."""
    changes: ChangesetTold | None
    """What the branch changes since it left the base; without patches."""
    clusters: tuple[ClusterTold, ...]
    """Of the latest run."""
    criteria: tuple[CriterionTold, ...]
    """Of the same."""
    findings: tuple[FindingTold, ...]
    gates: tuple[GateTold, ...]
    decisions: tuple[DecisionTold, ...]
    """All of them."""
    is_approved: bool
    is_ready: bool
    """It may be merged: approved, and every gate is open."""
    approvals: int
    approvals_needed: int
    recommended: Recommended
    reasons: tuple[str, ...]
    is_stale: bool = False
    """What was decided does not count any more."""
    commits_total: int = 0
    """As many as the latest run has kept."""
    commits_cut: bool = False
    """There are at least so many."""

    @property
    def latest(self) -> IterationTold | None:
        """The last iteration that speaks of the branch; None where the track was not tested."""
        speaking = [each for each in self.iterations if each.run.speaks]
        return max(speaking, key=lambda each: each.number, default=None)

    @property
    def fault(self) -> IterationTold | None:
        """The last iteration, where it has ended after the latest one and says nothing of the branch."""
        last = max(self.iterations, key=lambda each: each.number, default=None)
        return last if last and last.run.ended_at and not last.run.speaks else None


@dataclass(frozen=True, slots=True)
class LeftOutTold:
    key: str
    why: str
    files: int
    conflicts: tuple[tuple[str, tuple[str, ...]], ...]
    """Path, and the keys of the tracks that it conflicts with there."""


@dataclass(frozen=True, slots=True)
class InteractionTold:
    """Tests that a search holds against the same tracks."""

    keys: tuple[str, ...]
    tests: int
    first: tuple[str, ...]
    """Node ids."""
    sentence: str


@dataclass(frozen=True, slots=True)
class IntegrationTold:
    """``passed`` is None while it cannot be said, ``sentence`` what came of it."""

    integration: int
    base: str
    merged: tuple[str, ...]
    """Keys, in the order of merging."""
    left_out: tuple[LeftOutTold, ...]
    run: RunTold | None
    passed: bool | None
    sentence: str
    together: int
    """Tests that are broken together and by no track alone."""
    interactions: tuple[InteractionTold, ...]
    """Tests that these tracks break together, and none of them alone."""
    by: str
    at: datetime
    alone: tuple[InteractionTold, ...] = ()
    """Tests that one track, the only key, breaks on the base of this integration without the others. They
    are not among ``together``."""
    shas: Mapping[str, str] = field(default_factory=dict)
    """The commit that was taken of each track, by key; of those that were left out, too."""


@dataclass(frozen=True, slots=True)
class StepTold:
    """Of the merge plan."""

    key: str
    sentence: str
    reasons: tuple[str, ...]
    is_now: bool


@dataclass(frozen=True, slots=True)
class TargetsTold:
    min_passed: int | None
    max_failed: int | None
    max_errors: int | None


@dataclass(frozen=True, slots=True)
class SummaryFacts:
    sprint: int
    project: str
    name: str
    base_branch: str
    testers: tuple[str, ...]
    leads: tuple[str, ...]
    targets: TargetsTold
    baseline: RunTold | None
    baseline_clusters: tuple[ClusterTold, ...]
    tracks: tuple[TrackTold, ...]
    integration: IntegrationTold | None
    plan: tuple[StepTold, ...]
    updated_at: datetime | None
    """When the latest of all this happened; None where nothing has."""

"""The closed vocabularies of the conclusions.

Diagnosis      GOING ──> DONE      every test has its verdict
                 └─────> STOPPED   somebody stopped it, or cancelled one of its runs
Verification, RedFirst
               GOING ──> DONE
"""

from enum import StrEnum

from tracks.statuses import MergeResult as MergeResult


class DiagnosisKind(StrEnum):
    """What is found out by running tests again."""

    STABILITY = "stability"
    """Whether newly broken tests are really broken: see ``reports.stability``."""
    CULPRIT = "culprit"
    """Which commit broke them: see ``reports.bisection``."""


class DiagnosisState(StrEnum):
    GOING = "going"
    DONE = "done"
    STOPPED = "stopped"


class StepPart(StrEnum):
    """What a run of a diagnosis is for."""

    HEAD = "head"
    """Tests by themselves, at the head's commit."""
    BASE = "base"
    """The same at the base's commit."""
    ORDER = "order"
    """One test after others, at the head's commit."""
    COMMIT = "commit"
    """Tests at one of the branch's commits."""


class VerdictKind(StrEnum):
    """What a retest showed of a finding; see ``reports.verification``."""

    VERIFIED = "verified fixed"
    SAME = "same error persists"
    DIFFERENT = "different error now"
    PARTLY = "partly fixed"
    CANNOT = "cannot verify"
    FLAKY = "flaky"
    NONE = "no verdict"


class Progress(StrEnum):
    """Of what may take runs of its own before it can be said."""

    GOING = "going"
    DONE = "done"


class RedFirstKind(StrEnum):
    """Which tests are laid over whose code; see ``reports.red_first``."""

    NEW_TESTS = "new tests"
    """The branch's new tests on the baseline's code: they should fail there."""
    OLD_TESTS = "old tests"
    """The baseline's tests on the branch's code: they should pass there."""


class GateKind(StrEnum):
    """The rules that a decision rests on; the value is how pages name them. See ``reports.gates``."""

    RUN = "the books balance"
    HEAD = "the tested commit is the branch's head"
    ENVIRONMENT = "same environment as the baseline"
    PASSED = "tests passed"
    FAILED = "tests failed"
    ERRORS = "tests with errors"
    TOTAL = "no fewer tests than the baseline"
    NEWLY_BROKEN = "no test newly broken"
    LOST = "no test vanished or muted without an accepted reason"
    CRITERIA = "every blocking criterion holds"
    FINDINGS = "no open finding of this severity"
    MERGES = "merges cleanly into the base"
    DEPENDENCIES = "what it depends on is approved"
    INTEGRATION = "trial integration passed"


class LossKind(StrEnum):
    """How a test stopped to count."""

    VANISHED = "vanished"
    MUTED = "muted"


class DecisionKind(StrEnum):
    """A lead's word on a commit."""

    APPROVED = "approved"
    CONDITIONAL = "approved with conditions"
    REJECTED = "rejected"
    DEFERRED = "deferred"


APPROVALS = frozenset({DecisionKind.APPROVED, DecisionKind.CONDITIONAL})


class Recommended(StrEnum):
    """What the gates speak for."""

    APPROVE = "approve"
    REJECT = "reject"
    WAIT = "wait"


class IntegrationState(StrEnum):
    """Of a trial integration.

    MERGING ──> TESTING ──> SEARCHING ──> DONE      searching: which tracks fail together only
       └───────────┴────────────┴───────> STOPPED   it could not go on, or somebody stopped it
    """

    MERGING = "merging"
    TESTING = "testing"
    SEARCHING = "searching"
    DONE = "done"
    STOPPED = "stopped"


GOING_STATES = frozenset({IntegrationState.MERGING, IntegrationState.TESTING, IntegrationState.SEARCHING})
"""Of these a sprint has one trial integration at most."""


class Format(StrEnum):
    """In which form a report is read."""

    HTML = "html"
    MARKDOWN = "md"
    PDF = "pdf"
    JSON = "json"


class RenderingState(StrEnum):
    """Of a report's file.

    WAITING ──> RENDERING ──> DONE
                    └───────> FAILED
    """

    WAITING = "waiting"
    RENDERING = "rendering"
    DONE = "done"
    FAILED = "failed"

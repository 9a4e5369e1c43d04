"""The closed vocabularies of the facts, and which state may follow which.

QUEUED ──> PREPARING ──> RUNNING ──> FINISHED     the books balance
  │  ▲         │            ├──────> INCOMPLETE   they do not: some results are missing
  │  │         ├────────────┼──────> BROKEN       the branch cannot start: its own fault
  │  │         ├────────────┼──────> FAULTED      we could not run it: the tool's fault
  │  └─────── LOST <────────┘                     the worker went away, three times over
  └──────────> CANCELLED <── any active state
"""

from collections.abc import Collection
from enum import IntEnum, StrEnum


class Outcome(StrEnum):
    """What came of one test; ABSENT exists in a comparison only."""

    ABSENT = "absent"
    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    SKIPPED = "skipped"
    XFAILED = "xfailed"
    XPASSED = "xpassed"


SHAPES = {
    Outcome.PASSED: "●",
    Outcome.FAILED: "▲",
    Outcome.ERROR: "■",
    Outcome.SKIPPED: "○",
    Outcome.XFAILED: "◇",
    Outcome.XPASSED: "◆",
    Outcome.ABSENT: "◌",
}
"""How each looks wherever it stands; no two look alike."""

BROKEN_OUTCOMES = frozenset({Outcome.FAILED, Outcome.ERROR})
MUTED_OUTCOMES = frozenset({Outcome.SKIPPED, Outcome.XFAILED})


class Phase(StrEnum):
    """Where in a test's life it broke."""

    COLLECT = "collect"
    SETUP = "setup"
    CALL = "call"
    TEARDOWN = "teardown"


class RunKind(StrEnum):
    BASELINE = "baseline"
    TRACK = "track"
    INTEGRATION = "integration"
    SELECTION = "selection"
    BISECTION = "bisection"


PART_KINDS = frozenset({RunKind.SELECTION, RunKind.BISECTION})
"""Runs of some tests only: their figures say nothing of the branch as a whole."""


class RunState(StrEnum):
    QUEUED = "queued"
    PREPARING = "preparing"
    RUNNING = "running"
    FINISHED = "finished"
    INCOMPLETE = "incomplete"
    BROKEN = "broken"
    FAULTED = "faulted"
    CANCELLED = "cancelled"
    LOST = "lost"


RUN_TRANSITIONS: dict[RunState, frozenset[RunState]] = {
    RunState.QUEUED: frozenset({RunState.PREPARING, RunState.CANCELLED, RunState.FAULTED}),
    RunState.PREPARING: frozenset(
        {
            RunState.QUEUED,
            RunState.RUNNING,
            RunState.BROKEN,
            RunState.FAULTED,
            RunState.CANCELLED,
            RunState.LOST,
        }
    ),
    RunState.RUNNING: frozenset(
        {
            RunState.QUEUED,
            RunState.PREPARING,  # one of its shards was lost, another is not so far yet
            RunState.FINISHED,
            RunState.INCOMPLETE,
            RunState.BROKEN,
            RunState.FAULTED,
            RunState.CANCELLED,
            RunState.LOST,
        }
    ),
    RunState.LOST: frozenset({RunState.QUEUED}),
    RunState.FINISHED: frozenset(),
    RunState.INCOMPLETE: frozenset(),
    RunState.BROKEN: frozenset(),
    RunState.FAULTED: frozenset(),
    RunState.CANCELLED: frozenset(),
}

HELD_STATES = frozenset({RunState.PREPARING, RunState.RUNNING})
"""A worker holds the run under a lease."""

ACTIVE_STATES = HELD_STATES | {RunState.QUEUED}
"""Not ended: at most one such run per track and commit."""


def state_of_run(shards: Collection[RunState]) -> RunState | None:
    """What a run is while its shards are in these states; None once all of them have ended."""
    if not set(shards) & ACTIVE_STATES:
        return None
    if RunState.RUNNING in shards or set(shards) - ACTIVE_STATES:
        return RunState.RUNNING
    return RunState.PREPARING if RunState.PREPARING in shards else RunState.QUEUED


class Priority(IntEnum):
    """Which queued run a free worker takes first; within one, projects take turns."""

    NORMAL = 0
    FIRST = 10
    """Somebody waits for it: a lead's retest, or a run that was moved to the front."""


class Stage(StrEnum):
    """What a worker is doing for a run, in this order."""

    CHECKOUT = "checkout"
    SETUP = "setup"
    BEFORE = "before"
    TEST = "test"
    CHECK = "check"
    AFTER = "after"


class Tier(StrEnum):
    """How a run was kept apart from the worker's machine."""

    BUBBLEWRAP = "bubblewrap"
    NONE = "none"


class Network(StrEnum):
    """What the commands before, of and after the tests reach."""

    NONE = "none"
    LOOPBACK = "loopback"
    """A 127.0.0.1 of the run's own, so that parallel runs never meet."""
    HOST = "host"


class ServiceKind(StrEnum):
    """What a worker can start beside the tests of a run."""

    POSTGRES = "postgres"
    REDIS = "redis"


class ShardBy(StrEnum):
    """What a sharded run keeps together."""

    FILE = "file"
    TEST = "test"


class SetKind(StrEnum):
    """What the tests of a set have in common."""

    MARKER = "marker"
    DESELECTED = "deselected"


class Role(StrEnum):
    """What a member may do in a project; see ``tracks.permissions``."""

    READER = "reader"
    DEVELOPER = "developer"
    TESTER = "tester"
    LEAD = "lead"


class CriterionKind(StrEnum):
    """How a criterion is looked at."""

    TESTS = "tests"
    CHECK = "check"
    MANUAL = "manual"


class Weight(StrEnum):
    """Whether a criterion that does not hold stands in the way."""

    BLOCKING = "blocking"
    ADVISORY = "advisory"


class Standing(StrEnum):
    """What a run showed of a criterion."""

    HOLDS = "holds"
    FAILS = "fails"
    UNKNOWN = "unknown"
    """It could not be told: the run broke, the command was stopped, nobody has looked yet."""


class NoticeKind(StrEnum):
    """What a person is told of; each can be switched off."""

    ASSIGNED = "a finding is assigned to me"
    CLAIMED = "a finding of mine is claimed to be fixed"
    VERIFIED = "a retest has shown something of a claim"
    RULED = "a finding of mine is settled, or opened again"
    COMMENTED = "somebody comments on a finding of mine"
    DECIDE = "a question waits for a decision"
    COMMITS = "a track has new commits to test"
    DECIDED = "a track of mine is decided on"


class MergeResult(StrEnum):
    """What merging a commit into another one gives."""

    CLEAN = "clean"
    CONFLICT = "conflict"
    UNRELATED = "unrelated histories"
    UNKNOWN = "unknown"
    """git could not be asked, or did not answer."""

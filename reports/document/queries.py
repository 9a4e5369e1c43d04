"""What a figure of a report was asked for: enough to ask again, and to open what stands behind it; pure.

Query(Asked.CLASS, base=3, head=12, named="fixed")   how many tests run 12 fixed against run 3

``reports.summary_queries.answers`` asks the database again, each in its own way; ``reports.web`` knows the
page that shows it.
"""

from dataclasses import dataclass
from enum import StrEnum


class Asked(StrEnum):
    """What is counted, measured or summed. Beside each, the parts of the query that it takes."""

    OUTCOME = "outcome"
    """Tests of a run with an outcome: head, named."""
    COLLECTED = "collected"
    """Tests that a run collected: head."""
    SECONDS = "seconds"
    """How long a run's test command took, rounded: head."""
    CHANGE = "change"
    """Tests with an outcome in one run less those in another: base, head, named."""
    CHANGE_COLLECTED = "change collected"
    """Collected tests of one run less those of another: base, head."""
    SHARE = "share"
    """As CHANGE, in per cent of the base's, rounded half to even to one digit: base, head, named."""
    CLASS = "class"
    """Tests in a class of a comparison: base, head, named."""
    CELL = "cell"
    """Tests with one outcome in base and another in head: base, head, named ``passed>failed``."""
    ERROR = "error"
    """Tests of a run that broke by an error: head, named by its digest."""
    ERRORS = "errors"
    """Different errors of a run: head."""
    CRITERIA = "criteria"
    """Criteria of a run in a standing; of all where none is named: head, named; of a weight:
    filters."""
    GATES = "gates"
    """Gates of a track that are ``open`` or ``closed``, or all of them where none is named: track, named."""
    APPROVALS = "approvals"
    """Approvals of a track that count, or that are ``needed``: track, named."""
    TRACKS = "tracks"
    """Tracks of a sprint: sprint; of those that are ``tested``, ``approved``, ``ready``, ``rejected``,
    ``deferred`` or ``undecided``, which is whatever has no decision that counts: named."""
    RUNS = "runs"
    """Track runs of a sprint that have ended: sprint; of one track: track."""
    FINDINGS = "findings"
    """Findings of a sprint or a track, see ``Query.filters``."""
    EFFORT = "effort"
    """Hours estimated for the same, or for one: finding."""
    UNESTIMATED = "unestimated"
    """How many of the same have no estimate."""
    AFFECTED = "affected"
    """Tests that a finding affects: finding."""
    FILES = "files"
    """Files that a branch or an attempt changes: changeset."""
    ADDED_LINES = "added lines"
    """changeset."""
    REMOVED_LINES = "removed lines"
    """changeset."""
    COMMITS = "commits"
    """Commits of a run's branch that the baseline has not: head."""
    CONFLICTS = "conflicts"
    """Files in which a track conflicts in a trial integration: integration, named by the track's key."""
    TOGETHER = "together"
    """Tests that an integration breaks and no track alone: integration; of those that some tracks break
    together, named ``A+B``."""
    CONDITIONS = "conditions"
    """Conditions that are not met, of the decisions on a sprint's tracks that count: sprint."""
    TARGET = "target"
    """A bound of the sprint: sprint, named ``min_passed``, ``max_failed`` or ``max_errors``."""


@dataclass(frozen=True, slots=True)
class Query:
    """What was asked. Primary keys; those that ``asked`` does not take are None. ``filters`` are pairs of
    ``severity``, ``status``, ``kind`` or ``weight`` and a value; several of one name are alternatives, and
    what is not named is not narrowed."""

    asked: Asked
    head: int | None = None
    base: int | None = None
    sprint: int | None = None
    track: int | None = None
    finding: int | None = None
    changeset: int | None = None
    integration: int | None = None
    named: str = ""
    filters: tuple[tuple[str, str], ...] = ()

"""One execution at one commit, and the shards in which workers do it.

Run    spec      everything that it needs, frozen when it was started (execution.spec.RunSpec)
       plan      which shard runs which file, where there are several
       revision  raised at every write: an open page asks "anything since 17?"
       outcomes  one byte a test number ┐ packed by tracks.vectors, the sum of the shards',
       durations two bytes a test number┘ written when the run ends
 └──< Shard      claimed by one worker under a lease; a run that is not sharded has one
       fence     raised at every claim and cancel: a write under an older one is refused
       outcomes, durations   its own vectors, while the run goes on
       order     in which its tests ended, once all have
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from tracks.models.choices import choices, one_of
from tracks.models.people import User
from tracks.models.project import Project
from tracks.models.sprint import Sprint, Track
from tracks.statuses import ACTIVE_STATES, HELD_STATES, Outcome, Priority, RunKind, RunState, Stage, Tier

ACTIVE = [state.value for state in sorted(ACTIVE_STATES)]
HELD = [state.value for state in sorted(HELD_STATES)]

COUNTERS = {
    Outcome.PASSED: "passed",
    Outcome.FAILED: "failed",
    Outcome.ERROR: "errors",
    Outcome.SKIPPED: "skipped",
    Outcome.XFAILED: "xfailed",
    Outcome.XPASSED: "xpassed",
}
"""The field that counts each outcome."""


VECTORS = ("outcomes", "durations")

MIXED = "mixed"


class Tally(models.Model):
    """What has been counted up to now."""

    collected = models.PositiveIntegerField(default=0)
    deselected = models.PositiveIntegerField(default=0)
    passed = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    errors = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    xfailed = models.PositiveIntegerField(default=0)
    xpassed = models.PositiveIntegerField(default=0)
    balanced = models.BooleanField(default=False)
    exit_code = models.IntegerField(null=True, blank=True)
    test_seconds = models.FloatField(null=True, blank=True)
    outcomes = models.BinaryField(null=True)
    durations = models.BinaryField(null=True)

    class Meta:
        abstract = True

    @property
    def reported(self) -> int:
        """How many collected tests have an outcome."""
        return sum(getattr(self, counter) for counter in COUNTERS.values())


class Run(Tally):
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="runs")
    sprint = models.ForeignKey(Sprint, null=True, blank=True, on_delete=models.CASCADE, related_name="runs")
    track = models.ForeignKey(Track, null=True, blank=True, on_delete=models.CASCADE, related_name="runs")
    kind = models.CharField(max_length=16, choices=choices(RunKind))
    iteration = models.PositiveSmallIntegerField(null=True, blank=True)
    branch = models.CharField(max_length=255)
    """Empty where tracks are merged on trial: no branch has that commit."""
    merged = ArrayField(models.TextField(), default=list, db_default=[], blank=True)
    """What its commit merges, in that order, as people call it; empty else, and for the base alone."""
    sha = models.CharField(max_length=40)
    spec = models.TextField()

    criteria = models.JSONField(default=list, blank=True)
    """Those of its track when it was started, see ``tracks.models.criteria``."""

    checks_only = models.BooleanField(default=False)
    """No test is run: its track, when it was started, had checks alone."""

    state = models.CharField(max_length=16, choices=choices(RunState), default=RunState.QUEUED.value)
    reason = models.TextField(blank=True)
    remedy = models.TextField(blank=True)
    detail = models.TextField(blank=True)
    stage = models.CharField(max_length=16, choices=choices(Stage), blank=True)
    tier = models.CharField(max_length=16, choices=choices(Tier), blank=True)
    environment = models.JSONField(default=dict)
    commits = models.JSONField(default=list)
    """Those between the merge base and ``sha``, newest first: ``{"sha", "author", "subject", "date",
    "parents"}``; the parents are SHAs."""

    merge_base = models.CharField(max_length=40, blank=True)
    """Where a track's branch left the branch of its sprint's baseline, as far as that is known."""

    requested_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    queued_at = models.DateTimeField()
    priority = models.SmallIntegerField(
        choices=[(each.value, each.name.lower()) for each in Priority], default=0
    )
    needs = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    """Tags that a worker must have to take it."""
    plan = models.JSONField(default=dict, blank=True)
    """Of a sharded run: ``{"by": "file", "places": {"tests/test_a.py": 0, …}}``."""
    started_at = models.DateTimeField(null=True, blank=True)
    tests_started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    signed = models.CharField(max_length=40, blank=True, default="")
    """The scheme of its failures' signatures (tracks.signatures), MIXED where its shards differ in that;
    empty until one of its tests breaks."""

    revision = models.PositiveIntegerField(default=0)
    settled_at = models.DateTimeField(null=True, blank=True)
    """When it was last brought up to date with its shards."""

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=one_of("state", RunState), name="run_state_known"),
            models.CheckConstraint(condition=one_of("kind", RunKind), name="run_kind_known"),
            models.CheckConstraint(condition=Q(sha__regex=r"^[0-9a-f]{40}$"), name="run_sha_whole"),
            models.CheckConstraint(
                condition=Q(kind=RunKind.TRACK.value, track__isnull=False, iteration__isnull=False)
                | (~Q(kind=RunKind.TRACK.value) & Q(iteration__isnull=True)),
                name="run_iteration_of_track",
            ),
            models.CheckConstraint(
                condition=~Q(state=RunState.FINISHED.value)
                | Q(
                    balanced=True,
                    collected=F("passed")
                    + F("failed")
                    + F("errors")
                    + F("skipped")
                    + F("xfailed")
                    + F("xpassed"),
                ),
                name="run_finished_balances",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ACTIVE, ended_at__isnull=True)
                | (~Q(state__in=ACTIVE) & Q(ended_at__isnull=False)),
                name="run_ended_has_time",
            ),
            models.UniqueConstraint(fields=["track", "iteration"], name="run_iteration_once"),
            models.UniqueConstraint(
                fields=["track", "sha"],
                condition=Q(kind=RunKind.TRACK.value, state__in=ACTIVE),
                name="run_active_once",
            ),
            models.UniqueConstraint(
                fields=["sprint", "sha"],
                condition=Q(kind=RunKind.BASELINE.value, state__in=ACTIVE),
                name="run_active_baseline_once",
            ),
        ]
        indexes = [
            models.Index(fields=["project", "-started_at"], name="run_served"),
            models.Index(fields=["sprint", "kind", "state"], name="run_of_sprint"),
        ]

    def __str__(self) -> str:
        return f"run {self.pk}"

    @property
    def is_active(self) -> bool:
        return self.state in ACTIVE_STATES


class Shard(Tally):
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="shards")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=16, choices=choices(RunState), default=RunState.QUEUED.value)
    reason = models.TextField(blank=True)
    remedy = models.TextField(blank=True)
    detail = models.TextField(blank=True)
    stage = models.CharField(max_length=16, choices=choices(Stage), blank=True)
    tier = models.CharField(max_length=16, choices=choices(Tier), blank=True)
    queued_at = models.DateTimeField()
    rung_at = models.DateTimeField()
    """When the workers were last told of it."""
    started_at = models.DateTimeField(null=True, blank=True)
    tests_started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    fence = models.PositiveIntegerField(default=0)
    attempt = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    worker = models.CharField(max_length=120, blank=True)
    """The name of the worker that holds it, or held it last."""
    order = models.BinaryField(null=True)
    """The numbers of its tests in the order in which they ended, packed by tracks.vectors."""
    xdist = models.JSONField(default=dict)
    """How many results each process of pytest-xdist brought; empty where it was not used."""

    class Meta:
        ordering = ["run_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="shard_number_once"),
            models.CheckConstraint(condition=one_of("state", RunState), name="shard_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=HELD) | Q(lease_until__isnull=False), name="shard_held_has_lease"
            ),
        ]
        indexes = [
            models.Index(fields=["lease_until"], condition=Q(state__in=HELD), name="shard_lease"),
            models.Index(fields=["rung_at"], condition=Q(state=RunState.QUEUED.value), name="shard_queue"),
            models.Index(fields=["worker"], condition=Q(state__in=HELD), name="shard_of_worker"),
        ]

    def __str__(self) -> str:
        return f"shard {self.number} of run {self.run_id}"

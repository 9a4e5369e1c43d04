"""What a merge rests on: the gates' rules, what people excused, and what leads decided.

Sprint ──< GatePolicy            of the sprint, or of a track that tightens it
Track ──< Waiver                 one gate, for one commit, until a time
Track ──< AcceptedLoss           a test whose loss is wanted
Project ──< Mergeability         what git says of merging a commit into another one
Track ──< Decision ── Run        never altered: what it rests on is frozen in it, with a digest
             └──< Condition      a follow-up that falls due
"""

from django.db import models
from django.db.models import Q

from reports.statuses import DecisionKind, GateKind, LossKind, MergeResult
from tracks.finding_statuses import Severity
from tracks.models import Finding, Project, Run, Sprint, Track, User
from tracks.models.choices import choices, one_of


class GatePolicy(models.Model):
    sprint = models.ForeignKey(Sprint, on_delete=models.CASCADE, related_name="gate_policies")
    track = models.OneToOneField(
        Track, null=True, blank=True, on_delete=models.CASCADE, related_name="gate_policy"
    )
    """Null: that of all tracks of the sprint."""
    rules = models.JSONField(default=dict)
    """As ``reports.policies`` reads it."""
    version = models.PositiveIntegerField(default=1)
    """Counts the changes: whoever saves over somebody else's is told."""

    class Meta:
        ordering = ["sprint", "track"]
        verbose_name_plural = "gate policies"
        constraints = [
            models.UniqueConstraint(
                fields=["sprint"], condition=Q(track__isnull=True), name="gate_policy_of_sprint_once"
            )
        ]

    def __str__(self) -> str:
        return f"gates of {self.track or self.sprint}"


class Waiver(models.Model):
    """One gate that does not stand in the way of one commit, until it expires or is withdrawn."""

    track = models.ForeignKey(Track, on_delete=models.CASCADE, related_name="waivers")
    gate = models.CharField(max_length=60, choices=choices(GateKind))
    sha = models.CharField(max_length=40)
    reason = models.TextField()
    expires_at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=one_of("gate", GateKind), name="waiver_gate_known"),
            models.CheckConstraint(condition=Q(sha__regex=r"^[0-9a-f]{40}$"), name="waiver_sha_whole"),
            models.CheckConstraint(condition=~Q(reason=""), name="waiver_has_reason"),
        ]

    def __str__(self) -> str:
        return f"waiver of '{self.gate}' at {self.sha[:7]}"


class AcceptedLoss(models.Model):
    """A test of the baseline that the track may lose."""

    track = models.ForeignKey(Track, on_delete=models.CASCADE, related_name="accepted_losses")
    test = models.PositiveIntegerField()
    """Its number."""
    kind = models.CharField(max_length=8, choices=choices(LossKind))
    reason = models.TextField()
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["track", "test"]
        verbose_name_plural = "accepted losses"
        constraints = [
            models.UniqueConstraint(fields=["track", "test", "kind"], name="accepted_loss_once"),
            models.CheckConstraint(condition=one_of("kind", LossKind), name="accepted_loss_kind_known"),
        ]

    def __str__(self) -> str:
        return f"test {self.test} {self.kind}"


class Mergeability(models.Model):
    """What git says of merging ``head`` into ``base``; both are commits, so that it never changes, once it is
    known."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="mergeabilities")
    base = models.CharField(max_length=40)
    head = models.CharField(max_length=40)
    result = models.CharField(max_length=20, choices=choices(MergeResult))
    conflicts = models.JSONField(default=list)
    """``[{"path", "kind", "hunks": [{"line", "text"}]}]``, as ``tracks.execution.merging`` tells them."""
    patch_id = models.CharField(max_length=40, blank=True)
    """Of what the merge changes on ``base``, without context; empty where it is not clean or changes
    nothing."""
    authors = models.JSONField(default=list)
    """Who wrote the commits that ``base`` has not, co-authors too: ``[{"name", "email"}]``."""
    commits = models.PositiveIntegerField(default=0)
    """How many of them there are."""
    note = models.TextField(blank=True)
    """Why it is unknown."""
    read_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "mergeabilities"
        constraints = [
            models.UniqueConstraint(fields=["project", "base", "head"], name="mergeability_once"),
            models.CheckConstraint(condition=one_of("result", MergeResult), name="mergeability_result_known"),
        ]

    def __str__(self) -> str:
        return f"{self.head[:7]} into {self.base[:7]}: {self.result}"


class Decision(models.Model):
    """A lead's word on a track's commit. Whether it still counts is derived, see ``reports.staleness``."""

    track = models.ForeignKey(Track, on_delete=models.CASCADE, related_name="decisions")
    run = models.ForeignKey(Run, on_delete=models.RESTRICT, related_name="decisions")
    kind = models.CharField(max_length=24, choices=choices(DecisionKind))
    sha = models.CharField(max_length=40)
    """The commit that was decided on: the branch's head at that time."""
    base_sha = models.CharField(max_length=40)
    """The head of the base branch at that time."""
    patch_id = models.CharField(max_length=40, blank=True)
    """Of the branch's changes on ``base_sha``; empty where git had not been asked."""
    rationale = models.TextField()
    """Markdown."""
    frozen = models.JSONField()
    """The gates with their figures, the criteria, open findings and waivers, as the lead saw them."""
    digest = models.CharField(max_length=64)
    """SHA-256 over all of it, see ``reports.decisions``."""
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="decisions")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=one_of("kind", DecisionKind), name="decision_kind_known"),
            models.CheckConstraint(condition=Q(sha__regex=r"^[0-9a-f]{40}$"), name="decision_sha_whole"),
            models.CheckConstraint(condition=~Q(rationale=""), name="decision_has_rationale"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} at {self.sha[:7]}"


class Condition(models.Model):
    """What has to follow an approval; met when its finding is settled or its criterion holds."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="conditions")
    number = models.PositiveSmallIntegerField()
    """In the decision, from 1."""
    text = models.CharField(max_length=300)
    severity = models.CharField(max_length=10, choices=choices(Severity))
    owner = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    due = models.DateField()
    """The last day on which it may be met, in UTC."""
    finding = models.ForeignKey(Finding, null=True, blank=True, on_delete=models.RESTRICT, related_name="+")
    criterion = models.BigIntegerField(null=True, blank=True)
    """The primary key that it has in ``Run.criteria``."""

    class Meta:
        ordering = ["decision", "number"]
        constraints = [
            models.UniqueConstraint(fields=["decision", "number"], name="condition_number_once"),
            models.CheckConstraint(
                condition=Q(finding__isnull=False, criterion__isnull=True)
                | Q(finding__isnull=True, criterion__isnull=False),
                name="condition_has_one_proof",
            ),
        ]

    def __str__(self) -> str:
        return self.text

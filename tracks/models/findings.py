"""What testers recorded on a track, what developers said of it, and what came of that.

Track ──< Finding ──< Comment                    history: the audit entries of ``finding:<id>``
  │         │  ├────< Attachment
  │         │  └────< Ruling ── Run              a tester's word on what that run showed
  │         └─>─< Claim
  └──────────────< Claim ── Run                  the retest that proves or disproves it
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Q

from tracks.finding_statuses import FindingKind, FindingStatus, Severity
from tracks.models.choices import choices, one_of
from tracks.models.criteria import Criterion
from tracks.models.people import User
from tracks.models.results import FailureSignature
from tracks.models.run import Run
from tracks.models.sprint import Track

TEXTS = ("evidence", "root_cause", "recommended_fix", "impact")
"""The fields that hold Markdown."""


class Finding(models.Model):
    track = models.ForeignKey(Track, on_delete=models.CASCADE, related_name="findings")
    number = models.PositiveIntegerField()
    """On its track, from 1."""
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=choices(FindingKind))
    severity = models.CharField(max_length=10, choices=choices(Severity), default=Severity.MEDIUM.value)
    status = models.CharField(max_length=16, choices=choices(FindingStatus))
    evidence = models.TextField(blank=True)
    root_cause = models.TextField(blank=True)
    recommended_fix = models.TextField(blank=True)
    impact = models.TextField(blank=True)
    files = models.JSONField(default=list, blank=True)
    """``[{"path": "app/prices.py", "lines": "12-20"}]``; lines may be empty."""
    tests = ArrayField(models.PositiveIntegerField(), default=list, blank=True)
    """The numbers of the affected tests, ascending."""
    signature = models.ForeignKey(
        FailureSignature, null=True, blank=True, on_delete=models.SET_NULL, related_name="findings"
    )
    criterion = models.ForeignKey(
        Criterion, null=True, blank=True, on_delete=models.SET_NULL, related_name="findings"
    )
    """The criterion that did not hold, where it was recorded for that."""
    found_in = models.ForeignKey(Run, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    """The run that showed it first."""
    culprit = models.CharField(max_length=40, blank=True)
    """The SHA of the commit that brought it, where that is known."""
    effort_hours = models.DecimalField(max_digits=5, decimal_places=1, null=True, blank=True)
    flaky = models.BooleanField(default=False)
    """Its tests do not always fail, so that one pass proves little."""
    options = models.JSONField(default=list, blank=True)
    """Of a question: ``[{"text", "pros", "cons"}]``."""
    choice = models.PositiveSmallIntegerField(null=True, blank=True)
    """Of a question that is decided: which of the options, from 0."""
    assignee = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="findings"
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    """Claims that a retest disproved."""
    version = models.PositiveIntegerField(default=1)
    """Raised whenever what was recorded is edited: who edits an older one is told."""
    raised_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    raised_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    search = models.GeneratedField(
        expression=SearchVector("title", *TEXTS, config="english"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        ordering = ["track", "number"]
        constraints = [
            models.UniqueConstraint(fields=["track", "number"], name="finding_number_once"),
            models.CheckConstraint(condition=one_of("kind", FindingKind), name="finding_kind_known"),
            models.CheckConstraint(condition=one_of("severity", Severity), name="finding_severity_known"),
            models.CheckConstraint(condition=one_of("status", FindingStatus), name="finding_status_known"),
            models.CheckConstraint(
                condition=Q(status=FindingStatus.DECIDED.value, choice__isnull=False)
                | (~Q(status=FindingStatus.DECIDED.value) & Q(choice__isnull=True)),
                name="finding_decided_has_choice",
            ),
        ]
        indexes = [
            GinIndex(fields=["search"], name="finding_search"),
        ]

    def __str__(self) -> str:
        return f"{self.track.key}-{self.number}"


class Claim(models.Model):
    """A developer's word that a commit fixes findings."""

    track = models.ForeignKey(Track, on_delete=models.CASCADE, related_name="claims")
    findings = models.ManyToManyField(Finding, related_name="claims")
    sha = models.CharField(max_length=40)
    note = models.TextField(blank=True)
    """Markdown."""
    run = models.ForeignKey(Run, null=True, blank=True, on_delete=models.SET_NULL, related_name="claims")
    """The retest; null where it was thrown away."""
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(sha__regex=r"^[0-9a-f]{40}$"), name="claim_sha_whole")
        ]

    def __str__(self) -> str:
        return f"claim {self.pk} at {self.sha[:7]}"


class Ruling(models.Model):
    """A tester's word on what a run showed of a finding: the machine's verdict confirmed, or overruled."""

    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="rulings")
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="rulings")
    fixed = models.BooleanField()
    verdict = models.CharField(max_length=40, blank=True)
    """The machine's, as it was then; empty where there was none."""
    overrules = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["finding", "run"], name="ruling_once"),
            models.CheckConstraint(
                condition=Q(overrules=False) | ~Q(reason=""), name="ruling_that_overrules_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"ruling on finding {self.finding_id} by run {self.run_id}"


class Comment(models.Model):
    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="comments")
    text = models.TextField()
    """Markdown."""
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text[:80]


class Attachment(models.Model):
    """A file that a person brought as evidence; kept in the database, so that one backup holds all."""

    finding = models.ForeignKey(
        Finding, null=True, blank=True, on_delete=models.CASCADE, related_name="attachments"
    )
    tick = models.ForeignKey(
        "tracks.Tick", null=True, blank=True, on_delete=models.CASCADE, related_name="attachments"
    )
    name = models.CharField(max_length=200)
    size = models.PositiveIntegerField()
    content = models.BinaryField()
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(finding__isnull=False, tick__isnull=True)
                | Q(finding__isnull=True, tick__isnull=False),
                name="attachment_of_one",
            )
        ]

    def __str__(self) -> str:
        return self.name

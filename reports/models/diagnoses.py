"""What running newly broken tests again has shown.

Diagnosis ──< DiagnosisStep ── Run      of kind selection or bisection
"""

from django.db import models
from django.db.models import Q

from reports.statuses import DiagnosisKind, DiagnosisState, StepPart
from tracks.models import Run, User
from tracks.models.choices import choices, one_of


class Diagnosis(models.Model):
    """What running the newly broken tests of ``head`` again has shown, or is about to show."""

    kind = models.CharField(max_length=12, choices=choices(DiagnosisKind))
    base = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="base_of_diagnoses")
    head = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="diagnoses")
    tests = models.JSONField()
    """The numbers of the tests that are looked at."""
    left_out = models.PositiveIntegerField(default=0)
    """How many newly broken tests are not, because there are too many."""
    commits = models.JSONField(default=list)
    """Of a search for commits: their SHAs, from the merge base to the head."""
    state = models.CharField(
        max_length=8, choices=choices(DiagnosisState), default=DiagnosisState.GOING.value
    )
    note = models.TextField(blank=True)
    """Why it was stopped."""
    verdicts = models.JSONField(default=list)
    """``{"test", "kind", "sentence"}`` and what else the pure module says of each test."""
    cost = models.JSONField(default=dict)
    """Of a search for commits: ``{"checkouts", "results", "exhaustive"}``."""
    started_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=one_of("kind", DiagnosisKind), name="diagnosis_kind_known"),
            models.CheckConstraint(condition=one_of("state", DiagnosisState), name="diagnosis_state_known"),
            models.UniqueConstraint(
                fields=["base", "head", "kind"],
                condition=Q(state=DiagnosisState.GOING.value),
                name="diagnosis_going_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.base_id}..{self.head_id}"

    @property
    def is_going(self) -> bool:
        return self.state == DiagnosisState.GOING


class DiagnosisStep(models.Model):
    """One run of a diagnosis, and what it was asked."""

    diagnosis = models.ForeignKey(Diagnosis, on_delete=models.CASCADE, related_name="steps")
    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="step")
    part = models.CharField(max_length=8, choices=choices(StepPart))
    tests = models.JSONField()
    """The numbers of the tests that it ran, in the order in which they are to run."""
    subject = models.PositiveIntegerField(null=True, blank=True)
    """Of an order: the number of the test that ran last."""

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=one_of("part", StepPart), name="step_part_known"),
            models.CheckConstraint(
                condition=Q(part=StepPart.ORDER.value, subject__isnull=False)
                | (~Q(part=StepPart.ORDER.value) & Q(subject__isnull=True)),
                name="step_subject_of_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part} of diagnosis {self.diagnosis_id}"

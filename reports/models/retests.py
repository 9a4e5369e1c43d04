"""What a retest showed: of findings, of its tests, of the criteria of its track.

Verification ──< Run    its tests once more at the retest's commit
RedFirst ── Run         tests of one commit, run on the other's code
CriterionResult ── Run  what its tests show of one of its criteria
"""

from django.db import models

from reports.statuses import Progress, RedFirstKind, VerdictKind
from tracks.models import Finding, Run, User
from tracks.models.choices import choices, one_of
from tracks.statuses import Standing


class Verification(models.Model):
    """What the retest ``run`` showed of a finding; while it is going, what it has shown so far."""

    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="verifications")
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="verifications")
    kind = models.CharField(max_length=24, choices=choices(VerdictKind), default=VerdictKind.NONE.value)
    sentence = models.TextField(blank=True)
    tests = models.JSONField(default=list)
    """``{"test", "before", "before_run", "after", "showing", "edited", "reason"}`` of each affected test;
    ``after`` are the outcomes in the retest and in its repetitions."""
    repetitions = models.PositiveSmallIntegerField()
    """How often the tests must pass, the retest itself among them."""
    repeats = models.ManyToManyField(Run, related_name="repeats_of")
    """Its tests once more at the retest's commit, each run one repetition."""
    state = models.CharField(max_length=8, choices=choices(Progress), default=Progress.GOING.value)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["finding_id", "-run_id"]
        constraints = [
            models.UniqueConstraint(fields=["finding", "run"], name="verification_once"),
            models.CheckConstraint(condition=one_of("kind", VerdictKind), name="verification_kind_known"),
            models.CheckConstraint(condition=one_of("state", Progress), name="verification_state_known"),
        ]

    def __str__(self) -> str:
        return f"finding {self.finding_id} in run {self.run_id}: {self.kind}"

    @property
    def is_going(self) -> bool:
        return self.state == Progress.GOING


class RedFirst(models.Model):
    """The tests of one of two runs' commits, laid over the code of the other."""

    kind = models.CharField(max_length=12, choices=choices(RedFirstKind))
    base = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="+")
    head = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="red_first")
    run = models.OneToOneField(
        Run, null=True, blank=True, on_delete=models.SET_NULL, related_name="red_first_of"
    )
    """Null until a worker that has the repository has begun it, and where there is nothing to run."""
    tests = models.JSONField(default=list)
    """The numbers of the tests that are run."""
    verdicts = models.JSONField(default=dict)
    """``{"passes only because its test was changed": [7, …], …}``: test numbers by what they show."""
    note = models.TextField(blank=True)
    """Why there is nothing to say, if so."""
    state = models.CharField(max_length=8, choices=choices(Progress), default=Progress.GOING.value)
    started_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "red first"
        constraints = [
            models.UniqueConstraint(fields=["base", "head", "kind"], name="red_first_once"),
            models.CheckConstraint(condition=one_of("kind", RedFirstKind), name="red_first_kind_known"),
            models.CheckConstraint(condition=one_of("state", Progress), name="red_first_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.base_id}..{self.head_id}"

    @property
    def is_going(self) -> bool:
        return self.state == Progress.GOING


class CriterionResult(models.Model):
    """What the tests of a run show of a criterion, held against the baseline ``base`` if there was one."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="criterion_results")
    criterion = models.BigIntegerField()
    """The primary key that it has in ``Run.criteria``."""
    base = models.ForeignKey(Run, null=True, on_delete=models.CASCADE, related_name="+")
    standing = models.CharField(max_length=8, choices=choices(Standing))
    figure = models.CharField(max_length=100, blank=True)
    sentence = models.TextField()
    tests = models.JSONField(default=list)
    """The numbers of the first tests at fault."""

    class Meta:
        ordering = ["run", "id"]
        constraints = [
            models.UniqueConstraint(fields=["run", "criterion"], name="criterion_result_once"),
            models.CheckConstraint(
                condition=one_of("standing", Standing), name="criterion_result_standing_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.standing}: {self.sentence}"[:80]

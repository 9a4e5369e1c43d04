"""Conclusions that are kept, so that a page only reads them.

Comparison   head run against base run: the delta of reports.deltas, packed
Diagnosis    what running its newly broken tests again has shown
 └──< DiagnosisStep ── Run      of kind selection or bisection
Verification what a retest showed of a finding
 └──< Run                       its tests once more at the retest's commit
RedFirst ── Run                 tests of one commit, run on the other's code
CriterionResult ── Run      what its tests show of one of its criteria
"""

from django.db import models
from django.db.models import Q

from reports.statuses import (
    DiagnosisKind,
    DiagnosisState,
    Progress,
    RedFirstKind,
    StepPart,
    VerdictKind,
)
from tracks.models import Finding, Run, User
from tracks.models.choices import choices, one_of
from tracks.statuses import Standing


class Comparison(models.Model):
    """Computed once when the later of the two runs ends; can be thrown away and computed again.

    ``classes``: one byte a test number, its class as ``reports.stored`` packs it;
    ``matrix``: the outcome matrix's nonzero cells ``{"passed": {"failed": 3}}``;
    ``figures``: the number of tests in each class.
    """

    base = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="+")
    head = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="comparisons")
    classes = models.BinaryField()
    matrix = models.JSONField()
    figures = models.JSONField()
    vanished = models.JSONField(default=dict)
    """Why each vanished test is gone, by test number (as text)."""
    moves = models.JSONField(default=dict)
    """What each moved or renamed test is now, by its number (as text) before: ``{"now", "base", "head"}``."""
    hidden = models.JSONField(default=dict)
    """The vanished tests that a collection error hides, by the number (as text) of the error's entry."""
    touched = models.JSONField(default=dict)
    """Test numbers by what the branch changed of them: own, fixtures, product, unchanged."""
    edits = models.JSONField(null=True)
    """What the branch did to its tests, as ``reports.stored`` keeps it; null where git was not asked."""
    unread = models.TextField(blank=True)
    """Why git could not be asked."""
    caveats = models.JSONField(default=list)
    conditions = models.JSONField(default=list)
    """Sentences on what differed beside the code of the branch; see ``reports.conditions``."""
    cascades = models.JSONField(null=True)
    """Of a baseline as base: what follows from what in the head, and what mending it would give; see
    ``reports.stored_cascades``. None: not looked for yet."""
    forecasts = models.JSONField(default=list)
    """Of the iteration before as base: what became of the forecasts of its cascades."""
    worse = models.BooleanField()
    version = models.PositiveSmallIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["base", "head"], name="comparison_once")]

    def __str__(self) -> str:
        return f"{self.base_id}..{self.head_id}"


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

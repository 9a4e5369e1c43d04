"""What a track must show, and what its runs showed of that.

Track ──< Criterion
             ┊
Run.criteria   frozen copies: ``[{"id", "text", "kind", "weight", "definition"}]``
Run ─┬──< CheckResult                    what came of a command or a look at files
     └──< Tick                           a person's word on a manual one
          both by the criterion's id
"""

from django.db import models

from tracks.models.choices import choices, one_of
from tracks.models.people import User
from tracks.models.run import Run
from tracks.models.sprint import Track
from tracks.statuses import CriterionKind, Standing, Weight


class Criterion(models.Model):
    track = models.ForeignKey(Track, on_delete=models.CASCADE, related_name="criteria")
    position = models.PositiveSmallIntegerField()
    """In the track's list, from 1."""
    text = models.CharField(max_length=300)
    """The tester's words."""
    kind = models.CharField(max_length=8, choices=choices(CriterionKind))
    weight = models.CharField(max_length=8, choices=choices(Weight), default=Weight.BLOCKING.value)
    definition = models.JSONField(default=dict, blank=True)
    """What is looked at, as ``tracks.criteria`` reads it."""
    version = models.PositiveIntegerField(default=1)
    """Counts the changes: whoever saves over somebody else's is told."""
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["track", "position", "id"]
        verbose_name_plural = "criteria"
        constraints = [
            models.CheckConstraint(condition=one_of("kind", CriterionKind), name="criterion_kind_known"),
            models.CheckConstraint(condition=one_of("weight", Weight), name="criterion_weight_known"),
        ]

    def __str__(self) -> str:
        return self.text


class CheckResult(models.Model):
    """What came of one check of a run; ``criterion`` may have been removed since, so it is no foreign key."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="check_results")
    criterion = models.BigIntegerField()
    """The primary key that it has in ``Run.criteria``."""
    standing = models.CharField(max_length=8, choices=choices(Standing))
    figure = models.CharField(max_length=100, blank=True)
    """What was counted or read, with its bound: ``12 (≥ 10)``."""
    sentence = models.TextField()
    """Why it holds, or does not, or cannot be told."""
    exit_code = models.IntegerField(null=True, blank=True)
    output = models.TextField(blank=True)
    """Capped; ANSI sequences included."""
    seconds = models.FloatField()

    class Meta:
        ordering = ["run", "id"]
        constraints = [
            models.UniqueConstraint(fields=["run", "criterion"], name="check_result_once"),
            models.CheckConstraint(
                condition=one_of("standing", Standing), name="check_result_standing_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.standing}: {self.sentence}"[:80]


class Tick(models.Model):
    """A person has looked, and says whether a manual criterion holds at a run's commit; it may have been
    removed since, so it is no foreign key."""

    criterion = models.BigIntegerField()
    """The primary key that it has in ``Run.criteria``."""
    text = models.CharField(max_length=300)
    """What was looked at, in the words that the criterion had then."""
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="ticks")
    holds = models.BooleanField()
    evidence = models.TextField(blank=True)
    """Markdown."""
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["criterion", "run"], name="tick_once")]

    def __str__(self) -> str:
        return f"{'holds' if self.holds else 'fails'}: {self.evidence}"[:80]

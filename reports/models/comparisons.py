"""What a run changed to another one."""

from django.db import models

from tracks.models import Run


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

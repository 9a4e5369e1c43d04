"""Tracks merged on trial, and what their tests showed together.

Integration ── Run                   of kind integration: the suite on the merged commit
      └──< IntegrationStep ── Run    some tests on a smaller combination of its tracks
"""

from django.db import models
from django.db.models import Q

from reports.statuses import GOING_STATES, IntegrationState
from tracks.models import Run, Sprint, User
from tracks.models.choices import choices, one_of

GOING = [state.value for state in sorted(GOING_STATES)]


class Integration(models.Model):
    sprint = models.ForeignKey(Sprint, on_delete=models.CASCADE, related_name="integrations")
    base_sha = models.CharField(max_length=40)
    """The commit of the base branch that the tracks are merged into."""
    baseline = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="+")
    """What its run is compared with: the sprint's baseline when it was started."""
    tracks = models.JSONField()
    """In the order of merging: ``[{"track", "key", "sha", "run"}]``; the track and its run by primary key."""
    merged = models.JSONField(default=list)
    """Those that were: ``[{"key", "commit"}]``, the commit of each merge."""
    left_out = models.JSONField(default=list)
    """Those that were not: ``[{"key", "why", "conflicts": [{"path", "kind", "with", "hunks"}], "files"}]``;
    there are conflicts in so many ``files``, of which the first ones are kept."""
    run = models.OneToOneField(
        Run, null=True, blank=True, on_delete=models.RESTRICT, related_name="integration"
    )
    interactions = models.JSONField(default=list)
    """The tests that are broken together only: ``{"test", "signature", "fixers"}``, and with their verdicts
    once there are any ``{"kind", "keys", "sentence"}``; see ``reports.interactions``."""
    meetings = models.JSONField(default=list)
    """Of each combination that fails: ``{"keys", "commits": [{"key", "sha", "subject", "files", "symbols",
    "more"}], "bounds"}``, see ``reports.meetings``."""
    figures = models.JSONField(default=dict)
    """Once its run has ended: how many tests came out ``better`` and ``worse`` than predicted, how many are
    ``contested`` and ``newly_broken``, how many ``suspects`` there are, and the texts of the blocking
    ``criteria`` that do not hold."""
    state = models.CharField(
        max_length=10, choices=choices(IntegrationState), default=IntegrationState.MERGING.value
    )
    note = models.TextField(blank=True)
    """Why it was stopped, or ended without a word on the tests; while it is merged, what went wrong last."""
    started_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=one_of("state", IntegrationState), name="integration_state_known"
            ),
            models.UniqueConstraint(
                fields=["sprint"], condition=Q(state__in=GOING), name="integration_going_once"
            ),
        ]

    def __str__(self) -> str:
        return f"integration {self.pk}"

    @property
    def is_going(self) -> bool:
        return self.state in GOING


class IntegrationStep(models.Model):
    """Some tests, run on the base with some of the tracks merged."""

    integration = models.ForeignKey(Integration, on_delete=models.CASCADE, related_name="steps")
    keys = models.JSONField()
    """Of the tracks, in the order of merging."""
    tests = models.JSONField()
    """The numbers of the tests that are run."""
    run = models.OneToOneField(
        Run, null=True, blank=True, on_delete=models.RESTRICT, related_name="integration_step"
    )
    """Null until a worker has merged them, and where they cannot be merged by themselves."""
    note = models.TextField(blank=True)
    """Why they cannot."""
    asked_at = models.DateTimeField()
    """Since then a worker is to merge them."""

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return "+".join(self.keys)

"""Tracks merged on trial, and what their tests showed together.

Integration ── Run                   of kind integration: the suite on the merged commit
      └──< IntegrationStep ── Run    some tests on a smaller combination of its tracks
"""

from django.db import models

from reports.statuses import IntegrationState
from tracks.models import Run, Sprint, User
from tracks.models.choices import choices, one_of


class Integration(models.Model):
    sprint = models.ForeignKey(Sprint, on_delete=models.CASCADE, related_name="integrations")
    base_sha = models.CharField(max_length=40)
    """The commit of the base branch that the tracks are merged into."""
    tracks = models.JSONField()
    """In the order of merging: ``[{"track", "key", "sha", "run"}]``; the track and its run by primary key."""
    merged = models.JSONField(default=list)
    """Those that were: ``[{"key", "commit"}]``, the commit of each merge."""
    left_out = models.JSONField(default=list)
    """Those that were not: ``[{"key", "why", "conflicts": [{"path", "kind", "with", "hunks"}]}]``."""
    run = models.OneToOneField(
        Run, null=True, blank=True, on_delete=models.PROTECT, related_name="integration"
    )
    interactions = models.JSONField(default=list)
    """What was found out about the tests that fail together only, see ``reports.interactions``."""
    state = models.CharField(
        max_length=10, choices=choices(IntegrationState), default=IntegrationState.MERGING.value
    )
    note = models.TextField(blank=True)
    """Why it was stopped."""
    started_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=one_of("state", IntegrationState), name="integration_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"integration {self.pk}"


class IntegrationStep(models.Model):
    """Some tests, run on the base with some of the tracks merged."""

    integration = models.ForeignKey(Integration, on_delete=models.CASCADE, related_name="steps")
    keys = models.JSONField()
    """Of the tracks, in the order of merging."""
    tests = models.JSONField()
    """The numbers of the tests that are run."""
    run = models.OneToOneField(
        Run, null=True, blank=True, on_delete=models.PROTECT, related_name="integration_step"
    )
    """Null where these tracks cannot be merged by themselves."""
    note = models.TextField(blank=True)
    """Why they cannot."""

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return "+".join(self.keys)

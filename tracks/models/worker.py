"""A Celery worker as it last told of itself; what it runs now stands on the shards that name it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from tracks.models.choices import choices
from tracks.statuses import Tier


class Worker(models.Model):
    name = models.CharField(max_length=120, unique=True)
    host = models.CharField(max_length=120)
    slots = models.PositiveSmallIntegerField()
    """How many runs it carries out at once."""
    tags = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    tier = models.CharField(max_length=16, choices=choices(Tier), blank=True)
    """How it keeps runs apart; empty where it does not, and takes none."""
    problem = models.TextField(blank=True)
    """Why its sandbox does not work, as it was found at its start."""
    pythons = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    version = models.CharField(max_length=40)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    reaped_at = models.DateTimeField(null=True, blank=True)
    """When it last looked after lost runs, to the end."""
    left_at = models.DateTimeField(null=True, blank=True)
    """When it was stopped in order."""

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

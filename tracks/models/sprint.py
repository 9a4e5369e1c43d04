"""A sprint, its baseline, its targets, and the tracks that are worked on in it."""

from django.db import models

from tracks.models.people import User
from tracks.models.project import Project


class Sprint(models.Model):
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="sprints")
    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    base_branch = models.CharField(max_length=255)
    baseline = models.ForeignKey(
        "tracks.Run", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    """The run that tracks are compared with; null until the first one is started."""
    base_head = models.CharField(max_length=40, blank=True, default="", db_default="")
    """The commit at its base branch's head, as ``Track.head``."""
    base_seen_at = models.DateTimeField(null=True, blank=True)
    """When that was noted first, or as another one than before; null where nobody has looked."""
    min_passed = models.PositiveIntegerField(null=True, blank=True)
    max_failed = models.PositiveIntegerField(null=True, blank=True)
    max_errors = models.PositiveIntegerField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at"]
        constraints = [models.UniqueConstraint(fields=["project", "slug"], name="sprint_slug_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def base_is_gone(self) -> bool:
        """Whether somebody has looked, and the base branch was not there."""
        return self.base_seen_at is not None and not self.base_head

    @property
    def base(self) -> str:
        """The commit at the base branch's head; the baseline's where nobody has looked; empty where it is
        gone."""
        if self.base_head or self.base_is_gone:
            return self.base_head
        return self.baseline.sha if self.baseline else ""


class Track(models.Model):
    sprint = models.ForeignKey(Sprint, on_delete=models.CASCADE, related_name="tracks")
    key = models.CharField(max_length=8)
    name = models.CharField(max_length=120)
    branch = models.CharField(max_length=255)
    owner = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="tracks")
    checks_only = models.BooleanField(default=False)
    """Its runs go through its checks alone: there is nothing that pytest could test."""
    head = models.CharField(max_length=40, blank=True)
    """The commit at its branch's head when that was last looked at; empty before, and where it is gone."""
    head_seen_at = models.DateTimeField(null=True, blank=True)
    depends_on = models.ManyToManyField("self", symmetrical=False, blank=True, related_name="blocks")

    class Meta:
        ordering = ["key"]
        constraints = [
            models.UniqueConstraint(fields=["sprint", "key"], name="track_key_once"),
            models.CheckConstraint(condition=models.Q(key__regex=r"^[A-Z][A-Z0-9]*$"), name="track_key_form"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.name}"

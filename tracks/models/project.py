"""A git repository and how to test it."""

from django.db import models

from tracks.models.people import User


class Project(models.Model):
    """Its commands are shell lines, run inside the sandbox; a run freezes a copy of them."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    repository = models.CharField(max_length=500)
    default_branch = models.CharField(max_length=255, default="main")
    subdir = models.CharField(max_length=255, blank=True)
    setup = models.TextField(blank=True)
    before = models.TextField(blank=True)
    test = models.TextField(default="python -m pytest")
    after = models.TextField(blank=True)
    env = models.JSONField(default=dict, blank=True)
    python = models.CharField(max_length=500, blank=True)
    """An interpreter whose environment is used as it is; empty: one is built for each lock file."""
    network = models.BooleanField(default=False)
    """Whether the tests reach the worker's network."""
    trusted = models.BooleanField(default=False)
    """Given by the person at the terminal (``omc-qa try``, the demo): may be a local folder, and may run
    where no sandbox works. Never set from the web."""
    setup_seconds = models.PositiveIntegerField(default=900)
    before_seconds = models.PositiveIntegerField(default=300)
    test_seconds = models.PositiveIntegerField(default=3600)
    after_seconds = models.PositiveIntegerField(default=300)
    next_number = models.PositiveIntegerField(default=1)
    """The number that the next new test gets."""
    draft = models.BooleanField(default=False)
    """Still in the set-up wizard: only its maker sees it."""
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(setup_seconds__range=(1, 14_400))
                & models.Q(before_seconds__range=(1, 14_400))
                & models.Q(test_seconds__range=(1, 14_400))
                & models.Q(after_seconds__range=(1, 14_400)),
                name="project_limits_sane",
            ),
        ]

    def __str__(self) -> str:
        return self.name

"""The Test Summary Report: what testers write, what was published, and who else may read it.

Sprint ──< Narrative                 a section's text, with the figures that its writer saw
  ├──────< Publication               numbered, frozen, never altered
  │            ├──< Rendering        a file of it, made by a worker and kept; of a draft without publication
  │            └──< ShareLink        for readers without an account
  └──────< Badge                     a picture for a README
Project ─< Changeset                 what lies between two commits, as git tells it
"""

from datetime import datetime

from django.db import models
from django.db.models import Q

from reports.statuses import Format, RenderingState
from tracks.models import Project, Sprint, Track, User
from tracks.models.choices import choices, one_of


class Narrative(models.Model):
    """A section that a tester has written. Without one the machine's draft stands."""

    sprint = models.ForeignKey(Sprint, on_delete=models.CASCADE, related_name="narratives")
    section = models.CharField(max_length=20)
    """One of ``reports.summary.build.NARRATIVES``."""
    text = models.TextField()
    """Markdown with placeholders."""
    figures = models.JSONField(default=dict)
    """What each figure in the text was when the writer saw it last: ``{"track.A.passed": "563"}``."""
    version = models.PositiveIntegerField(default=1)
    """Counts the changes: whoever saves over somebody else's is told."""
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["sprint", "section"]
        constraints = [models.UniqueConstraint(fields=["sprint", "section"], name="narrative_once")]

    def __str__(self) -> str:
        return f"{self.section} of sprint {self.sprint_id}"


class Publication(models.Model):
    """An edition of a sprint's report. Never altered: a trigger of the database refuses it."""

    sprint = models.ForeignKey(Sprint, on_delete=models.CASCADE, related_name="publications")
    number = models.PositiveIntegerField()
    """In its sprint, from 1."""
    content = models.JSONField()
    """As ``reports.summary.build.Summary.content`` gives it."""
    digest = models.CharField(max_length=64)
    """SHA-256 over the content, the number, who and when."""
    note = models.CharField(max_length=200, blank=True)
    """What the publisher says of it, in a line."""
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=200)
    """What they were called then."""
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["sprint", "number"], name="publication_number_once")]

    def __str__(self) -> str:
        return f"report {self.number} of sprint {self.sprint_id}"


class Rendering(models.Model):
    """A report as a file. One of a draft is known by the digest of its content alone."""

    sprint = models.ForeignKey(Sprint, on_delete=models.CASCADE, related_name="renderings")
    publication = models.ForeignKey(
        Publication, null=True, blank=True, on_delete=models.CASCADE, related_name="renderings"
    )
    digest = models.CharField(max_length=64)
    """Of the publication, or of the draft's content."""
    format = models.CharField(max_length=8, choices=choices(Format))
    draft = models.JSONField(null=True)
    """The content of a draft, until it is rendered."""
    state = models.CharField(
        max_length=10, choices=choices(RenderingState), default=RenderingState.WAITING.value
    )
    note = models.TextField(blank=True)
    """Why it failed, and what to do."""
    attempts = models.PositiveSmallIntegerField(default=0)
    """How often a worker has begun it since it was asked for."""
    file = models.BinaryField(null=True)
    asked_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["sprint", "digest", "format"], name="rendering_once"),
            models.CheckConstraint(condition=one_of("format", Format), name="rendering_format_known"),
            models.CheckConstraint(condition=one_of("state", RenderingState), name="rendering_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.format} of {self.digest[:12]}"


class ShareLink(models.Model):
    """Lets whoever has it read one publication. Only the token's digest is kept."""

    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="share_links")
    token_digest = models.CharField(max_length=64, unique=True)
    label = models.CharField(max_length=120, blank=True)
    """For whom it is."""
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    opened = models.PositiveIntegerField(default=0)
    """How often."""
    opened_at = models.DateTimeField(null=True, blank=True)
    """When last."""

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"share link {self.pk}"

    def is_live(self, now: datetime) -> bool:
        return self.revoked_at is None and self.expires_at > now


class Badge(models.Model):
    """A picture that tells a sprint's or a track's status to whoever knows its address. What it tells is a
    word, so that its token is kept as it is: it is shown again to be copied."""

    sprint = models.ForeignKey(Sprint, on_delete=models.CASCADE, related_name="badges")
    track = models.ForeignKey(Track, null=True, blank=True, on_delete=models.CASCADE, related_name="badges")
    """Null: of the sprint."""
    token = models.CharField(max_length=64, unique=True)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["track"], name="badge_of_track_once"),
            models.UniqueConstraint(
                fields=["sprint"], condition=Q(track__isnull=True), name="badge_of_sprint_once"
            ),
        ]

    def __str__(self) -> str:
        return f"badge of {self.track or self.sprint}"


class Changeset(models.Model):
    """What the commits that ``head`` has and ``base`` has not changed; both are commits, so that it never
    changes, once it is known."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="changesets")
    base = models.CharField(max_length=40)
    head = models.CharField(max_length=40)
    commits = models.JSONField(default=list)
    """The latest ones, newest first: ``[{"sha", "author", "subject"}]``."""
    files = models.JSONField(default=list)
    """The first ones by path: ``[{"path", "added", "removed"}]``; lines are 0 of what is no text."""
    file_count = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    removed = models.PositiveIntegerField(default=0)
    patches = models.JSONField(default=list)
    """``[{"sha", "path", "text", "is_cut"}]``: what each of the commits did to each file, bounded; empty
    where nobody asks for it."""
    bounds = models.JSONField(default=list)
    """Sentences on what was too much to be kept."""
    is_rewritten = models.BooleanField(default=False)
    """``base`` is no ancestor of ``head``."""
    unread = models.TextField(blank=True)
    """Why it could not be read; nothing of it is known then."""
    read_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["project", "base", "head"], name="changeset_once")]

    def __str__(self) -> str:
        return f"{self.base[:7]}..{self.head[:7]}"

"""What a person is told of, and how.

User ──< Notice        shown on the page until it is read; sent by e-mail in batches
  └───< NoticeChoice   what of it they have switched off
"""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from tracks.models.choices import choices, one_of
from tracks.models.findings import Finding
from tracks.models.people import User
from tracks.models.sprint import Track
from tracks.statuses import NoticeKind


class Notice(models.Model):
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notices")
    track = models.ForeignKey(Track, on_delete=models.CASCADE, related_name="notices")
    finding = models.ForeignKey(
        Finding, null=True, blank=True, on_delete=models.CASCADE, related_name="notices"
    )
    """Where it leads; without one: to the track."""
    kind = models.CharField(max_length=60, choices=choices(NoticeKind))
    text = models.TextField()
    at = models.DateTimeField()
    on_page = models.BooleanField(default=True)
    """Whether it is shown in the product."""
    read_at = models.DateTimeField(null=True, blank=True)
    mail_due = models.BooleanField(default=False)
    """Whether it is still to be sent."""

    class Meta:
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=one_of("kind", NoticeKind), name="notice_kind_known")]
        indexes = [
            models.Index(
                fields=["user"], condition=Q(read_at__isnull=True, on_page=True), name="notice_unread"
            ),
            models.Index(fields=["user", "at"], condition=Q(mail_due=True), name="notice_mail_due"),
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        """Where it leads; names the page of another package, as templates do."""
        place = [self.track.sprint.project.slug, self.track.sprint.slug, self.track.key]
        if self.finding:
            return reverse("reports:finding", args=[*place, self.finding.number])
        return reverse("reports:track", args=place)


class NoticeChoice(models.Model):
    """How a person wants to be told of one kind; without one: on the page and by e-mail."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notice_choices")
    kind = models.CharField(max_length=60, choices=choices(NoticeKind))
    on_page = models.BooleanField(default=True)
    by_mail = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "kind"], name="notice_choice_once"),
            models.CheckConstraint(condition=one_of("kind", NoticeKind), name="notice_choice_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.kind}"

"""Who did what to what, when."""

from django.db import models

from tracks.models.people import User
from tracks.models.project import Project


class AuditEntry(models.Model):
    project = models.ForeignKey(Project, null=True, on_delete=models.SET_NULL, related_name="audit")
    actor = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=200)
    """The object, as ``model:id``."""
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    request_id = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "audit entries"
        indexes = [
            models.Index(fields=["project", "-id"], name="audit_of_project"),
            models.Index(fields=["subject", "id"], name="audit_of_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"

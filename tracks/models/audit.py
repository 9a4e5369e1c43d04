"""Who did what to what, when; and the chain that shows whether somebody altered that afterwards.

AuditEntry            append-only: triggers of the database refuse UPDATE and DELETE
  └── AuditLink       append-only too: number n, SHA-256 over link n-1's digest and the entry

An entry outlives its project and its people: their keys may lead nowhere, the names are frozen beside them.
"""

from django.db import models

from tracks.models.people import User
from tracks.models.project import Project


class AuditEntry(models.Model):
    # A cascade that sets a key to null would be an UPDATE: the keys stay, whatever becomes of their rows.
    project = models.ForeignKey(
        Project, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="audit"
    )
    """Null: what was done belongs to no project. Read it by ``select_related``: it may be gone."""
    project_slug = models.CharField(max_length=60, blank=True, default="", db_default="")
    actor = models.ForeignKey(
        User, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    """Null: the product itself. Read as ``project``."""
    actor_name = models.CharField(max_length=320, blank=True, default="", db_default="")
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
            models.Index(fields=["project", "action", "-id"], name="audit_of_action"),
            models.Index(fields=["project", "actor", "-id"], name="audit_of_actor"),
            models.Index(fields=["request_id"], name="audit_of_request"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"


class AuditLink(models.Model):
    number = models.BigIntegerField(primary_key=True)
    """From 1, without a gap."""
    entry = models.OneToOneField(AuditEntry, on_delete=models.PROTECT, related_name="link")
    digest = models.CharField(max_length=64)
    """See ``tracks.chain``."""

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number}: {self.digest[:12]}"

"""Who may see a project, and as what."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower

from tracks.models.choices import choices, one_of
from tracks.statuses import Role


class User(AbstractUser):
    """A person, or a program that acts as one; known by e-mail address, shown by name."""

    is_service = models.BooleanField(default=False, db_default=False)
    """A program's account: it may run and record, it never decides."""

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once")]

    def __str__(self) -> str:
        return self.get_full_name() or self.email


class Membership(models.Model):
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    project = models.ForeignKey("tracks.Project", on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=choices(Role))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "user"], name="membership_once"),
            models.CheckConstraint(condition=one_of("role", Role), name="membership_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.role}"


class Invitation(models.Model):
    """A link that makes whoever opens it a member, once. Only the token's digest is kept."""

    project = models.ForeignKey("tracks.Project", on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField()
    role = models.CharField(max_length=16, choices=choices(Role))
    token_digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=one_of("role", Role), name="invitation_role_known"),
            models.UniqueConstraint(
                "project",
                Lower("email"),
                condition=models.Q(accepted_at__isnull=True),
                name="invitation_open_once",
            ),
        ]

    def __str__(self) -> str:
        return self.email

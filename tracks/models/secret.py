"""A secret of a project: a variable whose value is stored encrypted and never shown again."""

from django.db import models

from tracks.models.people import User
from tracks.models.project import Project


class Secret(models.Model):
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="secrets")
    name = models.CharField(max_length=120)
    """Of the variable."""
    sealed = models.BinaryField()
    """See ``tracks.sealing``."""
    every_branch = models.BooleanField(default=False)
    """Whether runs of branches that are not protected get it, too."""
    set_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="secret_once")]

    def __str__(self) -> str:
        return self.name

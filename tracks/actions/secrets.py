"""Storing a project's secrets. Their values enter here and are given to runs; nobody is shown one again."""

import re
from datetime import datetime

from django.db import transaction

from tracks import sealing
from tracks.actions.audit import audit
from tracks.errors import InvalidInput
from tracks.execution.masking import MIN_CHARACTERS
from tracks.models import Project, Secret, User

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
LONGEST = 16_384


@transaction.atomic
def set_secret(
    project: Project, *, name: str, value: str, every_branch: bool, by: User, now: datetime
) -> Secret:
    """Store a secret, in the place of one of that name. Raises InvalidInput naming the field at fault.

    ``every_branch``: also runs of branches that nobody has reviewed get it.
    """
    if not NAME.fullmatch(name) or len(name) > 120:
        raise InvalidInput(
            "A secret's name is that of a variable: letters, digits and _, no digit first.", field="name"
        )
    if not MIN_CHARACTERS <= len(value) <= LONGEST or "\0" in value:
        raise InvalidInput(
            f"A secret has {MIN_CHARACTERS} to {LONGEST:,} characters: a shorter one could not be masked.",
            field="value",
        )
    if name in project.env:
        raise InvalidInput(
            f"{name} is one of the project's environment variables.",
            remedy="Remove it there first: its value is not secret.",
            field="name",
        )
    known = Secret.objects.filter(project=project, name=name).first()
    before = {"name": name, "every_branch": known.every_branch} if known else {}
    secret, _ = Secret.objects.update_or_create(
        project=project,
        name=name,
        defaults={"sealed": sealing.seal(value), "every_branch": every_branch, "set_by": by, "set_at": now},
    )
    told = {"name": name, "every_branch": every_branch}
    audit("secret.set", secret, actor=by, project=project, before=before, after=told)
    return secret


@transaction.atomic
def remove_secret(secret: Secret, *, by: User) -> None:
    audit("secret.removed", secret, actor=by, project=secret.project, before={"name": secret.name})
    secret.delete()

"""Setting up projects."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from tracks import own_masks
from tracks.actions.audit import audit
from tracks.actions.people import add_member
from tracks.actions.runs import cancel
from tracks.actions.starting import start_trial
from tracks.errors import InvalidInput
from tracks.models import Project, Run, User
from tracks.models.run import ACTIVE
from tracks.statuses import Role, RunState

TESTING_FIELDS = (
    "repository",
    "default_branch",
    "subdir",
    "setup",
    "before",
    "test",
    "after",
    "env",
    "python",
    "network",
    "services",
    "needs",
    "protected_branches",
    "masks",
    "shards",
    "shard_by",
    "runs_again",
    "finds_commits",
    "retests",
    "repetitions",
    "proves_tests",
    "approvals",
    "separates_duties",
    "setup_seconds",
    "before_seconds",
    "test_seconds",
    "after_seconds",
    "one_test_seconds",
    "silent_seconds",
    "memory_mib",
    "processes",
    "file_mib",
    "disk_mib",
    "output_mib",
)
"""What says how a project is tested; each may be given to ``create_project`` and ``change_project``."""


@transaction.atomic
def create_project(
    *, name: str, by: User, now: datetime, draft: bool = False, trusted: bool = False, **testing: Any
) -> Project:
    """A project with ``by`` as its lead. ``testing`` takes TESTING_FIELDS.

    Raises InvalidInput where the name leaves no address (slug) or the address is taken.
    """
    slug = _free_slug(name)
    project = Project(
        slug=slug,
        name=name,
        draft=draft,
        trusted=trusted,
        created_by=by,
        created_at=now,
        **_known(testing),
    )
    try:
        with transaction.atomic():
            project.save()
    except IntegrityError as error:
        if Project.objects.filter(slug=slug).exists():  # somebody was quicker
            raise _taken(slug) from error
        raise
    add_member(project, by, Role.LEAD, by=by)
    audit("project.created", project, actor=by, project=project, after=_told({"name": name, **testing}))
    return project


@transaction.atomic
def change_project(project: Project, *, by: User, **changes: Any) -> Project:
    """Change the name or how the project is tested; runs that were started before are not touched."""
    locked = Project.objects.select_for_update().get(pk=project.pk)
    known = _known({field: value for field, value in changes.items() if field != "name"})
    if "name" in changes:
        known["name"] = changes["name"]
    before = {field: getattr(locked, field) for field in known}
    for field, value in known.items():
        setattr(locked, field, value)
    locked.save(update_fields=list(known))
    differing = [field for field in known if before[field] != known[field]]
    audit(
        "project.changed",
        locked,
        actor=by,
        project=locked,
        before=_told({field: before[field] for field in differing}),
        after=_told({field: known[field] for field in differing}),
    )
    return locked


@transaction.atomic
def try_draft(project: Project, *, sha: str, by: User, now: datetime, **changes: Any) -> Run:
    """Change a draft and start its trial run; a trial that is still running is cancelled.

    Raises InvalidInput for a project that is in use: its tests are tried by running them.
    """
    _check_draft(project, "tried")
    for running in project.runs.filter(state__in=ACTIVE):
        cancel(running, by=by, now=now)
    return start_trial(change_project(project, by=by, **changes), sha=sha, by=by, now=now)


@transaction.atomic
def publish_project(project: Project, *, by: User, anyway: bool = False) -> None:
    """End a project's draft: its members see it from now on.

    Raises InvalidInput where its last trial did not finish, unless it is to be published ``anyway``.
    """
    trial = project.runs.filter(sprint=None).order_by("-pk").values_list("state", flat=True).first()
    if trial != RunState.FINISHED and not anyway:
        raise InvalidInput(
            "The last trial of this project did not finish.", remedy="Try again, or save it all the same."
        )
    Project.objects.filter(pk=project.pk).update(draft=False)
    audit("project.published", project, actor=by, project=project, after={"trial": trial or "none"})


@transaction.atomic
def discard_draft(project: Project, *, by: User) -> None:
    """Remove a project that never left the wizard, with its trials. Raises InvalidInput for any other."""
    _check_draft(project, "discarded")
    audit("project.discarded", project, actor=by, project=None, before={"name": project.name})
    project.runs.all().delete()  # first: what their failures point to is protected
    project.delete()


def _check_draft(project: Project, participle: str) -> None:
    if not Project.objects.filter(pk=project.pk, draft=True).exists():
        raise InvalidInput(f"Only a draft can be {participle}; this project is in use.")


def _known(testing: Mapping[str, Any]) -> dict[str, Any]:
    if unknown := set(testing) - set(TESTING_FIELDS):
        raise InvalidInput(f"A project has no {', '.join(sorted(unknown))}.")
    _check_masks(testing.get("masks", ()))
    return dict(testing)


def _check_masks(masks: Sequence[str]) -> None:
    if len(masks) > own_masks.MASKS:
        raise InvalidInput(
            f"These are {len(masks)} masks; at most {own_masks.MASKS} are taken.", field="masks"
        )
    for mask in masks:
        if reason := own_masks.refusal(mask):
            raise InvalidInput(f"The mask {mask[:60]!r} cannot be used: {reason}", field="masks")


def _free_slug(name: str) -> str:
    slug = slugify(name)[:60]
    if not slug:
        raise InvalidInput("A project's name needs at least one letter or digit.", field="name")
    if Project.objects.filter(slug=slug).exists():
        raise _taken(slug)
    return slug


def _taken(slug: str) -> InvalidInput:
    return InvalidInput(f"There is a project '{slug}' already.", remedy="Choose another name.", field="name")


def _told(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Fields as the audit log may hold them: of variables their names, for values are often secrets."""
    return {name: sorted(value) if name == "env" else value for name, value in fields.items()}

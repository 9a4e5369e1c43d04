"""What a repository offers as branches: asked when a page is open already, again before anything is saved.

A page never waits for the repository: ``branch_list`` is a fragment that fills the datalist of a branch
field. Where the repository cannot be reached, it says why, and the field is a plain text field.
"""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tracks import repositories
from tracks.errors import InvalidInput, SubjectError
from tracks.execution.git import no_such_branch
from tracks.models import Project
from tracks.permissions import Permission
from tracks.web.access import ProjectRequest, in_project


@in_project(Permission.PLAN)
@require_safe
def branch_list(request: ProjectRequest) -> HttpResponse:
    context: dict[str, object] = {}
    try:
        context["branches"] = sorted(repositories.branches_of(request.at.project))
    except SubjectError as problem:
        context["problem"] = problem
    return render(request, "tracks/setup/branch_list.html", context)


def head(project: Project, branch: str) -> str:
    """The commit at the branch's head now. Raises InvalidInput at the form's field that is to blame."""
    try:
        heads = repositories.branches_of(project)
    except SubjectError as problem:
        raise InvalidInput(
            problem.message, remedy=problem.remedy, detail=problem.detail, field="repository"
        ) from problem
    if branch not in heads:
        missing = no_such_branch(branch, list(heads))
        raise InvalidInput(missing.message, remedy=missing.remedy, field="default_branch")
    return heads[branch]


def check_branch(project: Project, branch: str, *, field: str) -> str:
    """Why the branch could not be looked up; empty where it is there.

    Raises InvalidInput where the repository answers and has no such branch.
    """
    try:
        heads = repositories.branches_of(project)
    except SubjectError as problem:
        return f"{problem.message} So nobody has checked that the branch '{branch}' is there."
    if branch not in heads:
        missing = no_such_branch(branch, list(heads))
        raise InvalidInput(missing.message, remedy=missing.remedy, field=field)
    return ""

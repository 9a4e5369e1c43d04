"""The wizard that sets up a project: nothing is saved for others to see before it was tried.

new_project   name, repository  ──tried──> default branch ──> a draft, seen by its maker only
commands      commands, environment, limits ──saved on the draft, trial run started──>
trial         progress, then the result in words ──> publish, or back to ``commands``, or discard
"""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tracks import actions
from tracks.errors import QAError
from tracks.models import Project, Run
from tracks.permissions import Permission
from tracks.queries import projects_of, runs_of
from tracks.repositories import remote_branches
from tracks.web.access import ProjectRequest, SignedInRequest, in_project, signed_in
from tracks.web.branches import head
from tracks.web.project_form import ProjectForm
from tracks.web.setup_forms import RepositoryForm
from tracks.web.trials import verdict


@signed_in
@require_http_methods(["GET", "POST"])
def new_project(request: SignedInRequest) -> HttpResponse:
    form = RepositoryForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            if project := _draft(request, form):
                return redirect("tracks:commands", project=project.slug)
        except QAError as problem:
            form.add_problem(problem, field="repository")
    context = {
        "form": form,
        "drafts": projects_of(request.user).filter(draft=True, created_by=request.user),
        "local": settings.ALLOW_LOCAL_REPOSITORIES,
    }
    return render(request, "tracks/setup/new_project.html", context, status=form.status)


def _draft(request: SignedInRequest, form: RepositoryForm) -> Project | None:
    """The draft, once the form names a branch that the repository has."""
    name, repository = form.cleaned_data["name"], form.cleaned_data["repository"]
    branch = form.offer(remote_branches(repository, allow_local=settings.ALLOW_LOCAL_REPOSITORIES))
    if not branch:
        return None
    return actions.create_project(
        name=name,
        repository=repository,
        default_branch=branch,
        draft=True,
        by=request.user,
        now=timezone.now(),
    )


@in_project(Permission.ADMINISTER)
@require_http_methods(["GET", "POST"])
def commands(request: ProjectRequest) -> HttpResponse:
    project = request.at.project
    if not project.draft:
        return redirect("tracks:settings", project=project.slug)
    form = ProjectForm(request.POST if request.method == "POST" else None, project=project)
    if request.method == "POST" and form.is_valid():
        try:
            sha = head(form.described(), form.cleaned_data["default_branch"])
            actions.try_draft(project, sha=sha, by=request.user, now=timezone.now(), **form.testing())
            return redirect("tracks:trial", project=project.slug)
        except QAError as problem:
            form.add_problem(problem)
    context = {"project": project, "form": form, "trial": _trial(project)}
    return render(request, "tracks/setup/commands.html", context, status=form.status)


@in_project(Permission.ADMINISTER)
@require_safe
def trial(request: ProjectRequest) -> HttpResponse:
    """The trial's progress and result; the page asks for ``?only=result`` until it has ended."""
    project, run = request.at.project, _trial(request.at.project)
    if run is None or not project.draft:
        return redirect("tracks:commands", project=project.slug)
    if request.GET.get("only") == "result" and run.is_active:
        return HttpResponse(status=204)
    template = "tracks/setup/trial.html"
    if request.GET.get("only") == "result":
        template += "#result"
    context = {"project": project, "run": run, "verdict": None if run.is_active else verdict(run)}
    return render(request, template, context)


@in_project(Permission.ADMINISTER)
@require_POST
def publish(request: ProjectRequest) -> HttpResponse:
    project = request.at.project
    actions.publish_project(project, by=request.user, anyway="anyway" in request.POST)
    messages.success(request, f"{project} is saved. Set up its first sprint now.")
    return redirect("tracks:new_sprint", project=project.slug)


@in_project(Permission.ADMINISTER)
@require_POST
def discard(request: ProjectRequest) -> HttpResponse:
    actions.discard_draft(request.at.project, by=request.user)
    messages.success(request, f"The draft of {request.at.project} is discarded.")
    return redirect("home")


def _trial(project: Project) -> Run | None:
    """The newest run outside any sprint."""
    return runs_of(project).filter(sprint=None).first()

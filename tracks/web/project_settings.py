"""A project's settings, for its leads. Another repository or branch is tried before it is saved."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from tracks import actions
from tracks.errors import InvalidInput
from tracks.permissions import Permission
from tracks.web.access import ProjectRequest, in_project
from tracks.web.branches import head
from tracks.web.project_form import ProjectForm


@in_project(Permission.ADMINISTER)
@require_http_methods(["GET", "POST"])
def settings(request: ProjectRequest) -> HttpResponse:
    project = request.at.project
    if project.draft:
        return redirect("tracks:commands", project=project.slug)
    form = ProjectForm(request.POST if request.method == "POST" else None, project=project)
    if request.method == "POST" and form.is_valid():
        try:
            if form.moved:
                head(form.described(), form.cleaned_data["default_branch"])
            actions.change_project(project, by=request.user, **form.testing())
            messages.success(request, "Saved. Runs that were started before keep the settings that they had.")
            return redirect("tracks:settings", project=project.slug)
        except InvalidInput as problem:
            form.add_problem(problem)
    return render(
        request, "tracks/setup/settings.html", {"project": project, "form": form}, status=form.status
    )

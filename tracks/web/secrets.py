"""A project's secrets, for its leads: stored, replaced, removed, never shown."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from tracks import actions, queries
from tracks.errors import InvalidInput
from tracks.models import Secret
from tracks.permissions import Permission
from tracks.web.access import ProjectRequest, in_project
from tracks.web.forms import Form, LinesField, Unshown
from tracks.web.setup_forms import code


class SecretForm(Form):
    name = forms.CharField(
        label="Variable", max_length=120, widget=forms.TextInput(code(placeholder="API_TOKEN"))
    )
    value = LinesField(label="Value", strip=False, widget=Unshown(code(rows=2)))
    every_branch = forms.BooleanField(
        label="Give it to every branch",
        required=False,
        help_text="Code that nobody has reviewed can then read it and send it on: set-ups have a network.",
    )


@sensitive_post_parameters("value")
@in_project(Permission.ADMINISTER)
@require_http_methods(["GET", "POST"])
def secrets(request: ProjectRequest) -> HttpResponse:
    project = request.at.project
    form = SecretForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            secret = actions.set_secret(project, by=request.user, now=timezone.now(), **form.cleaned_data)
        except InvalidInput as problem:
            form.add_problem(problem)
        else:
            messages.success(request, f"{secret.name} is stored. Runs that start from now on are given it.")
            return redirect("tracks:secrets", project=project.slug)
    stored = queries.secrets_for(project, protected=True).select_related("set_by").defer("sealed")
    return render(
        request,
        "tracks/setup/secrets.html",
        {"project": project, "secrets": stored, "form": form},
        status=form.status,
    )


@in_project(Permission.ADMINISTER)
@require_POST
def remove_secret(request: ProjectRequest, secret: int) -> HttpResponse:
    found = get_object_or_404(Secret.objects.select_related("project"), pk=secret, project=request.at.project)
    actions.remove_secret(found, by=request.user)
    messages.success(request, f"{found.name} is removed.")
    return redirect("tracks:secrets", project=request.at.project.slug)

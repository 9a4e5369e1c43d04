"""A project's people: members, open invitations, and the page that an invitation's link opens."""

import structlog
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.core.mail import send_mail
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tracks import actions
from tracks.errors import InvalidInput
from tracks.models import Invitation, Membership, User
from tracks.permissions import Permission
from tracks.statuses import Role
from tracks.web.access import ProjectRequest, in_project, public
from tracks.web.forms import InviteForm, JoinForm, RoleForm

log = structlog.get_logger(__name__)


@in_project(Permission.READ)
@require_safe
def people(request: ProjectRequest) -> HttpResponse:
    return _page(request, InviteForm())


@in_project(Permission.ADMINISTER)
@require_POST
def invite(request: ProjectRequest) -> HttpResponse:
    form = InviteForm(request.POST)
    if form.is_valid():
        email, role = form.cleaned_data["email"], Role(form.cleaned_data["role"])
        try:
            token = actions.invite(
                request.at.project, email=email, role=role, by=request.user, now=timezone.now()
            )
        except InvalidInput as problem:
            form.add_problem(problem)
        else:
            link = request.build_absolute_uri(reverse("tracks:invitation", args=[token]))
            return _page(request, InviteForm(), invited=email, link=link, sent=_send(request, email, link))
    return _page(request, form)


@in_project(Permission.ADMINISTER)
@require_POST
def change_role(request: ProjectRequest, member: int) -> HttpResponse:
    membership = _membership(request, member)
    form = RoleForm(request.POST)
    if not form.is_valid():
        raise InvalidInput("There is no such role.", field="role")
    role = Role(form.cleaned_data["role"])
    try:
        actions.add_member(request.at.project, membership.user, role, by=request.user)
    except InvalidInput as problem:
        messages.error(request, f"{problem.message} {problem.remedy}")
    else:
        messages.success(request, f"{membership.user} is a {role} of this project now.")
    return redirect("tracks:people", project=request.at.project.slug)


@in_project(Permission.ADMINISTER)
@require_POST
def remove_member(request: ProjectRequest, member: int) -> HttpResponse:
    membership = _membership(request, member)
    try:
        actions.remove_member(membership, by=request.user)
    except InvalidInput as problem:
        messages.error(request, f"{problem.message} {problem.remedy}")
    else:
        messages.success(request, f"{membership.user} is no member of {request.at.project} any more.")
        if membership.user_id == request.user.pk and not request.user.is_superuser:
            return redirect("home")
    return redirect("tracks:people", project=request.at.project.slug)


@in_project(Permission.ADMINISTER)
@require_POST
def revoke_invitation(request: ProjectRequest, invitation: int) -> HttpResponse:
    found = get_object_or_404(Invitation, pk=invitation, project=request.at.project)
    try:
        actions.revoke_invitation(found, by=request.user)
    except InvalidInput as problem:
        messages.error(request, f"{problem.message} {problem.remedy}")
    else:
        messages.success(
            request, f"The invitation of {found.email} is revoked; its link does nothing any more."
        )
    return redirect("tracks:people", project=request.at.project.slug)


@public
@never_cache
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What an invitation's link opens: join with the account that is signed in, or with a new one."""
    found = (
        Invitation.objects.select_related("project", "invited_by")
        .filter(token_digest=actions.digest(token))
        .first()
    )
    if found is None or found.accepted_at or found.expires_at <= timezone.now():
        problem = InvalidInput(
            "This invitation was used already, was revoked or has expired.",
            remedy="Ask a lead of the project for a new one. If you have joined already, sign in.",
        )
        return render(request, "account/link_refused.html", {"problem": problem}, status=410)
    context = {"invitation": found, "has_account": User.objects.filter(email__iexact=found.email).exists()}
    form = JoinForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        try:
            if isinstance(request.user, User):
                return _accepted(request, found, request.user)
            if form.is_valid():
                user = actions.join(found, now=timezone.now(), **form.cleaned_data)
                login(request, user)
                return redirect("home")
        except InvalidInput as problem:
            form.add_problem(problem)
    return render(request, "tracks/people/invitation.html", context | {"form": form}, status=form.status)


def _accepted(request: HttpRequest, invitation: Invitation, user: User) -> HttpResponse:
    actions.accept(invitation, user, now=timezone.now())
    messages.success(request, f"You are a {invitation.role} of {invitation.project} now.")
    return redirect("home")


def _page(request: ProjectRequest, form: InviteForm, **told: object) -> HttpResponse:
    project = request.at.project
    members = (
        Membership.objects.filter(project=project).select_related("user").order_by("user__first_name", "pk")
    )
    invitations = Invitation.objects.filter(project=project, accepted_at=None).select_related("invited_by")
    context = {
        "project": project,
        "access": request.at,
        "members": members,
        "invitations": invitations.order_by("-created_at"),
        "roles": list(Role),
        "form": form,
        "now": timezone.now(),
        **told,
    }
    return render(request, "tracks/people/people.html", context, status=form.status)


def _membership(request: ProjectRequest, user: int) -> Membership:
    found = (
        Membership.objects.filter(project=request.at.project, user_id=user)
        .select_related("user", "project")
        .first()
    )
    if found is None:
        raise Http404
    return found


def _send(request: ProjectRequest, email: str, link: str) -> bool:
    """Whether the invitation went out by e-mail; the link is on the page in any case."""
    if settings.EMAIL_BACKEND.endswith("console.EmailBackend"):
        return False
    context = {"project": request.at.project, "by": request.user, "link": link}
    try:
        send_mail(
            subject=f"Invitation to {request.at.project} on OMC QA",
            message=render_to_string("tracks/people/invitation.txt", context),
            from_email=None,
            recipient_list=[email],
        )
    except OSError as error:  # smtplib's errors are OSErrors
        log.warning("an invitation could not be sent", why=str(error))
        return False
    return True

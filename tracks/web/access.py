"""Every URL carries its access rule: a view is wrapped by one of these, and a test fails the one that is not.

public       anyone
signed_in    any person with an account
in_project   a member whose role has the permission; 404 outside the project, 403 inside it
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django_htmx.middleware import HtmxDetails
from structlog.contextvars import bind_contextvars

from tracks.models import Project, User
from tracks.permissions import Permission, check_permission, reason_against, role_in
from tracks.queries import projects_of
from tracks.statuses import Role

P = ParamSpec("P")
View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Access:
    """In which project a request is made, and as what."""

    project: Project
    role: Role | None

    @property
    def reasons(self) -> dict[str, str]:
        """Why the person may not, by permission (``reasons.run``); empty where they may."""
        return {permission.name.lower(): reason_against(permission, self.role) for permission in Permission}


class SignedInRequest(HttpRequest):
    user: User
    htmx: HtmxDetails


class ProjectRequest(SignedInRequest):
    at: Access


def public(view: Callable[Concatenate[HttpRequest, P], HttpResponseBase]) -> View:
    @wraps(view)
    def wrapped(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return view(request, *args, **kwargs)

    wrapped.access_rule = "public"  # type: ignore[attr-defined]
    return wrapped


def signed_in(
    view: Callable[Concatenate[SignedInRequest, P], HttpResponseBase],
) -> View:
    @wraps(view)
    def wrapped(request: SignedInRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        bind_contextvars(user_id=request.user.pk)
        return view(request, *args, **kwargs)

    wrapped.access_rule = "signed in"  # type: ignore[attr-defined]
    return wrapped


def in_project(permission: Permission) -> Callable[[View], View]:
    """The URL's ``project`` (its slug) becomes ``request.at``; the view does not get it as an argument."""

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapped(request: ProjectRequest, *, project: str, **kwargs: object) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            bind_contextvars(user_id=request.user.pk)
            found = get_object_or_404(projects_of(request.user), slug=project)
            request.at = Access(found, role_in(request.user, found))
            check_permission(permission, request.at.role)
            return view(request, **kwargs)

        wrapped.access_rule = permission  # type: ignore[attr-defined]
        return wrapped

    return decorate

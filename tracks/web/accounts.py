"""Sign-in is for invited people: by password, or by a link that an operator or the terminal hands out.

sign_in_path(user) ──> /sign-in/<token>/   signed; void after a day, and when the password changes
    GET   a page with one button: a program that previews links signs nobody in
    POST  signs in
"""

from datetime import timedelta

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth import login
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tracks import actions
from tracks.errors import InvalidInput
from tracks.models import User
from tracks.web.access import public

LINK_LASTS = timedelta(days=1)
SALT = "tracks.sign-in"


class InvitedOnly(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by accepting an invitation (``people.invitation``), never by signing up."""
        return False

    def set_password(self, user: User, password: str) -> None:
        super().set_password(user, password)
        actions.note_password(user)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("home")


def sign_in_path(user: User) -> str:
    """The path that signs the user in, for one day, without a password."""
    return reverse("tracks:sign_in", args=[signing.dumps([user.pk, _password_mark(user)], salt=SALT)])


@public
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest, token: str) -> HttpResponse:
    try:
        user = _signed(token)
    except InvalidInput as problem:
        return render(request, "account/link_refused.html", {"problem": problem}, status=410)
    if request.method == "GET":
        return render(request, "account/sign_in_link.html", {"person": user})
    login(request, user)
    return redirect("home")


def _signed(token: str) -> User:
    """Whom the link signs in; raises InvalidInput where it is not ours, too old, or outdated."""
    remedy = "Ask whoever gave it to you for a new one, or sign in with your password."
    try:
        key, mark = signing.loads(token, salt=SALT, max_age=LINK_LASTS)
    except signing.SignatureExpired as error:
        raise InvalidInput("This sign-in link is older than a day.", remedy=remedy) from error
    except signing.BadSignature as error:
        raise InvalidInput(
            "This sign-in link is not complete.", remedy=f"Copy the whole link and open it again. {remedy}"
        ) from error
    user = User.objects.filter(pk=key, is_active=True).first()
    if user is None or not constant_time_compare(mark, _password_mark(user)):
        raise InvalidInput("This sign-in link is not valid any more.", remedy=remedy)
    return user


def _password_mark(user: User) -> str:
    """Differs after the user's password was changed."""
    return user.get_session_auth_hash()[:16]

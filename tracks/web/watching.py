"""However many people have a run open, the database is asked as if it were one.

a page is opened ──> a cookie says who may watch it, signed, for ten minutes   asked of the database once
a page polls     ──> cookie and cache answer: 204 nothing new, or the fragment that was made for all
                     one of them, at most every FRESH_SECONDS, has the database asked and makes it anew

What is shared holds nobody's token: CSRF tokens are taken out of it, and each reader's own is put in.
A sign-out ends the watching with the session's cookie, a change of members or accounts with the epoch.
"""

import hashlib
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import astuple, dataclass
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token

from tracks.models import Membership, Run, User
from tracks.web.access import ProjectRequest

FRESH_SECONDS = 0.9
"""Almost as long as a page waits between two polls: many pages ask as often as one does, and a page that is
alone is never shown what is old."""
KEPT_SECONDS = 30
PASS_SECONDS = 600
EPOCH = "watching:epoch"
COOKIE = "watch"
SALT = "tracks.watching"
OWN_TOKEN = re.compile(r'(name="csrfmiddlewaretoken" value=")[^"]*')


@dataclass(frozen=True, slots=True)
class Shared:
    """A fragment that was made for everybody who may see the same of a run."""

    revision: int
    html: str
    asked_at: float


def shared_with(request: HttpRequest, *, project: str, run: int) -> Shared | None:
    """What there is for the holder of this request's pass; None where the database has to be asked."""
    variant = _passed(request, project=project, run=run)
    if variant is None:
        return None
    key = _key(request, run, variant)
    found = _cached(key)
    if found is None:
        return None
    is_fresh = time.time() - found.asked_at < FRESH_SECONDS
    return found if is_fresh or not cache.add(f"{key}:asking", 1, timeout=1) else None


def share(request: ProjectRequest, run: Run, render: Callable[[], str]) -> Shared:
    """The fragment of the run as it is now, for this request and all others; made only if it has changed."""
    key = _key(request, run.pk, _variant(request))
    known = _cached(key)
    changed = known is None or known.revision != run.revision
    html = OWN_TOKEN.sub(r"\1", render()) if changed or known is None else known.html
    found = Shared(run.revision, html, time.time())
    cache.set(key, astuple(found), timeout=KEPT_SECONDS)
    cache.delete(f"{key}:asking")
    return found


def _cached(key: str) -> Shared | None:
    known = cache.get(key)
    return Shared(*known) if known else None


def answer(request: HttpRequest, shared: Shared) -> HttpResponse:
    """The fragment; nothing (204) while it is at the revision that the page has seen."""
    if request.GET.get("seen") == str(shared.revision):
        return HttpResponse(status=204)
    return HttpResponse(OWN_TOKEN.sub(rf"\g<1>{get_token(request)}", shared.html))


def let_watch(response: HttpResponse, request: ProjectRequest, run: Run, *, path: str) -> None:
    """Give whoever made this request a pass to what it was permitted to see."""
    told = [request.at.project.slug, run.pk, _variant(request), _session(request), _epoch()]
    response.set_cookie(
        COOKIE,
        signing.dumps(told, salt=SALT),
        max_age=PASS_SECONDS,
        path=path,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _passed(request: HttpRequest, *, project: str, run: int) -> str | None:
    """What the request's pass permits to see, None where it has none that holds."""
    try:
        told = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=PASS_SECONDS)
        slug, number, variant, session, epoch = told
    except (signing.BadSignature, ValueError):
        return None
    holds = (slug, number, session, epoch) == (project, run, _session(request), _epoch())
    return str(variant) if holds else None


def _variant(request: ProjectRequest) -> str:
    """Who is permitted the same sees the same."""
    return _digest(repr(sorted(request.at.reasons.items())))


def _key(request: HttpRequest, run: int, variant: str) -> str:
    shown = [request.GET.get(name, "") for name in ("outcome", "page")]
    return f"watching:{run}:{_digest(repr((variant, shown)))}"


def _session(request: HttpRequest) -> str:
    return _digest(request.COOKIES.get(settings.SESSION_COOKIE_NAME, ""))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _epoch() -> str:
    return str(cache.get_or_set(EPOCH, lambda: secrets.token_hex(8), timeout=None))


@receiver([post_save, post_delete], sender=Membership)
@receiver([post_save, post_delete], sender=User)
def end_all_passes(update_fields: frozenset[str] | None = None, **_: Any) -> None:
    """Who may see what may have changed: everybody is asked for again."""
    if update_fields != frozenset({"last_login"}):
        transaction.on_commit(lambda: cache.set(EPOCH, secrets.token_hex(8), timeout=None))

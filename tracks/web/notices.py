"""A person's notices, and how they want to be told."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_POST, require_safe

from tracks import actions, queries
from tracks.statuses import NoticeKind
from tracks.web.access import SignedInRequest, signed_in

LISTED = 100


@signed_in
@require_safe
def notices(request: SignedInRequest) -> HttpResponse:
    chosen = {each.kind: each for each in request.user.notice_choices.all()}
    context = {
        "notices": queries.notices_of(request.user)[:LISTED],
        "kinds": [(kind, chosen.get(kind)) for kind in NoticeKind],
    }
    return render(request, "tracks/notices.html", context)


@signed_in
@require_safe
def open_notice(request: SignedInRequest, notice: int) -> HttpResponseBase:
    """Lead to what it tells of; it is read then."""
    found = get_object_or_404(queries.notices_of(request.user), pk=notice)
    actions.mark_read(request.user, notice=found, now=timezone.now())
    return redirect(found.get_absolute_url())


@require_POST
@signed_in
def read_notices(request: SignedInRequest) -> HttpResponseBase:
    actions.mark_read(request.user, now=timezone.now())
    return redirect("tracks:notices")


@require_POST
@signed_in
def choose_notices(request: SignedInRequest) -> HttpResponseBase:
    """Each kind has two boxes in the form, ``page`` and ``mail``, whose values are the kinds that are on."""
    on_page, by_mail = request.POST.getlist("page"), request.POST.getlist("mail")
    for kind in NoticeKind:
        actions.choose(request.user, kind, on_page=kind in on_page, by_mail=kind in by_mail)
    return redirect("tracks:notices")


def unread(request: HttpRequest) -> dict[str, object]:
    """For every template: how many notices the person has not read; counted where a page shows it."""
    return {"unread_notices": SimpleLazyObject(lambda: queries.unread_notices(request.user))}

"""Telling people what concerns them: on the page at once, by e-mail in batches.

tell ──> Notice per person, as they chose ──> the page, until ``mark_read``
                   └ mail_due ──send_mail_due──> one message with all that gathered in a while
                                                 a server that refuses it: due again
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial

from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Exists, Min, OuterRef, QuerySet

from tracks.actions.audit import audit
from tracks.apart import each_apart
from tracks.models import Finding, Membership, Notice, NoticeChoice, Track, User
from tracks.statuses import NoticeKind

MOST_IN_A_MESSAGE = 100


def tell(
    kind: NoticeKind,
    people: Iterable[User],
    text: str,
    *,
    track: Track,
    finding: Finding | None = None,
    by: User | None = None,
    now: datetime,
) -> None:
    """Let each of these people know, as they have chosen, if they are members of the project; ``by``, who did
    it, knows already."""
    asked = {user.pk: user for user in people if user != by and user.is_active}
    members = Membership.objects.filter(project=track.sprint.project_id, user__in=asked)
    told = {key: asked[key] for key in members.values_list("user", flat=True)}
    choices = {each.user_id: each for each in NoticeChoice.objects.filter(user__in=told, kind=kind)}
    usual = NoticeChoice(kind=kind)
    Notice.objects.bulk_create(
        Notice(
            user=user,
            track=track,
            finding=finding,
            kind=kind,
            text=text,
            at=now,
            on_page=choices.get(key, usual).on_page,
            mail_due=choices.get(key, usual).by_mail,
        )
        for key, user in told.items()
        if choices.get(key, usual).on_page or choices.get(key, usual).by_mail
    )


def mark_read(user: User, *, notice: Notice | None = None, now: datetime) -> None:
    """The person has seen the notice, or all that were on their page."""
    unread = Notice.objects.filter(user=user, read_at=None, on_page=True)
    (unread.filter(pk=notice.pk) if notice else unread).update(read_at=now)


@transaction.atomic
def choose(user: User, kind: NoticeKind, *, on_page: bool, by_mail: bool) -> None:
    """How the person is told of this kind from now on."""
    chosen = {"on_page": on_page, "by_mail": by_mail}
    known = NoticeChoice.objects.filter(user=user, kind=kind).first() or NoticeChoice()
    before = {name: getattr(known, name) for name in chosen}
    NoticeChoice.objects.update_or_create(user=user, kind=kind, defaults=chosen)
    if before != chosen:
        told = {"kind": kind}
        audit("notices.chosen", user, actor=user, project=None, before=told | before, after=told | chosen)


def send_mail_due(*, after: timedelta, root: str, now: datetime) -> None:
    """Send everybody whose oldest unsent notice is that old one message with all of theirs. ``root`` is where
    the product is reached. What cannot be sent stays due."""
    due = _due()
    waited = due.values("user").annotate(oldest=Min("at")).filter(oldest__lte=now - after)
    users = list(waited.order_by("user").values_list("user", flat=True))
    each_apart(
        (partial(_send, user, root) for user in users),
        failed="a message could not be sent; it is tried again",
    )


def _due() -> QuerySet[Notice]:
    """What is to be sent; nothing to somebody who has left the project since."""
    members = Membership.objects.filter(user=OuterRef("user"), project=OuterRef("track__sprint__project"))
    return Notice.objects.filter(Exists(members), mail_due=True, user__is_active=True)


def _send(user: int, root: str) -> None:
    """No lock is held meanwhile: a server may take long to answer. A worker that dies in between sends
    nothing; the notices are on the page."""
    notices = _take(user)
    if not notices:
        return
    first = notices[0]
    subject = first.text if len(notices) == 1 else f"{len(notices)} news from OMC QA"
    body = "\n\n".join(f"{each.text}\n{root}{each.get_absolute_url()}" for each in notices)
    try:
        send_mail(_one_line(subject), f"{body}\n", None, [first.user.email])
    except Exception:
        _set_due(notices, due=True)
        raise


@transaction.atomic
def _take(user: int) -> list[Notice]:
    """What is to go into the person's next message; this caller's only, as it is due no more."""
    notices = list(
        _due()
        .filter(user=user)
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("user", "track__sprint__project", "finding__track")
        .order_by("id")[:MOST_IN_A_MESSAGE]
    )
    _set_due(notices, due=False)
    return notices


def _set_due(notices: Iterable[Notice], *, due: bool) -> None:
    Notice.objects.filter(pk__in=[each.pk for each in notices]).update(mail_due=due)


def _one_line(text: str) -> str:
    """A subject of one line: the header ends where the line does."""
    return " ".join(text.split())[:200]

"""Files of reports: asked for, made by a worker, kept.

WAITING ──claim_rendering──> RENDERING ──keep_file────────> DONE
   ^                             ├───────fail_rendering──> FAILED     asked for again, it is made again
   └──give_up_renderings─────────┘       after ATTEMPTS

There is one for each content and format. A worker that was given up, and is not dead, keeps nothing: it began
at another time than the one that took over.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F

from reports.models import Publication, Rendering
from reports.rendering_queries import DIED_AFTER
from reports.statuses import Format, RenderingState
from reports.summary import Summary
from tracks import doorbell
from tracks.errors import QAError
from tracks.models import Sprint, User

KEPT = 3
"""So many files of drafts are kept of a sprint."""
ATTEMPTS = 3


def ask_for_rendering(
    sprint: Sprint,
    kind: Format,
    *,
    publication: Publication | None = None,
    summary: Summary | None = None,
    by: User | None,
    now: datetime,
) -> Rendering:
    """The file of a publication, or else of the summary, which is a draft: the one that is there, or one that
    a worker is told to make. One that failed is made again. ValueError where neither is given."""
    if publication is not None:
        digest, draft = publication.digest, None
    elif summary is not None:
        digest, draft = summary.digest, summary.content()
    else:
        raise ValueError("neither a publication nor a draft to render")
    new = {"publication": publication, "draft": draft, "asked_by": by, "asked_at": now}
    with transaction.atomic():
        rendering, is_new = Rendering.objects.select_for_update(of=("self",), no_key=True).get_or_create(
            sprint=sprint, digest=digest, format=kind, defaults=new
        )
        if not is_new and rendering.state == RenderingState.FAILED:
            _wait_again(rendering, new)
            is_new = True
        if is_new:
            _throw_away_old(sprint)
            transaction.on_commit(lambda: doorbell.tell_of_rendering(rendering.pk))
    return rendering


def claim_rendering(key: int, *, now: datetime) -> Rendering | None:
    """Begin the one of that primary key; None where another worker has, or it is gone."""
    waiting = Rendering.objects.filter(pk=key, state=RenderingState.WAITING)
    begun = waiting.update(state=RenderingState.RENDERING, begun_at=now, attempts=F("attempts") + 1)
    if not begun:
        return None
    return Rendering.objects.select_related("publication").defer("file").filter(pk=key).first()


def keep_file(rendering: Rendering, file: bytes, *, now: datetime) -> None:
    """It is made. What it was made of goes, where that is a draft."""
    _end(rendering, RenderingState.DONE, file=file, draft=None, note="", ended_at=now)


def fail_rendering(rendering: Rendering, problem: Exception, *, now: datetime) -> None:
    """It cannot be made, and the page says why."""
    note = f"OMC QA itself went wrong: {type(problem).__name__}. The worker's log has the details."
    if isinstance(problem, QAError):
        note = f"{problem.message} {problem.remedy}".strip()
    _end(rendering, RenderingState.FAILED, note=note, ended_at=now)


def give_up_renderings(*, now: datetime) -> None:
    """Those whose worker has died wait again, or have failed where that came to pass too often."""
    dead = Rendering.objects.filter(state=RenderingState.RENDERING, begun_at__lte=now - DIED_AFTER)
    dead.filter(attempts__gte=ATTEMPTS).update(
        state=RenderingState.FAILED,
        ended_at=now,
        note=f"Its worker died {ATTEMPTS} times. The report may be too long for the machine's memory: "
        "read it as a page or as Markdown, or give the worker more.",
    )
    dead.update(state=RenderingState.WAITING)


def _wait_again(rendering: Rendering, new: Mapping[str, object]) -> None:
    fresh = {"state": RenderingState.WAITING, "note": "", "attempts": 0, "begun_at": None, "ended_at": None}
    Rendering.objects.filter(pk=rendering.pk).update(**fresh, **new)
    rendering.refresh_from_db()


def _throw_away_old(sprint: Sprint) -> None:
    """Of those that nobody waits for any more."""
    ended = [RenderingState.DONE, RenderingState.FAILED]
    drafts = Rendering.objects.filter(sprint=sprint, publication=None, state__in=ended)
    drafts = drafts.order_by("-asked_at", "-pk")
    old = list(drafts.values_list("pk", flat=True)[KEPT:])
    Rendering.objects.filter(pk__in=old).delete()


def _end(rendering: Rendering, state: RenderingState, **told: object) -> None:
    own = Rendering.objects.filter(
        pk=rendering.pk, state=RenderingState.RENDERING, begun_at=rendering.begun_at
    )
    own.update(state=state, **told)

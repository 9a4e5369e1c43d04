"""What the workers do for conclusions: load, call, stop."""

from collections.abc import Callable
from functools import partial

import structlog
from celery import shared_task
from django.db import DatabaseError, InterfaceError, close_old_connections
from django.utils import timezone

from reports import actions
from reports.models import Rendering
from reports.rendering.files import file_of
from reports.rendering_queries import content_of, imprint_of, waiting_too_long
from reports.statuses import Format
from tracks.doorbell import RENDER

log = structlog.get_logger(__name__)


@shared_task(name="reports.repair")  # type: ignore[untyped-decorator]
def repair() -> None:
    """Judge the criteria, make the comparisons and verifications, begin the diagnoses and take the steps that
    a worker died over. Called by beat, and on each worker's own timer, which an error here must not end."""
    close_old_connections()
    _try(partial(actions.judge_due, now=timezone.now()))
    _try(actions.compare_due)
    begins = (actions.verify_due, actions.diagnose_due, actions.prove_tests_due)
    advances = (
        actions.advance_due,
        actions.advance_verifications,
        actions.advance_red_first_due,
        actions.advance_integrations_due,
    )
    for step in (*begins, *advances):
        _try(partial(step, now=timezone.now()))


@shared_task(name="reports.read_sources")  # type: ignore[untyped-decorator]
def read_sources() -> None:
    """Ask git for what comparisons could not ask it where they were made, and judge by it; what merging would
    give, and what lies between commits. Called by beat: it takes long."""
    close_old_connections()
    asks = (actions.read_merges_due, actions.read_changesets_due)
    for step in (actions.ask_git_again, actions.advance_verifications, *asks):
        _try(partial(step, now=timezone.now()))


def merge_tracks() -> None:
    """Merge what waits for that on trial. Called on each worker's own timer, beside it: it may fetch."""
    close_old_connections()
    for step in (actions.merge_due, actions.begin_combinations_due):
        _try(partial(step, now=timezone.now()))


@shared_task(name=RENDER)  # type: ignore[untyped-decorator]
def render(key: int) -> None:
    """Make the report's file of that primary key, unless another worker does."""
    close_old_connections()
    rendering = actions.claim_rendering(key, now=timezone.now())
    if rendering is not None:
        _render(rendering)


def render_due() -> None:
    """Make the files of reports that nobody was told of, or that a worker died over. Called on each worker's
    own timer, beside it: it takes seconds, and other slots may be busy for hours."""
    _try(partial(actions.give_up_renderings, now=timezone.now()))
    for key in waiting_too_long(now=timezone.now()):
        _try(partial(render, key))


def _render(rendering: Rendering) -> None:
    try:
        made = file_of(Format(rendering.format), content_of(rendering), imprint_of(rendering))
    except Exception as problem:
        log.exception("a report's file could not be made", rendering=rendering.pk)
        actions.fail_rendering(rendering, problem, now=timezone.now())
    else:
        actions.keep_file(rendering, made, now=timezone.now())


def _try(step: Callable[[], None]) -> None:
    """One step that fails keeps no other from being taken."""
    try:
        step()
    except (DatabaseError, InterfaceError):
        log.exception("the database does not answer; it is tried again")
    except Exception:
        log.exception("conclusions could not be repaired; it is tried again")

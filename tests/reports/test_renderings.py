"""A report's PDF is made by a worker, once for each content, and kept."""

from datetime import timedelta

import pytest

from reports import actions, tasks
from reports.actions.renderings import ATTEMPTS, KEPT
from reports.models import Rendering
from reports.rendering_queries import DIED_AFTER, LOST_AFTER, seconds_needed, waiting_too_long
from reports.statuses import Format, RenderingState
from reports.summarising import summary_of
from tests import factories
from tests.factories import NOON
from tests.reports.publishing import publish
from tracks import doorbell
from tracks.models import Sprint

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def told(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The files that workers were told of; the tests are the worker, in their own transaction."""
    keys: list[int] = []
    monkeypatch.setattr(tasks, "close_old_connections", lambda: None)
    monkeypatch.setattr(doorbell, "tell_of_rendering", keys.append)
    return keys


def ask(sprint: Sprint, *, now=NOON) -> Rendering:
    return actions.ask_for_rendering(
        sprint, Format.PDF, summary=summary_of(sprint, now=now), by=None, now=now
    )


def state_of(rendering: Rendering) -> str:
    return Rendering.objects.values_list("state", flat=True).get(pk=rendering.pk)


def test_who_asks_twice_gets_the_same_file_and_workers_are_told_once(
    told, django_capture_on_commit_callbacks
):
    sprint = factories.create_sprint()
    with django_capture_on_commit_callbacks(execute=True):
        first, again = ask(sprint), ask(sprint)
    assert first == again
    assert told == [first.pk]


def test_a_draft_is_made_and_what_it_was_made_of_goes():
    sprint = factories.create_sprint()
    rendering = ask(sprint)
    tasks.render(rendering.pk)
    rendering.refresh_from_db()
    assert rendering.state == RenderingState.DONE
    assert bytes(rendering.file).startswith(b"%PDF-")
    assert rendering.draft is None
    assert seconds_needed(sprint, Format.PDF) is not None
    assert seconds_needed(factories.create_sprint(name="Another"), Format.PDF) is None


def test_an_edition_is_made_of_what_was_published():
    lena = factories.create_user(name="Lena")
    sprint = factories.create_sprint(project=factories.create_project(by=lena))
    published = publish(sprint, by=lena)
    asked = actions.ask_for_rendering(sprint, Format.PDF, publication=published, by=lena, now=NOON)
    assert asked.draft is None
    tasks.render(asked.pk)
    assert state_of(asked) == RenderingState.DONE


def test_only_one_worker_makes_it():
    rendering = ask(factories.create_sprint())
    assert actions.claim_rendering(rendering.pk, now=NOON)
    assert actions.claim_rendering(rendering.pk, now=NOON) is None


def test_a_file_that_cannot_be_made_says_so_and_may_be_asked_for_again():
    sprint = factories.create_sprint()
    rendering = ask(sprint)
    Rendering.objects.filter(pk=rendering.pk).update(draft={"document": {"is": "Nothing"}})
    tasks.render(rendering.pk)
    rendering.refresh_from_db()
    assert rendering.state == RenderingState.FAILED
    assert "ValueError" in rendering.note
    assert ask(sprint).state == RenderingState.WAITING
    tasks.render(rendering.pk)
    assert state_of(rendering) == RenderingState.DONE


def test_what_a_dead_worker_left_is_made_by_another_and_the_first_keeps_nothing():
    rendering = ask(factories.create_sprint())
    dead = actions.claim_rendering(rendering.pk, now=NOON)
    assert dead
    later = NOON + DIED_AFTER
    actions.give_up_renderings(now=later)
    assert waiting_too_long(now=later) == [rendering.pk]
    assert actions.claim_rendering(rendering.pk, now=later)
    actions.keep_file(dead, b"late", now=later)
    assert state_of(rendering) == RenderingState.RENDERING


def test_a_file_that_workers_die_over_is_given_up():
    rendering = ask(factories.create_sprint())
    for attempt in range(1, ATTEMPTS + 1):
        assert actions.claim_rendering(rendering.pk, now=NOON)
        actions.give_up_renderings(now=NOON + attempt * DIED_AFTER)
    rendering.refresh_from_db()
    assert rendering.state == RenderingState.FAILED
    assert "memory" in rendering.note


def test_a_message_that_is_lost_costs_seconds():
    rendering = ask(factories.create_sprint())
    assert waiting_too_long(now=NOON) == []
    assert waiting_too_long(now=NOON + LOST_AFTER) == [rendering.pk]
    tasks.render_due()
    assert state_of(rendering) == RenderingState.DONE


def test_of_drafts_the_latest_are_kept_and_all_that_somebody_waits_for():
    sprint = factories.create_sprint()
    waited_for = ask(sprint, now=NOON - timedelta(minutes=1))
    for place in range(KEPT + 2):
        Sprint.objects.filter(pk=sprint.pk).update(name=f"Later {place}")
        sprint.refresh_from_db()
        last = ask(sprint, now=NOON + timedelta(minutes=place))
        Rendering.objects.filter(pk=last.pk).update(state=RenderingState.DONE)
    assert state_of(waited_for) == RenderingState.WAITING
    assert Rendering.objects.filter(sprint=sprint, state=RenderingState.DONE).count() == KEPT + 1
    assert Rendering.objects.filter(pk=last.pk).exists()

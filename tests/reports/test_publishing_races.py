"""Two publish at once, and one while a run ends: a number is given once, what nobody saw is not frozen."""

from functools import partial

import pytest

from reports.actions.publications import ReportMoved
from reports.models import Publication
from reports.publication_queries import is_intact
from tests import factories
from tests.reports.approving import create_ready_track, lead
from tests.reports.publishing import publish, saw
from tests.tracks.test_concurrency import at_once
from tracks.models import Track

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def track(monkeypatch) -> Track:
    monkeypatch.setattr("tracks.doorbell.ring", lambda *_, **__: None)
    monkeypatch.setattr("tracks.doorbell.tell_of_rendering", lambda _: None)
    return create_ready_track()


def publish_or_be_refused(track: Track, seen: dict, refused: list) -> None:
    try:
        publish(track.sprint, by=lead(track), seen=seen)
    except ReportMoved as moved:
        refused.append(moved)


def test_of_several_who_publish_at_once_each_gets_a_number_of_their_own(track):
    seen, refused = saw(track.sprint), []
    at_once(*[partial(publish_or_be_refused, track, seen, refused)] * 4)
    assert sorted(Publication.objects.values_list("number", flat=True)) == [1, 2, 3, 4]
    assert all(is_intact(each) for each in Publication.objects.all())


def test_what_is_published_while_a_run_ends_is_what_was_seen_or_nothing(track):
    for _ in range(5):
        seen, refused = saw(track.sprint), []
        at_once(
            partial(publish_or_be_refused, track, seen, refused),
            partial(factories.create_run, track=track, passed=2, failed=1),
        )
        published = Publication.objects.order_by("pk").last()
        assert (
            refused
            or {name: each["shown"] for name, each in published.content["figures"].items()} == seen["figures"]
        )

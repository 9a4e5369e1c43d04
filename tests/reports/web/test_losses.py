"""The tests that a track lost: why, and with which reason they may be."""

import pytest
from django.urls import reverse

from reports import actions
from reports.gate_queries import comparison_of
from reports.models import AcceptedLoss
from tests import factories
from tests.factories import NOON
from tests.reports.approving import merges
from tests.tracks.web.pages import member, queries_of, words
from tracks.errors import InvalidInput
from tracks.models import AuditEntry, Project, Run, Track
from tracks.statuses import Role

pytestmark = pytest.mark.django_db
BASE = {f"a.py::test_{number}": "passed" for number in range(6)}
REASON = "They tested coins that are gone."


@pytest.fixture
def track() -> Track:
    sprint = factories.create_sprint()
    factories.create_baseline(sprint=sprint, results=BASE)
    Project.objects.update(separates_duties=False)  # git was asked nothing here: nobody knows who wrote it
    return factories.create_track(sprint=sprint)


@pytest.fixture
def run(track) -> Run:
    """Tests 1 to 3 are there, 4 is skipped, 5 and 6 are gone; numbers begin with 1."""
    kept = dict(list(BASE.items())[:3])
    return factories.create_run(track=track, results=kept | {"a.py::test_3": "skipped"})


def url(track: Track, name: str = "losses") -> str:
    return reverse(f"reports:{name}", args=[track.sprint.project.slug, track.sprint.slug, track.key])


def seen(track: Track) -> int | None:
    """The comparison that the page shows now."""
    found = comparison_of(Track.objects.get(pk=track.pk))
    return found.pk if found else None


def accept(track: Track, *tests: int, reason: str = REASON) -> None:
    given = {"comparison": seen(track), "by": track.sprint.project.created_by, "now": NOON}
    actions.accept_losses(track, tests, reason=reason, **given)


def sent(track: Track, **fields: object) -> dict[str, object]:
    """The form as the page would send it now."""
    return {"comparison": seen(track) or "", "reason": REASON} | fields


def numbers() -> list[tuple[int, str]]:
    return list(AcceptedLoss.objects.values_list("test", "kind"))


def test_each_lost_test_is_listed_with_why_it_is_gone(track, run):
    said = words(member(run.project).get(url(track)))
    assert "3 without a reason" in said and "0 accepted" in said
    assert "test_3 muted" in said
    assert said.count("vanished not known") == 2


def test_those_that_are_chosen_are_accepted_with_a_reason_and_open_the_gate(track, run):
    tess = member(run.project)
    tess.post(url(track, "accept_losses"), sent(track, tests=[4, 5]))
    assert numbers() == [(4, "muted"), (5, "vanished")]
    assert "1 to bring back or to accept" in words(tess.get(url(track, "track_gates")))
    accepted = words(tess.get(f"{url(track)}?show=accepted"))
    assert "1 without a reason" in accepted and accepted.count(f": {REASON}") == 2
    tess.post(url(track, "accept_losses"), sent(track, all=1))
    said = words(tess.get(url(track)))
    assert "No test is lost" in said and "3 accepted" in said
    assert [entry.after["tests"] for entry in AuditEntry.objects.filter(action="losses.accepted")] == [
        [6],
        [4, 5],
    ]


def test_what_is_accepted_twice_keeps_its_first_reason(track, run):
    accept(track, 4)
    accept(track, 4, 5, reason="Something else.")
    assert AcceptedLoss.objects.get(test=4).reason == REASON


def test_an_acceptance_is_withdrawn(track, run):
    accept(track, 4, 5)
    tess = member(run.project)
    answer = tess.post(url(track, "withdraw_losses"), {"tests": [4]}, follow=True)
    assert "The loss of 1 test is accepted no more." in words(answer)
    assert numbers() == [(5, "vanished")]
    told = AuditEntry.objects.get(action="losses.withdrawn").before["accepted"]
    assert [(each["test"], each["reason"]) for each in told] == [(4, REASON)]
    assert "Load the page again" in words(
        tess.post(url(track, "withdraw_losses"), {"tests": [4]}, follow=True)
    )


def test_an_acceptance_stays_when_the_test_is_back_and_says_so(track, run):
    accept(track, 5)
    factories.create_run(track=track, results=BASE)
    said = words(member(run.project).get(f"{url(track)}?show=accepted"))
    assert "not lost in the latest run" in said


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"tests": [4], "reason": "short"}, "A reason has 10 characters at least."),
        ({"tests": [4], "reason": ""}, "This field is required."),
        ({"reason": REASON}, "No test is chosen."),
        ({"tests": ["x", "9" * 30], "reason": REASON}, "No test is chosen."),
        ({"tests": [1, 4], "reason": REASON}, "1 of these tests are not lost in the latest run."),
        ({"all": 2, "reason": REASON}, "3 tests lack a reason by now, not 2."),
        ({"tests": [4], "reason": REASON, "comparison": ""}, "tested again meanwhile"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_what_cannot_be_accepted_is_refused_and_what_was_typed_stays(track, run, fields, said):
    page = member(run.project).post(url(track, "accept_losses"), sent(track, **fields))
    assert page.status_code == 422 and said in words(page) and not AcceptedLoss.objects.exists()
    assert str(fields["reason"]) in page.content.decode()
    if fields.get("tests") == [4]:
        assert 'value="4" aria-label="a.py::test_3" checked' in page.content.decode()


@pytest.mark.parametrize("chosen", [{"all": 3}, {"tests": [4]}], ids=["all", "some"])
def test_a_retest_since_the_page_was_opened_refuses_what_nobody_saw(track, run, chosen):
    tess, old = member(run.project), sent(track, **chosen)
    factories.create_run(track=track, results=dict(list(BASE.items())[:3]) | {"a.py::test_4": "skipped"})
    page = tess.post(url(track, "accept_losses"), old)
    assert page.status_code == 422 and not AcceptedLoss.objects.exists()
    assert "these are not the losses that you saw" in words(page)
    assert f'name="comparison" value="{seen(track)}"' in page.content.decode() and REASON in words(page)


def test_any_number_is_accepted_at_once(track, monkeypatch):
    monkeypatch.setattr("reports.actions.losses.AT_ONCE", 2)
    factories.create_run(track=track, results={"a.py::test_0": "passed"})
    member(track.sprint.project).post(url(track, "accept_losses"), sent(track, all=5))
    assert len(numbers()) == 5


def test_nothing_is_lost_where_nothing_is_compared(track):
    assert "Nothing to compare yet" in words(member(track.sprint.project).get(url(track)))
    with pytest.raises(InvalidInput, match="not lost"):
        accept(track, 4)


def test_who_may_not_accept_sees_the_list_and_why(track, run):
    page = member(run.project, Role.READER).get(url(track))
    assert "3 without a reason" in words(page)
    assert 'disabled title="Only a tester or lead may waive gates' in page.content.decode()


def test_who_wrote_the_branch_sees_why_they_cannot_accept_and_loses_nothing_that_they_typed(track, run):
    Track.objects.filter(pk=track.pk).update(head=run.sha)
    merges(track, base=Run.objects.get(kind="baseline").sha, head=run.sha)
    Project.objects.update(separates_duties=True)
    dev = member(run.project, name="Dev")
    assert 'disabled title="You wrote commits of this branch' in dev.get(url(track)).content.decode()
    page = dev.post(url(track, "accept_losses"), sent(track, tests=[4]))
    assert page.status_code == 422 and "You wrote commits of this branch" in words(page)
    assert REASON in words(page) and not AcceptedLoss.objects.exists()


def test_a_long_list_comes_in_pages_at_the_same_cost(track):
    sprint = factories.create_sprint(name="Sprint 2", project=track.sprint.project)
    factories.create_baseline(sprint=sprint, passed=230)
    other = factories.create_track(sprint=sprint)
    factories.create_run(track=track, results={"a.py::test_0": "passed"})
    factories.create_run(track=other, passed=1)
    client = member(track.sprint.project)
    page = client.get(url(other))
    assert page.content.decode().count('name="tests"') == 100 and "Accept all 229" in words(page)
    assert queries_of(client, url(track)) == queries_of(client, url(other))

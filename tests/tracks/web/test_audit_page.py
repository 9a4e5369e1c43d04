"""The audit log of a project: what its page and its files say, and to whom."""

import csv
import json
from io import StringIO
from urllib.parse import urlencode

import pytest

from reports.models import Decision, Integration, Waiver
from reports.statuses import DecisionKind, GateKind
from tests import factories
from tests.factories import NOON
from tests.tracks.web.pages import member, queries_of, words
from tracks import actions, chain, queries
from tracks.actions import audit
from tracks.models import AuditEntry, Project, Secret, Track
from tracks.statuses import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def track() -> Track:
    return factories.create_track()


@pytest.fixture
def project(track) -> Project:
    return track.sprint.project


@pytest.fixture
def tess(project):
    return member(project)


def path(project: Project, ending: str = "/", **query: object) -> str:
    return f"/p/{project.slug}/audit{ending}" + (f"?{urlencode(query)}" if query else "")


def listed(client, project: Project, **query: object) -> list[str]:
    return [line.entry.action for line in client.get(path(project, **query)).context["lines"]]


def read(response) -> str:
    return b"".join(response.streaming_content).decode()


@pytest.mark.parametrize("role", [Role.READER, Role.DEVELOPER])
def test_testers_and_leads_see_it_and_nobody_else(project, role):
    client = member(project, role, name="Dev")
    assert client.get(path(project)).status_code == 403
    assert "Audit log" not in words(client.get(f"/p/{project.slug}/runs/"))


def test_newest_first_it_says_who_did_what_to_what_and_what_changed(project, track, tess):
    lena = project.created_by
    actions.change_sprint(track.sprint, by=lena, max_failed=3)
    said = words(tess.get(path(project)))
    assert "Lena sprint.changed Sprint 1 max failed 3" in said
    done = listed(tess, project)
    assert done.index("sprint.changed") < done.index("track.created") < done.index("project.created")


def test_it_leads_to_what_has_a_page(project, track, tess):
    finding = factories.create_finding(track=track)
    run = factories.start_run(track=track)
    page = tess.get(path(project)).content.decode()
    sprint = f"/p/{project.slug}/s/{track.sprint.slug}/"
    for href in (f"{sprint}t/A/findings/{finding.number}/", f"/p/{project.slug}/runs/{run.pk}/", sprint):
        assert f'href="{href}"' in page


def test_it_leads_to_decisions_waivers_integrations_secrets_and_people(project, track, tess):
    run = factories.create_run(track=track, passed=1)
    lena = project.created_by
    at = {"sha": run.sha, "at": NOON, "by": lena, "track": track}
    decided = {"kind": DecisionKind.REJECTED, "base_sha": run.sha, "rationale": "No.", "digest": ""}
    decision = Decision.objects.create(run=run, frozen={}, **decided, **at)
    waiver = Waiver.objects.create(gate=GateKind.PASSED, reason="Wanted", expires_at=NOON, **at)
    told = {"sprint": track.sprint, "tracks": [], "base_sha": run.sha, "baseline": run, "started_at": NOON}
    integration = Integration.objects.create(**told)
    secret = Secret.objects.create(project=project, name="TOKEN", sealed=b"", set_at=NOON)
    own = f"/p/{project.slug}"
    leads = {
        decision: f"{own}/decisions/{decision.pk}/",
        waiver: f"{own}/s/{track.sprint.slug}/t/A/",
        integration: f"{own}/integrations/{integration.pk}/",
        secret: f"{own}/settings/secrets/",
        project.memberships.first(): f"{own}/people/",
    }
    for each in leads:
        audit.audit("thing.done", each, actor=lena, project=project)
    things = [line.thing.href for line in tess.get(path(project, action="thing.done")).context["lines"]]
    assert things == [*reversed(leads.values())]


def test_a_first_word_in_the_address_stays_chosen(project, track, tess):
    page = tess.get(path(project, action="track")).content.decode()
    assert '<option value="track" selected>track: anything</option><option>track.created</option>' in page
    assert "<option selected>track.created</option>" in (
        tess.get(path(project, action="track.created")).content.decode()
    )


def test_what_is_gone_is_still_named(project, track, tess):
    actions.remove_track(track, by=project.created_by)
    assert f"track {track.pk or ''}".strip() in words(tess.get(path(project, action="track.removed")))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"action": "track"}, ["track.changed", "track.created"]),
        ({"action": "track.created"}, ["track.created"]),
        ({"action": "tra"}, []),
        ({"subject": "sprint"}, ["sprint.created"]),
        ({"q": "renamed/branch"}, ["track.changed"]),
        ({"q": "branch-a", "action": "track.changed"}, ["track.changed"]),
        ({"who": queries.PRODUCT}, ["member.set"]),
        ({"since": "2999-01-01"}, []),
        ({"until": "1999-01-01"}, []),
        ({"since": "yesterday", "action": "sprint"}, ["sprint.created"]),
        ({"who": "1 OR 1=1", "action": "sprint"}, ["sprint.created"]),
        ({"q": "a\0b", "request": "\0", "subject": "x" * 5000}, []),
    ],
)
def test_it_is_narrowed_by_its_address(project, track, tess, query, expected):
    actions.change_track(
        track,
        by=project.created_by,
        name="Data",
        branch="renamed/branch",
        owner=None,
        depends_on=(),
        checks_only=False,
    )
    assert listed(tess, project, **query) == expected


def test_one_person_and_one_request_are_shown_alone(project, track, tess):
    lena = project.created_by
    AuditEntry.objects.create(
        project=project,
        actor=lena,
        actor_name="Lena",
        action="x.done",
        subject="x:1",
        request_id="r1",
        at=NOON,
    )
    shown = tess.get(path(project, who=lena.pk)).context["lines"]
    assert {line.entry.actor_id for line in shown} == {lena.pk}
    assert len(shown) == AuditEntry.objects.filter(actor=lena).count()
    assert listed(tess, project, request="r1") == ["x.done"]
    assert listed(tess, project, since="2026-11-23", until="2026-11-23") == ["x.done"]


def test_nothing_that_satisfies_it_says_so_and_leads_back(project, tess):
    page = tess.get(path(project, action="none"))
    assert "No such entry" in words(page) and f'href="{path(project)}"' in page.content.decode()


def test_it_says_how_far_the_chain_leads(project, tess):
    assert "No entry is linked into the chain yet" in words(tess.get(path(project)))
    actions.link_entries()
    last = queries.last_link()
    assert f"linked up to number {last.number}, digest {last.digest}" in words(tess.get(path(project)))


def test_another_projects_entries_are_not_there(project, tess):
    other = factories.create_project(name="Secret plans")
    factories.create_sprint(project=other, name="Secret sprint")
    assert "Secret" not in words(tess.get(path(project)))
    assert "Secret" not in read(tess.get(path(project, ".json")))


def test_it_costs_the_same_for_many_entries_as_for_few(project, track, tess):
    def fill(keys: str) -> None:
        for key in keys:
            other = factories.create_track(sprint=track.sprint, key=key)
            factories.create_finding(track=other)
            factories.start_run(track=other)
            factories.create_criterion(track=other)

    fill("B")
    few = queries_of(tess, path(project))
    fill("CDE")
    assert queries_of(tess, path(project)) == few


def test_hostile_words_stay_text(project, track, tess):
    factories.create_criterion(track=track, definition={}, text="<script>alert(1)</script>")
    told = {"project": project, "action": "x.done", "subject": "x:1", "at": NOON}
    AuditEntry.objects.create(after={"text": "x" * 400}, **told)
    page = tess.get(path(project)).content.decode()
    assert "<script>alert(1)" not in page and "&lt;script&gt;alert(1)" in page
    assert "x" * 301 not in page


class TestAsAFile:
    def test_of_json_it_holds_all_that_the_chain_rests_on(self, project, tess):
        actions.link_entries()
        rows = json.loads(read(tess.get(path(project, ".json", action="sprint.created"))))
        (entry,) = AuditEntry.objects.filter(action="sprint.created")
        assert rows == [
            {
                **json.loads(chain.canonical(queries.chained(entry))),
                "link": entry.link.number,
                "digest": entry.link.digest,
            }
        ]

    def test_of_json_without_an_entry_it_is_an_empty_list(self, project, tess):
        assert json.loads(read(tess.get(path(project, ".json", action="none")))) == []

    def test_of_csv_no_cell_is_computed(self, project, track, tess):
        AuditEntry.objects.create(
            project=project, actor_name="=1+1", action="x.done", subject="x:1", after={"ü": "é"}, at=NOON
        )
        answer = tess.get(path(project, ".csv", action="x"))
        assert answer.headers["Content-Disposition"] == 'attachment; filename="audit.csv"'
        (row,) = csv.DictReader(StringIO(read(answer).removeprefix("\ufeff")))
        assert row["actor_name"] == "'=1+1" and row["after"] == '{"ü":"é"}' and row["link"] == ""

    @pytest.mark.parametrize("ending", [".csv", ".json"])
    def test_it_is_for_those_who_see_the_page(self, project, ending):
        assert member(project, Role.READER).get(path(project, ending)).status_code == 403

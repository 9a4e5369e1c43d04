"""The developer's page of a branch, and the claims that are made on it."""

from typing import ClassVar

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reports.models import Verification
from reports.statuses import Progress, VerdictKind
from reports.web.findings import branch as branch_page
from tests import factories
from tests.tracks.web.pages import member, queries_of, words
from tests.tracks.web.repository import make_repository
from tracks import repositories
from tracks.actions import findings
from tracks.checks import CheckDefinition, CheckKind
from tracks.errors import SubjectError
from tracks.finding_statuses import FindingStatus, Severity
from tracks.models import CheckResult, Claim, Run, Track
from tracks.statuses import CriterionKind, Role, RunState, Standing

pytestmark = pytest.mark.django_db


@pytest.fixture
def track() -> Track:
    return factories.create_track(branch="fix/prices")


@pytest.fixture
def project(track):
    return track.sprint.project


@pytest.fixture
def tess(project):
    return member(project)


RESULTS = {f"a.py::t{number}": "failed" for number in range(12)} | {"a.py::fine": "passed"}


@pytest.fixture
def run(track) -> Run:
    return factories.create_run(track=track, results=RESULTS)


def branch(project, name: str = "fix/prices") -> str:
    return f"/p/{project.slug}/branches/{name}/"


def test_a_branch_shows_the_worst_first_with_tests_and_how_to_reproduce_them(project, tess, track, run):
    tests = list(project.tests.values_list("number", flat=True))
    factories.create_finding(track=track, title="Minor", severity=Severity.LOW, tests=tests[12:])
    factories.create_finding(track=track, title="Worst", severity=Severity.CRITICAL, tests=tests)
    said = words(tess.get(branch(project)))
    assert said.index("Worst") < said.index("Minor")
    assert "and 2 more" in said
    assert "None of its 1 test is broken in initial" in said
    assert "# Python 3.12.1, pytest 9.2.0 git fetch origin refs/heads/fix/prices" in said
    assert f"git switch --detach {run.sha}" in said
    assert "python -m pytest a.py::t0 a.py::t1" in said
    assert f"/runs/{run.pk}/tests/{tests[0]}/text" in tess.get(branch(project)).content.decode()


def test_a_branch_says_what_was_tried_and_how_it_failed(project, tess, track, run, now):
    finding = factories.create_finding(track=track)
    by = project.created_by
    claim = findings.claim_fix([finding], sha="d" * 40, note="Now it *works*.", by=by, now=now)
    assert "not ruled on yet" in words(tess.get(branch(project)))
    factories.play(claim.run, results=RESULTS)
    claim.run.refresh_from_db()
    Verification.objects.update_or_create(
        finding=finding,
        run=claim.run,
        defaults={
            "kind": VerdictKind.SAME,
            "sentence": "12 of 12 fail by it.",
            "repetitions": 1,
            "state": Progress.DONE,
            "begun_at": now,
        },
    )
    findings.rule(
        finding, claim.run, fixed=False, verdict="same error persists", reason="It does not.", by=by, now=now
    )
    said = words(tess.get(branch(project)))
    for part in ("ddddddd", "by Lena", "not fixed", "Now it works .", "12 of 12 fail by it.", "It does not."):
        assert part in said


def test_tracks_of_one_branch_are_shown_beside_each_other(project, tess, track):
    twin = factories.create_track(
        sprint=factories.create_sprint(project=project, name="Sprint 2"), key="Z", branch="fix/prices"
    )
    factories.create_finding(track=track, title="Old one")
    said = words(tess.get(branch(project)))
    assert "Track Z" in said
    assert "Nothing is to be mended here" in said
    assert "Old one" in said
    assert twin.branch == track.branch


def test_a_branch_without_a_track_is_none(project, tess):
    assert tess.get(branch(project, "no/such")).status_code == 404


def test_a_branch_costs_the_same_however_much_is_open(project, tess, track, run, now):
    def add() -> None:
        finding = factories.create_finding(track=track, tests=[1, 2])
        claim = findings.claim_fix([finding], sha=factories.sha(), note="", by=project.created_by, now=now)
        findings.withdraw_claim(claim, by=project.created_by, now=now)

    add()
    few = queries_of(tess, branch(project))
    for _ in range(4):
        add()
    assert queries_of(tess, branch(project)) == few <= 20


def test_no_vector_of_a_retest_is_read_for_what_was_tried(project, tess, track, run, now):
    finding = factories.create_finding(track=track)
    findings.claim_fix([finding], sha=factories.sha(), note="", by=project.created_by, now=now)
    tess.get(branch(project))
    with CaptureQueriesContext(connection) as captured:
        tess.get(branch(project))
    reads = [query["sql"] for query in captured if '"outcomes"' in query["sql"].split(" FROM ")[0]]
    assert len(reads) == 1, "only the latest run's, for its tests"


def test_a_branch_with_much_to_mend_shows_it_page_by_page(project, tess, track, monkeypatch):
    monkeypatch.setattr(branch_page, "PAGE", 2)
    for title in ("First", "Second", "Third"):
        factories.create_finding(track=track, title=title)
    page = tess.get(branch(project))
    assert "1 to 2 of 3" in words(page)
    assert "Third" not in words(page)
    assert f'href="{branch(project)}?page=2"' in page.content.decode()
    assert "Third" in words(tess.get(f"{branch(project)}?page=2"))


def test_a_finding_of_an_error_alone_shows_the_tests_that_had_it(project, tess, track, run):
    signature = run.failures.select_related("signature").first().signature
    factories.create_finding(track=track, signature=signature, found_in=run)
    few = queries_of(tess, branch(project))
    factories.create_finding(track=track, title="Again", signature=signature, found_in=run)
    said = words(tess.get(branch(project)))
    assert "and 2 more" in said
    assert "python -m pytest a.py::t0 a.py::t1" in said
    assert queries_of(tess, branch(project)) == few


def test_a_finding_of_a_check_shows_what_is_looked_at_and_its_command(project, tess, track):
    definition = CheckDefinition(CheckKind.EXIT_CODE, command="./seed --check").to_json()
    kind = CriterionKind.CHECK
    criterion = factories.create_criterion(
        track=track, text="Seeds are whole", kind=kind, definition=definition
    )
    run = factories.create_run(track=track, passed=1)
    CheckResult.objects.update_or_create(
        run=run,
        criterion=criterion.pk,
        defaults={"standing": Standing.FAILS, "sentence": "It ended with 3, not 0.", "seconds": 1},
    )
    factories.create_finding(track=track, criterion=criterion, evidence="Seen *twice*.")
    said = words(tess.get(branch(project)))
    for part in ("Seeds are whole", "It ended with 3, not 0.", "./seed --check", "Seen twice ."):
        assert part in said
    assert f"git switch --detach {run.sha} ./seed --check" in said
    assert "python -m pytest" not in said


def test_a_branch_that_has_checks_only_shows_them_as_they_are_now(project, tess, track):
    Track.objects.filter(pk=track.pk).update(checks_only=True)
    track.refresh_from_db()
    criterion = factories.create_criterion(track=track, text="Seeds", kind=CriterionKind.CHECK)
    run = factories.start_run(track=track)
    Run.objects.filter(pk=run.pk).update(state=RunState.FINISHED, ended_at=factories.NOON, balanced=True)
    factories.create_finding(track=track, criterion=criterion)
    said = words(tess.get(branch(project)))
    assert "last tested: initial" in said
    assert f"git switch --detach {run.sha}" in said


def test_a_commit_is_named_by_its_first_characters_where_a_run_knows_it(project, tess, track):
    factories.create_finding(track=track)
    run = factories.create_run(track=track, at="abcdef0" + "1" * 33, failed=1)
    address = f"/p/{project.slug}/s/{track.sprint.slug}/t/A/claim"
    assert tess.post(address, {"finding": [1], "sha": "abcdef1"}).status_code == 422
    assert tess.post(address, {"finding": [1], "sha": "ABCDEF0"}).status_code == 302
    assert Claim.objects.get().sha == run.sha


class TestARefusedClaim:
    """Nothing that was typed is lost."""

    TYPED: ClassVar = {"finding": [1], "note": "Mended <now>.", "sha": "abc"}

    def test_on_the_branchs_page(self, project, tess, track):
        factories.create_finding(track=track)
        other = factories.create_track(sprint=track.sprint, key="B", branch="fix/prices")
        factories.create_finding(track=other)
        answer = tess.post(f"/p/{project.slug}/s/{track.sprint.slug}/t/A/claim", self.TYPED)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "is no commit" in words(answer)
        assert page.count("Mended &lt;now&gt;.</textarea>") == page.count(" checked>") == 1
        assert f'name="back" value="{branch(project)}"' in page
        assert not Claim.objects.exists()

    def test_on_the_findings_page(self, project, tess, track):
        factories.create_finding(track=track)
        place = f"/p/{project.slug}/s/{track.sprint.slug}/t/A"
        answer = tess.post(f"{place}/claim", self.TYPED | {"form": "finding"})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert page.count("Mended &lt;now&gt;.</textarea>") == 1
        assert 'value="abc"' in page
        back = reverse("reports:finding", args=[project.slug, track.sprint.slug, "A", 1])
        assert f'name="back" value="{back}"' in page

    def test_because_the_repository_does_not_answer(self, project, tess, track, monkeypatch):
        def refuse(*_: object) -> str:
            raise SubjectError("The repository does not answer.")

        monkeypatch.setattr(repositories, "resolve_branch", refuse)
        factories.create_finding(track=track)
        answer = tess.post(f"/p/{project.slug}/s/{track.sprint.slug}/t/A/claim", self.TYPED | {"sha": ""})
        assert answer.status_code == 502
        assert "The repository does not answer." in words(answer)
        assert "Mended &lt;now&gt;.</textarea>" in answer.content.decode()


def test_a_claim_is_of_the_branchs_head_unless_a_commit_is_given(settings, tmp_path, now):
    settings.ALLOW_LOCAL_REPOSITORIES = True
    repository = make_repository(tmp_path / "ledger", "main", "fix/prices")
    project = factories.create_project(repository=repository)
    track = factories.create_track(sprint=factories.create_sprint(project=project), branch="fix/prices")
    dev = member(project, Role.DEVELOPER, name="Dev")
    first, second = (factories.create_finding(track=track) for _ in range(2))
    address = f"/p/{project.slug}/s/{track.sprint.slug}/t/A/claim"
    done = dev.post(address, {"finding": [first.number], "note": "Mended.", "back": branch(project)})
    assert done.headers["Location"] == branch(project)
    assert Claim.objects.get().sha == repositories.resolve_branch(project, "fix/prices")
    sha = factories.sha()
    dev.post(address, {"finding": [second.number], "sha": sha.upper(), "back": "https://evil.example.org/"})
    assert Claim.objects.latest("id").sha == sha
    claims = Claim.objects.count()
    for bad in ({"finding": [first.number], "sha": sha}, {"sha": sha}, {"finding": ["x"], "sha": "--upload"}):
        assert dev.post(address, bad).status_code == 422
    assert Claim.objects.count() == claims
    withdrawn = dev.post(
        f"/p/{project.slug}/claims/{Claim.objects.earliest('id').pk}/withdraw", {"back": "//evil"}
    )
    assert withdrawn.headers["Location"] == f"/p/{project.slug}/s/{track.sprint.slug}/t/A/"
    first.refresh_from_db()
    assert first.status == FindingStatus.OPEN

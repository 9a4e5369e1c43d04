"""What a track must show: written down, held against its runs, looked at by hand."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from reports import actions as conclusions
from reports.criteria_queries import runs_to_judge, standings_of
from reports.models import CriterionResult
from tests import factories
from tests.tracks.web.pages import member, queries_of, words
from tracks import actions
from tracks.actions.attachments import BYTES, clean_name
from tracks.checks import CheckDefinition, CheckKind
from tracks.criteria import Rule, TestsDefinition
from tracks.errors import InvalidInput
from tracks.events import CheckFinished, Prepared, StageStarted
from tracks.execution.spec import RunSpec
from tracks.models import Attachment, AuditEntry, Criterion, Run, Tick, Track
from tracks.statuses import CriterionKind, Role, RunState, Stage, Standing, Weight

pytestmark = pytest.mark.django_db

EXISTS = CheckDefinition(CheckKind.EXISTS, path="Makefile").to_json()
GREEN = TestsDefinition(Rule.AT_MOST_BROKEN).to_json()
NOT_WORSE = TestsDefinition(Rule.NOTHING_WORSE).to_json()


@pytest.fixture
def track() -> Track:
    return factories.create_track(sprint=factories.create_sprint(), name="Settings")


def path(track: Track, rest: str = "") -> str:
    return f"/p/{track.sprint.project.slug}/s/{track.sprint.slug}/t/{track.key}/{rest}"


def add(track: Track, *criteria: tuple[str, CriterionKind, dict[str, object]]) -> list[Criterion]:
    return [
        factories.create_criterion(track=track, text=text, kind=kind, definition=definition)
        for text, kind, definition in criteria
    ]


def change(criterion: Criterion, text: str) -> None:
    lena = criterion.track.sprint.project.created_by
    actions.change_criterion(
        criterion, version=criterion.version, text=text, weight=Weight.BLOCKING, definition={}, by=lena
    )


def check_alone(track: Track, *standings: Standing, at: str = "", output: str = "") -> Run:
    """A run of checks alone, in which they come out like this."""
    run = factories.start_run(track=track, at=at)
    checks = RunSpec.from_json(run.spec).checks
    recording = actions.Recording(factories.claim(run), now=factories.NOON)
    told = [
        CheckFinished(check.criterion, standing, "", "It was looked at.", 0, output, 0.5)
        for check, standing in zip(checks, standings, strict=True)
    ]
    for event in (Prepared({"tier": "bubblewrap"}), StageStarted(Stage.CHECK), *told):
        recording.record(event, now=factories.NOON)
    recording.finish(now=factories.NOON)
    return Run.objects.get(pk=run.pk)


def test_a_run_is_held_against_the_criteria_that_its_track_had_when_it_was_started(track):
    factories.create_baseline(sprint=track.sprint, passed=2)
    add(track, ("All green", CriterionKind.TESTS, GREEN), ("No worse", CriterionKind.TESTS, NOT_WORSE))
    run = factories.create_run(track=track, passed=1, failed=1)
    actions.remove_criterion(Criterion.objects.first(), by=track.sprint.project.created_by)
    shown = standings_of(run)
    assert [(each.text, each.standing) for each in shown] == [
        ("All green", Standing.FAILS),
        ("No worse", Standing.FAILS),
    ]
    assert shown[1].tests == (2,) and "newly failing" in shown[1].sentence
    said = words(member(track.sprint.project).get(f"/p/{track.sprint.project.slug}/runs/{run.pk}/criteria"))
    for part in ("0 of 2 criteria hold", "test_it.py:: test_2", "criteria have changed"):
        assert part in said


def test_what_waits_for_a_baseline_is_judged_when_that_has_ended(track):
    add(track, ("No worse", CriterionKind.TESTS, NOT_WORSE))
    run = factories.create_run(track=track, passed=2)
    assert standings_of(run)[0].standing is Standing.UNKNOWN
    factories.create_baseline(sprint=track.sprint, passed=2)
    conclusions.judge_due(track.sprint, now=factories.NOON)
    assert standings_of(run)[0].standing is Standing.HOLDS


@pytest.mark.parametrize(("results", "state"), [({}, RunState.BROKEN), ({"a.py::one": "failed"}, None)])
def test_a_baseline_that_did_not_end_in_order_is_no_measure(track, results, state):
    add(track, ("No worse", CriterionKind.TESTS, NOT_WORSE))
    base = factories.create_baseline(sprint=track.sprint, results=results)
    Run.objects.filter(pk=base.pk).update(state=state or RunState.INCOMPLETE)
    [shown] = standings_of(factories.create_run(track=track, passed=1))
    assert (shown.standing, "ended in order" in shown.sentence) == (Standing.UNKNOWN, True)


def test_a_new_baseline_is_held_against_the_latest_run_of_each_track_alone(track):
    add(track, ("No worse", CriterionKind.TESTS, NOT_WORSE))
    runs = [factories.create_run(track=track, passed=1) for _ in range(3)]
    factories.create_baseline(sprint=track.sprint, passed=1)
    Run.objects.update(criteria=runs[0].criteria)
    assert runs_to_judge(now=factories.NOON + timedelta(days=2)) == []
    CriterionResult.objects.all().delete()
    assert runs_to_judge(now=factories.NOON + timedelta(days=2)) == [runs[2].pk]
    assert runs_to_judge(track.sprint, now=factories.NOON) == [run.pk for run in reversed(runs)]


def test_a_run_that_cannot_be_judged_keeps_no_other_from_it(track):
    add(track, ("All green", CriterionKind.TESTS, GREEN))
    runs = [factories.create_run(track=track, passed=1) for _ in range(2)]
    CriterionResult.objects.all().delete()
    Run.objects.filter(pk=runs[1].pk).update(criteria=[{**runs[1].criteria[0], "definition": {}}])
    conclusions.judge_due(track.sprint, now=factories.NOON)
    assert [row.run_id for row in CriterionResult.objects.all()] == [runs[0].pk]


def test_a_track_of_checks_alone_has_runs_without_tests_that_end_in_order(track):
    Track.objects.filter(pk=track.pk).update(checks_only=True)
    actions.change_project(track.sprint.project, by=track.sprint.project.created_by, shards=3)
    add(track, ("There is one", CriterionKind.CHECK, EXISTS), ("And another", CriterionKind.CHECK, EXISTS))
    run = check_alone(track, Standing.HOLDS, Standing.FAILS, output="\x1b[31mred\x1b[0m <b>")
    assert (run.state, run.balanced, run.collected, run.shards.count()) == (RunState.FINISHED, True, 0, 1)
    client = member(track.sprint.project)
    board = words(client.get(path(track).rpartition("/t/")[0] + "/"))
    assert "1 of 2 checks hold" in board and "no test ran" not in board
    page = words(client.get(path(track)))
    assert "checks only: no test is run" in page and "Nothing to compare with" not in page
    section = f"/p/{track.sprint.project.slug}/runs/{run.pk}/criteria"
    assert "red" not in words(client.get(section))
    key = run.criteria[0]["id"]
    assert f"{section}/{key}/output" in client.get(section).content.decode()
    printed = client.get(f"{section}/{key}/output").content.decode()
    assert '<span class="a-red">red</span> &lt;b&gt;' in printed
    assert "books balance" not in words(client.get(f"/p/{track.sprint.project.slug}/runs/{run.pk}/"))


def test_a_check_that_was_not_looked_at_leaves_the_run_incomplete(track):
    add(track, ("There is one", CriterionKind.CHECK, EXISTS))
    run = factories.create_run(track=track, passed=1)
    assert (run.state, run.reason) == (RunState.INCOMPLETE, "0 of 1 checks have a result; 1 missing.")


def test_a_track_of_checks_alone_without_a_check_has_nothing_to_run(track):
    Track.objects.filter(pk=track.pk).update(checks_only=True)
    add(track, ("Looks right", CriterionKind.MANUAL, {}), ("All green", CriterionKind.TESTS, GREEN))
    with pytest.raises(InvalidInput, match="has no checks") as refusal:
        factories.start_run(track=track)
    assert "Write down a check" in refusal.value.remedy
    page = words(member(track.sprint.project).get(path(track, "criteria/new/each-passes/")))
    assert "Track A runs no tests" in page


def test_the_boards_queries_do_not_grow_with_criteria(track):
    url = path(track).rpartition("/t/")[0] + "/"
    client = member(track.sprint.project)
    add(track, ("All green", CriterionKind.TESTS, GREEN))
    factories.create_run(track=track, passed=1)
    few = queries_of(client, url)
    other = factories.create_track(sprint=track.sprint, key="B")
    add(other, *[(f"Green {number}", CriterionKind.TESTS, GREEN) for number in range(5)])
    factories.create_run(track=other, passed=1)
    assert queries_of(client, url) == few


def test_a_check_that_is_recorded_twice_is_kept_once(track):
    add(track, ("There is one", CriterionKind.CHECK, EXISTS))
    run = factories.start_run(track=track)
    [check] = RunSpec.from_json(run.spec).checks
    recording = actions.Recording(factories.claim(run), now=factories.NOON)
    for standing in (Standing.FAILS, Standing.HOLDS):
        recording.record(CheckFinished(check.criterion, standing, "", "x", None, "", 1.0), now=factories.NOON)
        recording.record(StageStarted(Stage.AFTER), now=factories.NOON)
    assert [row.standing for row in run.check_results.all()] == [Standing.HOLDS]


def test_what_somebody_saw_counts_for_every_run_of_the_same_commit(track):
    [criterion] = add(track, ("Looks right", CriterionKind.MANUAL, {}))
    first = factories.create_run(track=track, passed=1)
    again = factories.create_run(track=track, at=first.sha, passed=1)
    other = factories.create_run(track=track, passed=1)
    tess = member(track.sprint.project)
    tick = f"/p/{track.sprint.project.slug}/runs/{first.pk}/criteria/{criterion.pk}/tick"
    log = SimpleUploadedFile("../../<b>log</b>\u202e.html", b"<script>alert(1)</script>")
    tess.post(tick, {"holds": "yes", "evidence": "**seen**", "file": log})
    assert standings_of(first)[0].standing is standings_of(again)[0].standing is Standing.HOLDS
    assert standings_of(other)[0].sentence == "Nobody has looked yet."
    section = tess.get(f"/p/{track.sprint.project.slug}/runs/{again.pk}/criteria").content.decode()
    assert "<strong>seen</strong>" in section and f"at run {first.pk} of the same commit" in section
    kept = Attachment.objects.get()
    page = tess.get(f"/p/{track.sprint.project.slug}/attachments/{kept.pk}/")
    assert page["Content-Disposition"].startswith("attachment;")
    assert page["X-Content-Type-Options"] == "nosniff"
    assert (page["Content-Type"], kept.name) == ("application/octet-stream", "b>.html")
    tess.post(tick, {"holds": "no", "evidence": "not any more"})
    assert [each.holds for each in Tick.objects.all()] == [False]
    assert AuditEntry.objects.filter(action="criterion.ticked").count() == 2


def test_what_somebody_saw_counts_for_the_words_that_were_looked_at(track):
    [criterion] = add(track, ("Looks right", CriterionKind.MANUAL, {}))
    lena = track.sprint.project.created_by
    run = factories.create_run(track=track, passed=1)
    actions.tick_criterion(run, criterion.pk, holds=True, evidence="x", by=lena, now=factories.NOON)
    change(criterion, "Looks wrong")
    again = factories.create_run(track=track, at=run.sha, passed=1)
    assert [standings_of(each)[0].standing for each in (run, again)] == [Standing.HOLDS, Standing.UNKNOWN]


def test_what_somebody_saw_of_a_criterion_stays_when_that_is_removed(track):
    [criterion] = add(track, ("Looks right", CriterionKind.MANUAL, {}))
    lena = track.sprint.project.created_by
    run = factories.create_run(track=track, passed=1)
    file = ("log.txt", b"x")
    actions.tick_criterion(run, criterion.pk, holds=True, evidence="", file=file, by=lena, now=factories.NOON)
    actions.remove_criterion(criterion, by=lena)
    assert standings_of(run)[0].standing is Standing.HOLDS
    kept = Attachment.objects.get()
    page = member(track.sprint.project).get(f"/p/{track.sprint.project.slug}/attachments/{kept.pk}/")
    assert page.content == b"x"


@pytest.mark.parametrize(
    ("evidence", "size", "said"),
    [("", 0, "What you have seen is missing"), ("x", BYTES + 1, "more than 5 MiB")],
)
def test_a_tick_without_evidence_or_with_too_much_is_refused(track, evidence, size, said):
    [criterion] = add(track, ("Looks right", CriterionKind.MANUAL, {}))
    run = factories.create_run(track=track, passed=1)
    with pytest.raises(InvalidInput, match=said):
        actions.tick_criterion(
            run,
            criterion.pk,
            holds=True,
            evidence=evidence,
            file=("a", b"x" * size) if size else None,
            by=track.sprint.project.created_by,
            now=factories.NOON,
        )
    assert not Tick.objects.exists()


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("C:\\logs\\a.txt", "a.txt"),
        ("..", "file"),
        ("a\nb\0.txt", "ab.txt"),
        (f"{'x' * 300}.tar", f"{'x' * 196}.tar"),
    ],
)
def test_a_files_name_is_a_name_and_no_path(name, cleaned):
    assert clean_name(name) == cleaned


@pytest.mark.parametrize(
    ("template", "fields", "kind"),
    [
        (
            "at-most-broken",
            {"places": "tests/utils\r\n", "failed": 0, "errors_allowed": 0},
            "at most so many broken",
        ),
        (
            "number",
            {"command": "x", "seconds": 5, "pattern": r"(\d+)", "operator": "≥", "bound": 8},
            "number in the output",
        ),
        ("files", {"path": "deploy", "glob": "*.yml", "operator": "≥", "bound": 5}, "folder holds files"),
    ],
)
def test_a_template_asks_for_its_own_fields_only(track, template, fields, kind):
    tess = member(track.sprint.project)
    url = path(track, f"criteria/new/{template}/")
    assert tess.post(url, {"text": "", "weight": "blocking"}).status_code == 422
    asked = tess.post(url, {"text": "As agreed", "weight": "advisory", **fields}, follow=True)
    assert "As agreed" in words(asked)
    made = Criterion.objects.get()
    assert kind in (made.definition.get("rule"), made.definition.get("kind"))
    edit = f"/p/{track.sprint.project.slug}/criteria/{made.pk}/"
    assert 'value="As agreed"' in tess.get(edit).content.decode()
    tess.post(edit, {"text": "Changed", "weight": "blocking", "version": "1", **fields})
    assert (Criterion.objects.get().text, Criterion.objects.get().weight) == ("Changed", "blocking")


def test_the_second_who_edits_a_criterion_is_told_and_loses_nothing(track):
    [criterion] = add(track, ("Looks right", CriterionKind.MANUAL, {}))
    tess, edit = member(track.sprint.project), f"/p/{track.sprint.project.slug}/criteria/{criterion.pk}/"
    mine = {"text": "Looks fine", "weight": "blocking", "version": "1"}
    change(criterion, "Looks wrong")
    refused = tess.post(edit, mine)
    assert refused.status_code == 422 and "It is now: Looks wrong (blocking;" in words(refused)
    said = refused.content.decode()
    assert 'value="Looks fine"' in said and Criterion.objects.get().text == "Looks wrong"
    again = re.search(r'name="version" value="(\d+)"', said)
    tess.post(edit, mine | {"version": again[1]})
    assert Criterion.objects.get().text == "Looks fine"


def test_a_pattern_that_cannot_be_used_is_refused_at_its_field(track):
    tess = member(track.sprint.project)
    page = tess.post(
        path(track, "criteria/new/no-line/"),
        {"text": "x", "weight": "blocking", "path": "a", "pattern": "(a"},
    )
    assert page.status_code == 422
    assert "cannot be used as a regular expression: missing )" in words(page)


def test_criteria_are_moved_removed_and_copied(track):
    first, second = add(track, ("One", CriterionKind.MANUAL, {}), ("Two", CriterionKind.CHECK, EXISTS))
    tess, base = member(track.sprint.project), f"/p/{track.sprint.project.slug}/criteria"
    tess.post(f"{base}/{second.pk}/move/", {"to": "up"})
    assert [each.text for each in track.criteria.all()] == ["Two", "One"]
    later = factories.create_track(
        sprint=factories.create_sprint(project=track.sprint.project, name="Sprint 2"), key="B"
    )
    for said in ("2 criteria are copied", "no criteria that are not here"):
        assert said in words(tess.post(path(later, "criteria/copy/"), {"source": track.pk}, follow=True))
    assert [each.text for each in later.criteria.all()] == ["Two", "One"]
    tess.post(f"{base}/{first.pk}/remove/")
    assert [each.text for each in track.criteria.all()] == ["Two"]
    elsewhere = factories.create_track()
    assert "Choose the track" in words(
        tess.post(path(track, "criteria/copy/"), {"source": elsewhere.pk}, follow=True)
    )


def test_who_may_not_tick_sees_why(track):
    add(track, ("Looks right", CriterionKind.MANUAL, {}))
    run = factories.create_run(track=track, passed=1)
    dev = member(track.sprint.project, Role.DEVELOPER)
    said = words(dev.get(f"/p/{track.sprint.project.slug}/runs/{run.pk}/criteria"))
    assert "Only a tester or lead may record findings" in said and "Note it" not in said


class TestAFindingOfACriterion:
    @pytest.fixture
    def run(self, track) -> Run:
        """The first of its checks fails."""
        Track.objects.filter(pk=track.pk).update(checks_only=True)
        add(track, ("Built", CriterionKind.CHECK, EXISTS), ("Tidy", CriterionKind.CHECK, EXISTS))
        return check_alone(track, Standing.FAILS, Standing.HOLDS)

    def criteria(self, run: Run, role: Role = Role.TESTER):
        return member(run.project, role).get(f"/p/{run.project.slug}/runs/{run.pk}/criteria")

    def test_is_recorded_from_where_it_fails(self, track, run):
        page = unescape(self.criteria(run).content.decode())
        [link] = re.findall(r'href="([^"]*[?]run=[^"]*)">Record a finding', page)
        assert link == path(track, f"findings/new?run={run.pk}&criterion={track.criteria.first().pk}")
        form = unescape(member(run.project).get(link).content.decode())
        assert "Built" in form

    def test_is_no_developers_to_record(self, run):
        assert re.search(
            r"disabled[^>]*>Record a finding", self.criteria(run, Role.DEVELOPER).content.decode()
        )

    def test_is_none_of_one_that_was_removed(self, track, run):
        actions.remove_criterion(track.criteria.first(), by=track.sprint.project.created_by)
        assert "Record a finding" not in words(self.criteria(run))

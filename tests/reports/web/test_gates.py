"""A track's gates: read on its page, waived, and set up."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from reports import actions
from reports.models import GatePolicy, Waiver
from reports.statuses import GateKind, MergeResult
from tests import factories
from tests.reports.approving import merges
from tests.tracks.web.pages import member, queries_of, words
from tracks.errors import InvalidInput
from tracks.finding_statuses import Severity
from tracks.models import AuditEntry, Project, Run, Sprint, Track, User
from tracks.statuses import Role

pytestmark = pytest.mark.django_db
BASE = {"a.py::one": "passed", "a.py::two": "passed", "a.py::three": "passed"}
WORSE = BASE | {"a.py::two": "failed"}
REASON = "It is known to be flaky, see A-1."


@pytest.fixture
def track() -> Track:
    sprint = factories.create_sprint(min_passed=3)
    factories.create_baseline(sprint=sprint, results=BASE)
    Project.objects.update(separates_duties=False)  # git was asked nothing here: nobody knows who wrote it
    return factories.create_track(sprint=sprint)


@pytest.fixture
def run(track) -> Run:
    """A test fails that passed in the baseline; the branch's head is tested."""
    run = factories.create_run(track=track, results=WORSE)
    Track.objects.filter(pk=track.pk).update(head=run.sha)
    return run


def url(track: Track, name: str, *rest: object) -> str:
    place = [track.sprint.project.slug, track.sprint.slug, track.key]
    return reverse(f"reports:{name}", args=[*place, *rest])


def waive(track: Track, run: Run, kind: GateKind = GateKind.PASSED, **changes: object) -> Waiver:
    now = timezone.now()
    given = {"sha": run.sha, "reason": REASON, "expires_at": now + timedelta(days=7), "now": now}
    return actions.waive(track, kind, by=track.sprint.project.created_by, **(given | changes))


def typed(run: Run, **changes: object) -> dict[str, object]:
    until = timezone.now().date() + timedelta(days=7)
    return {"sha": run.sha, "reason": REASON, "until": until.isoformat()} | changes


class TestThePage:
    def test_says_what_the_gates_speak_for_and_how_far_each_is_from_holding(self, track, run):
        said = words(member(run.project).get(url(track, "track_gates")))
        assert "The gates speak against it" in said
        assert "Tests passed 2 passed asked: ≥ 3 1 more must pass" in said
        assert "1 test breaks that did not in the baseline." in said

    def test_shows_the_lines_that_cannot_be_merged(self, track, run):
        told = {"path": "<b>.py", "kind": "content", "hunks": [{"line": 7, "text": "<i>mine"}]}
        base = Run.objects.get(kind="baseline").sha
        merges(track, base=base, head=run.sha, result=MergeResult.CONFLICT, conflicts=[told])
        page = member(run.project).get(url(track, "track_gates")).content.decode()
        assert "from line 7" in page
        assert "&lt;i&gt;mine" in page
        assert "<i>mine" not in page

    def test_leads_to_the_trial_integration_that_took_the_track(self, track, run):
        project, client = run.project, member(run.project)
        of_sprint = reverse("reports:integrations", args=[project.slug, track.sprint.slug])
        assert f'href="{of_sprint}"' in client.get(url(track, "track_gates")).content.decode()
        sprint = Sprint.objects.get(pk=track.sprint_id)
        found = actions.start_integration(sprint, [track], by=project.created_by, now=timezone.now())
        address = reverse("reports:integration", args=[project.slug, found.pk])
        assert f'href="{address}"' in client.get(url(track, "track_gates")).content.decode()

    def test_says_of_a_track_without_runs_that_it_is_too_early(self, track):
        said = words(member(track.sprint.project).get(url(track, "track_gates")))
        assert "It is too early to decide The track has not been tested yet." in said

    def test_shows_what_stands_behind_each_gate(self, track, run):
        page = unescape(member(run.project).get(url(track, "track_gates")).content.decode())
        base = track.sprint.baseline_id or Run.objects.get(kind="baseline").pk
        for address in (
            reverse("tracks:run", args=[run.project.slug, run.pk]),
            f"?base={base}&head={run.pk}",
            url(track, "losses"),
            f"{url(track, 'track')}#criteria",
            f"{url(track, 'track')}#findings",
        ):
            assert f'{address}"' in page

    def test_is_fetched_by_the_tracks_page_for_the_latest_iteration_alone(self, track, run):
        factories.create_run(track=track, results=BASE)
        client, place = member(run.project), url(track, "track")
        assert url(track, "track_gates") in client.get(place).content.decode()
        assert url(track, "track_gates") not in client.get(f"{place}?iteration=0").content.decode()

    def test_costs_as_many_queries_with_six_tracks_as_with_two(self, track, run):
        client, place = member(run.project), url(track, "track_gates")

        def grow(keys: str) -> int:
            for key in keys:
                other = factories.create_track(sprint=track.sprint, key=key)
                factories.create_run(track=other, results=WORSE)
            return queries_of(client, place)

        assert grow("B") == grow("CDEF")

    def test_keeps_what_a_branch_says_as_text(self, track, run):
        Run.objects.filter(pk=run.pk).update(state="incomplete", reason="<script>alert(1)</script>")
        page = member(run.project).get(url(track, "track_gates")).content.decode()
        assert "<script>" not in page
        assert "<bdi>The run is incomplete. &lt;script&gt;alert(1)" in page


class TestAWaiver:
    def test_is_given_in_the_gates_row_and_stands_there(self, track, run):
        client = member(run.project)
        answer = client.post(url(track, "waive", "passed"), typed(run))
        assert answer.status_code == 302 and answer.url == f"{url(track, 'track')}#gates"
        kept = Waiver.objects.get()
        assert (kept.gate, kept.sha, str(kept.by)) == (GateKind.PASSED, run.sha, "Tess")
        page = client.get(url(track, "track_gates"))
        assert re.search(r"\d+ of \d+ open, 1 waived", words(page))
        assert re.search(r"gates: \d+ of \d+ open, 1 waived", words(client.get(url(track, "track")[:-4])))
        until = f"{kept.expires_at:%-d %B %Y}"
        assert f"waived by Tess until {until} : {REASON}" in words(page).replace(" until  ", " until ")
        assert AuditEntry.objects.get(action="gate.waived").after["sha"] == run.sha

    def test_counts_to_the_end_of_its_last_day(self, track, run):
        day = timezone.now().date() + timedelta(days=3)
        member(run.project).post(url(track, "waive", "passed"), typed(run, until=day.isoformat()))
        assert Waiver.objects.get().expires_at.isoformat() == f"{day}T23:59:59.999999+00:00"

    def test_is_withdrawn_where_it_stands(self, track, run):
        kept, client = waive(track, run), member(run.project)
        place = reverse("reports:withdraw_waiver", args=[run.project.slug, kept.pk])
        assert place in client.get(url(track, "track_gates")).content.decode()
        client.post(place)
        assert Waiver.objects.get().withdrawn_at is not None
        assert "1 more must pass" in words(client.get(url(track, "track_gates")))
        assert client.post(place).status_code == 400

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"reason": "short"}, "A reason has 10 characters at least."),
            ({"reason": "x" * 2_001}, "at most 2000 characters"),
            ({"reason": f"{REASON}\0"}, "Null characters are not allowed."),
            ({"until": ""}, "This field is required."),
            ({"until": "9999-12-31"}, "A waiver ends within the next 90 days."),
            ({"until": str(date(2020, 1, 1))}, "A waiver ends within the next 90 days."),
            ({"sha": "f" * 40}, "Another commit was tested meanwhile"),
            ({"sha": ""}, "Another commit was tested meanwhile"),
        ],
    )
    def test_that_will_not_do_is_refused_and_its_reason_stays_typed(self, track, run, changes, said):
        page = member(run.project).post(url(track, "waive", "passed"), typed(run, **changes))
        assert page.status_code == 422 and not Waiver.objects.exists()
        assert said in unescape(words(page))
        assert str(changes.get("reason", REASON)).replace("\0", "") in unescape(page.content.decode())

    @pytest.mark.parametrize(
        ("kind", "said"),
        [
            (GateKind.RUN, "cannot be waived"),
            (GateKind.DEPENDENCIES, "cannot be waived"),
            (GateKind.HEAD, "cannot be waived"),
            (GateKind.TOTAL, "holds: there is nothing to waive"),
            (GateKind.FAILED, "is not asked for here"),
        ],
    )
    def test_is_none_of_a_gate_that_needs_none_or_takes_none(self, track, run, kind, said):
        with pytest.raises(InvalidInput, match=said):
            waive(track, run, kind)
        page = member(run.project).get(url(track, "waive", kind.name.lower()))
        assert page.status_code == 200 and "<textarea" not in page.content.decode()

    def test_is_given_once(self, track, run):
        waive(track, run)
        with pytest.raises(InvalidInput, match="Lena has waived it already"):
            waive(track, run)

    def test_takes_a_run(self, track, run):
        other = factories.create_track(sprint=track.sprint, key="B")
        with pytest.raises(InvalidInput, match="no commit to waive it for"):
            waive(other, run)

    def test_is_no_developers_to_give_and_the_button_says_so(self, track, run):
        waive(track, run)
        page = member(run.project, Role.DEVELOPER).get(url(track, "track_gates")).content.decode()
        assert "<textarea" not in page
        buttons = [each for each in re.findall(r"<button[^>]*>[^<]*", page) if "Decide" not in each]
        assert buttons and all("Only a tester or lead may waive gates" in each for each in buttons)

    def test_is_no_authors_to_give_and_what_they_typed_stays(self, track, run):
        merges(track, base=Run.objects.get(kind="baseline").sha, head=run.sha)
        Project.objects.update(separates_duties=True)
        dev = member(run.project, name="Dev")
        page = dev.get(url(track, "track_gates")).content.decode()
        assert "<textarea" not in page
        assert re.search(r'disabled title="You wrote commits[^>]*aria-label="Waive: tests passed"', page)
        alone = dev.get(url(track, "waive", "passed"))
        assert (
            "You wrote commits of this branch" in words(alone) and "<textarea" not in alone.content.decode()
        )
        page = dev.post(url(track, "waive", "passed"), typed(run))
        assert page.status_code == 422 and not Waiver.objects.exists()
        assert "somebody else has to waive its gates" in words(page) and REASON in words(page)

    def test_of_a_gate_that_is_none_is_not_found(self, track, run):
        assert member(run.project).get(url(track, "waive", "nothing")).status_code == 404


class TestSettingGatesUp:
    def of_sprint(self, track: Track) -> str:
        return reverse("reports:sprint_policy", args=[track.sprint.project.slug, track.sprint.slug])

    def chosen(self, *kinds: GateKind, version: int = 0, **fields: object) -> dict[str, object]:
        return {"gates": [kind.name for kind in kinds], "severity": "high", "version": version} | fields

    def test_the_gates_of_a_sprint_hold_for_its_tracks(self, track, run):
        tess = member(run.project, Role.LEAD)
        page = tess.get(self.of_sprint(track))
        assert "≥ 3 passed" in words(page) and "Only a lead may ask less" not in words(page)
        answer = tess.post(self.of_sprint(track), self.chosen(GateKind.HEAD, severity="low"), follow=True)
        assert "They hold for every track at once" in words(answer)
        said = words(tess.get(url(track, "track_gates")))
        assert "The books balance" in said and "What it depends on is approved" in said
        assert "Tests passed" not in said and "4 of" not in said and "3 of 3 open" in said
        entry = AuditEntry.objects.get(action="gates.changed")
        assert entry.after["severity"] == "low" and len(entry.before["gates"]) == len(GateKind)

    @pytest.mark.parametrize("who", ["tester", "program"])
    def test_only_a_lead_who_is_a_person_asks_for_less(self, track, run, who):
        Sprint.objects.filter(pk=track.sprint_id).update(max_failed=1)
        role = Role.TESTER if who == "tester" else Role.LEAD
        client = member(run.project, role, "Tess")
        User.objects.filter(first_name="Tess").update(is_service=who == "program")
        why = "Only a lead may ask less of tracks" if who == "tester" else "service account"
        place = url(track, "track_policy")
        of_sprint = reverse("tracks:edit_sprint", args=[track.sprint.project.slug, track.sprint.slug])
        targets = {"name": "Sprint 1", "base_branch": "main", "min_passed": "3"}
        for page in (self.of_sprint(track), place, of_sprint):
            assert why in words(client.get(page))
        for page, fields in (
            (self.of_sprint(track), self.chosen(GateKind.HEAD)),
            (self.of_sprint(track), self.chosen(*GateKind, severity="critical")),
            (of_sprint, targets | {"max_failed": "2"}),
            (of_sprint, targets | {"max_failed": ""}),
            (of_sprint, targets | {"max_failed": "1", "min_passed": "2"}),
        ):
            refused = client.post(page, fields)
            assert refused.status_code == 422 and why in words(refused)
        assert client.post(self.of_sprint(track), self.chosen(*GateKind, severity="low")).status_code == 302
        assert client.post(of_sprint, targets | {"max_failed": "0"}).status_code == 302
        assert client.post(place, self.chosen(max_errors="1", severity="")).status_code == 302
        refused = client.post(place, self.chosen(max_errors="2", severity="", version=1))
        assert refused.status_code == 422 and why in words(refused)
        assert Sprint.objects.get().max_failed == 0

    def test_a_bound_of_a_track_that_the_sprint_has_overtaken_keeps_nobody_from_saving(self, track, run):
        tess = member(run.project)
        tess.post(url(track, "track_policy"), self.chosen(min_passed="4", severity="high"))
        Sprint.objects.filter(pk=track.sprint_id).update(min_passed=5)
        fields = self.chosen(min_passed="4", severity="high", max_errors="1", version=1)
        assert tess.post(url(track, "track_policy"), fields).status_code == 302
        assert GatePolicy.objects.get().rules["max_errors"] == 1

    def test_a_track_asks_for_more_beside_what_its_sprint_asks(self, track, run):
        tess = member(run.project)
        page = words(tess.get(url(track, "track_policy")))
        assert "The sprint asks for ≥ 3." in page and "The sprint asks for high or worse." in page
        factories.create_finding(track=track, severity=Severity.LOW)
        tess.post(url(track, "track_policy"), self.chosen(severity="low", max_errors="0", min_passed=""))
        said = words(tess.get(url(track, "track_gates")))
        assert "A-1 (low, open)" in said and "0 errors asked: ≤ 0" in said and "asked: ≥ 3" in said

    def test_a_track_that_asks_for_less_is_told_what_and_why(self, track, run):
        page = member(run.project).post(url(track, "track_policy"), self.chosen(min_passed="2"))
        assert page.status_code == 422 and not GatePolicy.objects.exists()
        assert "The sprint asks for at least 3 passed. A track may ask for more, not for less." in words(page)
        assert 'value="2"' in page.content.decode()

    def test_the_second_who_changes_them_is_told_and_loses_nothing(self, track, run):
        tess = member(run.project, Role.LEAD)
        tess.post(self.of_sprint(track), self.chosen(GateKind.HEAD))
        refused = tess.post(self.of_sprint(track), self.chosen(GateKind.MERGES))
        assert refused.status_code == 422 and "Somebody else has changed these gates" in words(refused)
        again = re.search(r'name="version" value="(\d+)"', refused.content.decode())
        assert re.search(r'value="MERGES" checked', refused.content.decode())
        tess.post(self.of_sprint(track), self.chosen(GateKind.MERGES, version=int(again[1])))
        assert GateKind.MERGES in GatePolicy.objects.get().rules["gates"]

    @pytest.mark.parametrize("fields", [{"gates": ["NOTHING"]}, {"severity": "worst"}, {"version": "x"}])
    def test_what_is_no_choice_is_refused(self, track, run, fields):
        page = member(run.project).post(self.of_sprint(track), self.chosen(GateKind.HEAD, **fields))
        assert page.status_code == 422 and not GatePolicy.objects.exists()

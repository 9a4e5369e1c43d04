"""Setting up projects, sprints and tracks in the browser's terms: forms in, pages out."""

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories
from tests.factories import NOON
from tests.tracks.web.repository import head_of, make_repository
from tracks import actions
from tracks.errors import LeaseLost, SubjectError, ToolError
from tracks.events import StageStarted
from tracks.models import AuditEntry, Project, Run, Sprint, Track, User
from tracks.statuses import Role, RunState, Stage

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _local_repositories_are_allowed(settings):
    settings.ALLOW_LOCAL_REPOSITORIES = True


@pytest.fixture
def lena() -> User:
    return factories.create_user(name="Lena", email="lena@example.org")


@pytest.fixture
def lead(client, lena) -> Client:
    client.force_login(lena)
    return client


@pytest.fixture
def repository(tmp_path) -> str:
    return make_repository(tmp_path / "ledger", "main", "release", "it's-a-branch", "-x")


@pytest.fixture
def draft(lena, repository) -> Project:
    return actions.create_project(name="Ledger", repository=repository, draft=True, by=lena, now=NOON)


@pytest.fixture
def project(lena, repository) -> Project:
    return factories.create_project(name="Ledger", by=lena, repository=repository)


@pytest.fixture
def sprint(project) -> Sprint:
    return factories.create_sprint(project=project, name="Sprint 1")


def url(name: str, *rest: object) -> str:
    return reverse(f"tracks:{name}", args=["ledger", *rest])


def field_errors(response, field: str) -> str:
    return " ".join(response.context["form"].errors.get(field, []))


def answers(project: Project, **changed: object) -> dict[str, object]:
    """A project's form, filled in as it stands."""
    names = ["name", "repository", "default_branch", "subdir", "setup", "before", "test", "after"]
    names += ["setup_seconds", "before_seconds", "test_seconds", "after_seconds", "one_test_seconds"]
    names += ["silent_seconds", "memory_mib", "processes", "file_mib", "disk_mib", "output_mib"]
    names += ["network", "shards", "shard_by", "repetitions", "approvals"]
    return {name: getattr(project, name) for name in names} | {"env": ""} | changed


def break_trial(run: Run, stage: Stage, error: SubjectError | ToolError) -> None:
    recording = actions.Recording(factories.claim(run), now=NOON)
    recording.record(StageStarted(stage), now=NOON)
    recording.fail(error, now=NOON)


class TestTheRepository:
    def test_it_is_tried_at_once_and_its_branches_are_offered(self, lead, repository):
        response = lead.post(reverse("tracks:new_project"), {"name": "Ledger", "repository": repository})
        page = response.content.decode()
        assert '<option value="main" selected>' in page
        assert '<option value="-x">' in page
        assert "it&#x27;s-a-branch" in page
        assert not Project.objects.exists()

    def test_the_chosen_branch_makes_a_draft_that_only_its_maker_sees(self, lead, repository):
        chosen = {"name": "Ledger", "repository": repository, "default_branch": "it's-a-branch"}
        assert lead.post(reverse("tracks:new_project"), chosen).url == url("commands")
        project = Project.objects.get()
        assert (project.draft, project.default_branch) == (True, "it's-a-branch")
        tess = factories.create_member(project=project, role=Role.LEAD)
        others = Client()
        others.force_login(tess)
        assert others.get(url("commands")).status_code == 404

    def test_a_branch_that_it_does_not_have_is_asked_for_again(self, lead, repository):
        chosen = {"name": "Ledger", "repository": repository, "default_branch": "gone"}
        assert (
            '<option value="main" selected>'
            in lead.post(reverse("tracks:new_project"), chosen).content.decode()
        )
        assert not Project.objects.exists()

    def test_one_that_cannot_be_reached_is_named_at_its_field_and_the_input_is_kept(self, lead, tmp_path):
        response = lead.post(
            reverse("tracks:new_project"), {"name": "Ledger", "repository": str(tmp_path / "nowhere")}
        )
        assert response.status_code == 422
        assert "cannot be reached" in field_errors(response, "repository")
        assert "Check the address" in field_errors(response, "repository")
        assert 'value="Ledger"' in response.content.decode()

    def test_an_empty_one_is_told_from_one_that_cannot_be_reached(self, lead, tmp_path):
        empty = make_repository(tmp_path / "empty")
        response = lead.post(reverse("tracks:new_project"), {"name": "Ledger", "repository": empty})
        assert "is empty" in field_errors(response, "repository")

    def test_a_folder_of_the_server_is_refused_where_it_is_not_allowed(self, lead, repository, settings):
        settings.ALLOW_LOCAL_REPOSITORIES = False
        response = lead.post(reverse("tracks:new_project"), {"name": "Ledger", "repository": repository})
        assert "not allowed" in field_errors(response, "repository")

    @pytest.mark.parametrize(
        "address", ["ext::sh -c true", "ftp://example.org/x", "https://u:secret@example.org/x"]
    )
    def test_an_address_that_is_no_https_or_ssh_is_refused(self, lead, address, settings):
        settings.ALLOW_LOCAL_REPOSITORIES = False
        response = lead.post(reverse("tracks:new_project"), {"name": "Ledger", "repository": address})
        assert response.status_code == 422
        assert field_errors(response, "repository")

    def test_a_name_that_is_taken_is_refused_at_its_field(self, lead, project, repository):
        chosen = {"name": "Ledger", "repository": repository, "default_branch": "main"}
        response = lead.post(reverse("tracks:new_project"), chosen)
        assert "There is a project" in field_errors(response, "name")


class TestTheCommands:
    def test_are_saved_on_the_draft_and_tried_at_the_branchs_head(self, lead, draft, repository):
        sent = answers(draft, test="pytest -q", env="A=1\nB=x=y\n", default_branch="-x")
        assert lead.post(url("commands"), sent).url == url("trial")
        draft.refresh_from_db()
        assert (draft.test, draft.env, draft.default_branch) == ("pytest -q", {"A": "1", "B": "x=y"}, "-x")
        run = Run.objects.get()
        assert (run.sha, run.branch, run.state) == (head_of(repository, "-x"), "-x", RunState.QUEUED)

    @pytest.mark.parametrize("branch", ["two words", "-rf", 'quo"te', "--upload-pack=x"])
    def test_a_branch_that_is_not_there_is_named_with_those_that_are(self, lead, draft, branch):
        response = lead.post(url("commands"), answers(draft, default_branch=branch, before="make db"))
        assert response.status_code == 422
        assert "has no branch named" in field_errors(response, "default_branch")
        assert "Did you mean " in field_errors(response, "default_branch")
        assert "make db" in response.content.decode()
        assert not Run.objects.exists()

    @pytest.mark.parametrize("text", ["A", "1A=2", "=x", "A=1\nA=2"])
    def test_a_line_that_is_no_variable_is_named(self, lead, draft, text):
        response = lead.post(url("commands"), answers(draft, env=text))
        assert "Line" in field_errors(response, "env")

    def test_no_test_command_and_limits_out_of_range_are_refused_at_their_fields(self, lead, draft):
        response = lead.post(url("commands"), answers(draft, test="", test_seconds=0, after_seconds=99_999))
        for field in ("test", "test_seconds", "after_seconds"):
            assert field_errors(response, field)

    def test_trying_again_cancels_the_trial_that_still_runs(self, lead, draft):
        lead.post(url("commands"), answers(draft))
        lead.post(url("commands"), answers(draft, test="pytest -q"))
        newest, first = Run.objects.order_by("-pk")
        assert (first.state, newest.state) == (RunState.CANCELLED, RunState.QUEUED)

    def test_of_a_project_in_use_are_changed_in_its_settings(self, lead, project):
        assert lead.get(url("commands")).url == url("settings")
        assert lead.post(url("commands"), answers(project, test="x")).url == url("settings")
        assert not Run.objects.exists()


class TestTheTrial:
    @pytest.fixture
    def run(self, draft, lena) -> Run:
        return actions.start_trial(draft, sha=factories.sha(), by=lena, now=NOON)

    def test_shows_the_runs_progress_and_asks_until_it_has_ended(self, lead, run):
        page = lead.get(url("trial")).content.decode()
        assert reverse("tracks:run_live", args=["ledger", run.pk]) in page
        assert "every 1s" in page
        assert lead.get(url("trial"), {"only": "result"}).status_code == 204
        factories.play(run, passed=5, failed=2)
        result = lead.get(url("trial"), {"only": "result"}).content.decode()
        assert "7 tests were collected: 5 passed, 2 failed" in result
        assert "no obstacle" in result
        assert "every 1s" not in result
        assert "<html" not in result

    def test_that_worked_is_saved_and_leads_to_the_first_sprint(self, lead, run, draft):
        factories.play(run, passed=5)
        assert "Save project" in lead.get(url("trial")).content.decode()
        assert lead.post(url("publish")).url == url("new_sprint")
        draft.refresh_from_db()
        assert draft.draft is False

    @pytest.mark.parametrize(
        ("stage", "field"),
        [(Stage.CHECKOUT, "subdir"), (Stage.SETUP, "setup"), (Stage.BEFORE, "before"), (Stage.TEST, "test")],
    )
    def test_that_broke_says_why_and_which_field_to_change(self, lead, run, stage, field):
        error = SubjectError("pytest is missing.", remedy="Install it.", detail="No module named pytest")
        break_trial(run, stage, error)
        page = lead.get(url("trial")).content.decode()
        assert "pytest is missing." in page
        assert "No module named pytest" in page
        assert f"{url('commands')}#id_{field}" in page

    def test_that_found_no_tests_points_to_the_test_command(self, lead, run):
        factories.play(run)
        page = lead.get(url("trial")).content.decode()
        assert "No tests were collected" in page
        assert f"{url('commands')}#id_test" in page

    def test_that_failed_by_our_own_fault_blames_no_setting(self, lead, run):
        break_trial(
            run, Stage.SETUP, ToolError("There is no sandbox on this machine.", remedy="Install bubblewrap.")
        )
        page = lead.get(url("trial")).content.decode()
        assert "Nothing is known to be wrong with the settings" in page
        assert "#id_" not in page

    def test_that_failed_is_saved_only_after_a_word(self, lead, run, draft):
        break_trial(run, Stage.TEST, SubjectError("pytest is missing."))
        assert "Save all the same" in lead.get(url("trial")).content.decode()
        assert lead.post(url("publish")).status_code == 400
        draft.refresh_from_db()
        assert draft.draft is True
        lead.post(url("publish"), {"anyway": "yes"})
        draft.refresh_from_db()
        assert draft.draft is False

    def test_the_commands_keep_all_input_on_the_way_back(self, lead, draft):
        lead.post(url("commands"), answers(draft, before="make db", env="A=1", test_seconds=77))
        page = lead.get(url("commands")).content.decode()
        assert "make db" in page and "A=1" in page and 'value="77"' in page

    def test_a_draft_is_discarded_with_the_failures_of_its_trial(self, lead, run):
        factories.play(run, passed=1, failed=2, skipped=1)
        assert lead.post(url("discard")).url == reverse("home")
        assert not Project.objects.exists()
        assert AuditEntry.objects.filter(action="project.discarded").exists()

    def test_a_draft_is_discarded_under_a_worker_which_then_stops(self, lead, run):
        claim = factories.claim(run)
        assert claim
        recording = actions.Recording(claim, now=NOON)
        lead.post(url("discard"))
        with pytest.raises(LeaseLost):
            recording.record(StageStarted(Stage.SETUP), now=NOON)

    def test_a_command_that_hides_its_exit_code_is_told_from_missing_results(self, lead, run):
        Run.objects.filter(pk=run.pk).update(
            state=RunState.INCOMPLETE,
            stage=Stage.TEST,
            reason="The command must end as pytest does.",
            ended_at=NOON,
        )
        page = lead.get(url("trial")).content.decode()
        assert "The books do not balance" in page
        assert f"{url('commands')}#id_test" in page

    def test_a_project_in_use_cannot_be_discarded(self, lead, project):
        assert lead.post(url("discard")).status_code == 400
        assert Project.objects.filter(pk=project.pk).exists()


class TestSettings:
    def test_say_what_runs_reach_need_and_may_take(self, lead, project):
        form = answers(project, network="loopback", shards=4, memory_mib=512, needs="gpu, arm\ngpu")
        form |= {"postgres": "on", "postgres_variables": "DATABASE_URL={url}", "redis_variables": "A={url}"}
        form |= {"protected_branches": "release/1\n\nmaster"}
        assert lead.post(url("settings"), form).status_code == 302
        project.refresh_from_db()
        assert project.services == [{"kind": "postgres", "variables": {"DATABASE_URL": "{url}"}}]
        assert (project.network, project.shards, project.memory_mib) == ("loopback", 4, 512)
        assert (project.needs, project.protected_branches) == (["gpu", "arm"], ["release/1", "master"])
        page = lead.get(url("settings")).content.decode()
        assert "DATABASE_URL={url}" in page
        assert "gpu, arm" in page

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("needs", "G P U!"),
            ("shards", 65),
            ("repetitions", 21),
            ("approvals", 11),
            ("memory_mib", 1),
            ("network", "internet"),
            ("postgres_variables", "x"),
            ("redis_variables", "A={address}"),
        ],
    )
    def test_what_cannot_be_is_said_at_its_field(self, lead, project, field, value):
        response = lead.post(url("settings"), answers(project, **{field: value}))
        assert response.status_code == 422
        assert field_errors(response, field)

    def test_say_what_a_retest_has_to_prove(self, lead, project):
        form = answers(project, repetitions=3, retests="on", proves_tests="on")
        assert lead.post(url("settings"), form).status_code == 302
        project.refresh_from_db()
        assert (project.repetitions, project.retests, project.proves_tests) == (3, True, True)

    def test_say_who_has_to_approve(self, lead, project):
        assert lead.post(url("settings"), answers(project, approvals=2)).status_code == 302
        project.refresh_from_db()
        assert (project.approvals, project.separates_duties) == (2, False)
        told = AuditEntry.objects.filter(action="project.changed").latest("pk").after
        assert told["separates_duties"] is False
        assert lead.post(url("settings"), answers(project, separates_duties="on")).status_code == 302
        project.refresh_from_db()
        assert project.separates_duties

    def test_masks_are_given_one_a_line_and_shown_again(self, lead, project):
        masks = "tenant-[a-z]+\r\n\r\n  sku_\\w+ \r\ntenant-[a-z]+\r\n"
        assert lead.post(url("settings"), answers(project, masks=masks)).status_code == 302
        project.refresh_from_db()
        assert project.masks == ["tenant-[a-z]+", r"sku_\w+"]
        assert "tenant-[a-z]+\nsku_\\w+</textarea>" in lead.get(url("settings")).content.decode()

    @pytest.mark.parametrize(
        ("masks", "said"),
        [
            ("\nfine\n(a", "Line 3 cannot be used: missing ): (a."),
            ("x*", "Line 1 cannot be used: it matches even where there is nothing"),
            ("a" * 201, "Line 1 cannot be used: 201 characters are too long; at most 200 are taken."),
            ("\n".join(f"a{number}" for number in range(21)), "These are 21 masks; at most 20 are taken."),
        ],
    )
    def test_a_mask_that_cannot_be_used_is_named_by_its_line(self, lead, project, masks, said):
        response = lead.post(url("settings"), answers(project, masks=masks))
        assert response.status_code == 422
        assert said in field_errors(response, "masks")

    def test_change_what_later_runs_do_and_leave_earlier_ones(self, lead, project):
        run = factories.start_run(
            track=factories.create_track(sprint=factories.create_sprint(project=project))
        )
        page = lead.post(url("settings"), answers(project, test="pytest -x"), follow=True).content.decode()
        assert "Runs that were started before keep the settings" in page
        run.refresh_from_db()
        assert '"test": "python -m pytest"' in run.spec
        project.refresh_from_db()
        assert project.test == "pytest -x"

    def test_another_repository_is_tried_before_it_is_saved(self, lead, project, repository, tmp_path):
        response = lead.post(url("settings"), answers(project, repository=str(tmp_path / "nowhere")))
        assert "cannot be reached" in field_errors(response, "repository")
        project.refresh_from_db()
        assert project.repository == repository

    def test_a_repository_that_is_away_does_not_keep_a_limit_from_being_raised(self, lead, lena, tmp_path):
        project = factories.create_project(name="Ledger", by=lena, repository=str(tmp_path / "nowhere"))
        assert lead.post(url("settings"), answers(project, test_seconds=5000)).status_code == 302

    def test_what_was_set_up_at_the_terminal_is_not_changed_from_the_web(self, lead, project, repository):
        Project.objects.filter(pk=project.pk).update(trusted=True)
        sent = answers(project, name="Books", test="curl example.org", repository="/etc", masks="sku-[0-9]+")
        assert lead.post(url("settings"), sent).status_code == 302
        project.refresh_from_db()
        assert (project.name, project.test, project.repository) == ("Books", "python -m pytest", repository)
        assert project.masks == ["sku-[0-9]+"]  # what is called the same error runs nothing


class TestSprints:
    def test_a_new_one_leads_to_its_tracks(self, lead, project):
        sent = {"name": "Sprint 2.5", "base_branch": "release", "min_passed": "650", "max_errors": "0"}
        assert lead.post(url("new_sprint"), sent).url == url("edit_sprint", "sprint-25")
        sprint = Sprint.objects.get()
        assert (sprint.base_branch, sprint.min_passed, sprint.max_failed, sprint.max_errors) == (
            "release",
            650,
            None,
            0,
        )

    def test_a_base_branch_that_is_not_there_is_refused_at_its_field(self, lead, project):
        response = lead.post(url("new_sprint"), {"name": "Sprint 2", "base_branch": "relase"})
        assert response.status_code == 422
        assert "release" in field_errors(response, "base_branch")
        assert 'value="Sprint 2"' in response.content.decode()

    def test_a_name_that_is_taken_is_refused_at_its_field(self, lead, sprint):
        response = lead.post(url("new_sprint"), {"name": "Sprint 1", "base_branch": "main"})
        assert "already" in field_errors(response, "name")

    def test_while_the_repository_is_away_any_branch_is_taken_and_the_page_says_so(
        self, lead, lena, tmp_path
    ):
        factories.create_project(name="Ledger", by=lena, repository=str(tmp_path / "nowhere"))
        page = lead.post(
            url("new_sprint"), {"name": "Sprint 1", "base_branch": "main"}, follow=True
        ).content.decode()
        assert "cannot be reached" in page
        assert "nobody has checked" in page
        assert Sprint.objects.exists()

    def test_targets_are_changed_without_asking_the_repository(self, lead, sprint, project):
        Project.objects.filter(pk=project.pk).update(repository="/nowhere")
        sent = {"name": "Sprint 1", "base_branch": "main", "max_failed": "5"}
        page = lead.post(url("edit_sprint", "sprint-1"), sent, follow=True).content.decode()
        assert "nobody has checked" not in page
        sprint.refresh_from_db()
        assert sprint.max_failed == 5

    def test_the_baseline_can_be_started_from_here(self, lead, sprint):
        page = lead.get(url("edit_sprint", "sprint-1")).content.decode()
        assert reverse("tracks:start_baseline", args=["ledger", "sprint-1"]) in page

    def test_the_page_costs_the_same_however_many_tracks(self, lead, sprint, django_assert_max_num_queries):
        for key in "ABCDEFGH":
            factories.create_track(sprint=sprint, key=key)
        with django_assert_max_num_queries(10):
            lead.get(url("edit_sprint", "sprint-1"))


class TestTheListOfBranches:
    def test_offers_what_the_repository_has(self, lead, project):
        page = lead.get(url("branch_list")).content.decode()
        assert '<option value="it&#x27;s-a-branch">' in page
        assert "4 branches" in page

    def test_says_why_there_is_none(self, lead, lena, tmp_path):
        factories.create_project(name="Ledger", by=lena, repository=str(tmp_path / "nowhere"))
        response = lead.get(url("branch_list"))
        assert response.status_code == 200
        assert "cannot be reached" in response.content.decode()


class TestTracks:
    def new(self, lead: Client, **changed: object):
        return lead.post(
            url("new_track", "sprint-1"), {"key": "A", "name": "Data", "branch": "main"} | changed
        )

    def test_the_first_free_key_is_suggested(self, lead, sprint):
        factories.create_track(sprint=sprint, key="A")
        assert 'value="B"' in lead.get(url("new_track", "sprint-1")).content.decode()

    def test_a_new_one_has_an_owner_and_what_it_depends_on(self, lead, sprint, project):
        dev = factories.create_member(project=project, role=Role.DEVELOPER, name="Dev")
        first = factories.create_track(sprint=sprint, key="A")
        response = self.new(lead, key="b", branch="it's-a-branch", owner=dev.pk, depends_on=[first.pk])
        assert response.url == url("edit_sprint", "sprint-1")
        track = Track.objects.get(key="B")
        assert (track.branch, track.owner, list(track.depends_on.all())) == ("it's-a-branch", dev, [first])

    def test_several_are_added_in_a_row(self, lead, sprint):
        assert self.new(lead, another="yes").url == url("new_track", "sprint-1")

    @pytest.mark.parametrize("key", ["1A", "A-B", "Ä"])
    def test_a_key_that_is_none_is_refused_at_its_field(self, lead, sprint, key):
        assert "is no track key" in field_errors(self.new(lead, key=key), "key")

    def test_a_key_that_is_taken_is_refused_at_its_field(self, lead, sprint):
        factories.create_track(sprint=sprint, key="A")
        assert "has a track A already" in field_errors(self.new(lead), "key")

    @pytest.mark.parametrize("branch", ["two words", 'quo"te', "--exec=x"])
    def test_a_branch_that_is_not_there_is_only_text_in_a_message(self, lead, sprint, branch):
        response = self.new(lead, branch=branch)
        assert "has no branch named" in field_errors(response, "branch")

    def test_an_outsider_cannot_own_one(self, lead, sprint):
        olga = factories.create_user(name="Olga")
        assert field_errors(self.new(lead, owner=olga.pk), "owner")

    def test_a_cycle_is_refused_and_named(self, lead, sprint, lena):
        a = factories.create_track(sprint=sprint, key="A", branch="main")
        b = actions.create_track(sprint, key="B", name="Agents", branch="main", by=lena, depends_on=[a])
        sent = {"name": "Data", "branch": "main", "depends_on": [b.pk]}
        response = lead.post(url("edit_track", "sprint-1", "A"), sent)
        assert "Tracks cannot wait for each other: A → B → A." in field_errors(response, "depends_on")
        assert not a.depends_on.exists()

    def test_everything_but_the_key_can_be_changed(self, lead, sprint):
        factories.create_track(sprint=sprint, key="A", branch="main")
        sent = {"key": "Z", "name": "Data & Backend", "branch": "release"}
        assert lead.post(url("edit_track", "sprint-1", "A"), sent).url == url("edit_sprint", "sprint-1")
        track = Track.objects.get()
        assert (track.key, track.name, track.branch) == ("A", "Data & Backend", "release")

    def test_one_without_runs_is_removed(self, lead, sprint):
        factories.create_track(sprint=sprint, key="A")
        page = lead.post(url("remove_track", "sprint-1", "A"), follow=True).content.decode()
        assert "Track A Data is removed." in page
        assert not Track.objects.exists()

    def test_one_with_runs_is_kept_and_its_button_says_why(self, lead, sprint):
        factories.create_run(track=factories.create_track(sprint=sprint, key="A"), passed=1)
        assert "It has runs, which are kept." in lead.get(url("edit_track", "sprint-1", "A")).content.decode()
        page = lead.post(url("remove_track", "sprint-1", "A"), follow=True).content.decode()
        assert "has runs, which are kept" in page
        assert Track.objects.exists()

"""Migrations on a database that holds what the version before left there."""

import json
from importlib import import_module

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.factories import NOON
from tracks.models import AuditEntry, Project, Run, Shard
from tracks.statuses import Network, RunState

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

BEFORE_SHARDS = [("tracks", "0001_initial"), ("reports", "0001_initial")]
BEFORE_DECISIONS = [("tracks", "0022_the_stage_of_checks"), ("reports", "0007_what_tests_show_of_criteria")]


def migrate(targets: list[tuple[str, str]]):
    """Bring the database there; the models as they were then."""
    executor = MigrationExecutor(connection)
    executor.migrate(targets)
    return MigrationExecutor(connection).loader.project_state(targets).apps


@pytest.fixture
def earlier(request):
    apps = migrate(getattr(request, "param", BEFORE_SHARDS))
    yield apps
    migrate(MigrationExecutor(connection).loader.graph.leaf_nodes())


def test_runs_of_the_version_before_go_on_as_shards_and_projects_reach_what_they_reached(earlier):
    project = earlier.get_model("tracks", "Project").objects.create(
        slug="ledger", name="Ledger", repository="/r", network=True, created_at=NOON
    )
    other = earlier.get_model("tracks", "Project").objects.create(
        slug="other", name="Other", repository="/r", created_at=NOON
    )
    known = {"kind": "baseline", "branch": "main", "sha": "a" * 40, "queued_at": NOON, "rung_at": NOON}
    runs = earlier.get_model("tracks", "Run").objects
    queued = runs.create(project=project, spec=json.dumps({"network": True}), state="queued", **known)
    ended = runs.create(
        project=other, spec=json.dumps({"network": False}), state="lost", ended_at=NOON, attempt=2, **known
    )
    migrate(MigrationExecutor(connection).loader.graph.leaf_nodes())
    networks = dict(Project.objects.values_list("slug", "network"))
    assert networks == {"ledger": Network.HOST, "other": Network.LOOPBACK}
    assert json.loads(Run.objects.get(pk=queued.pk).spec) == {"network": "host"}
    assert [(shard.run_id, shard.state, shard.attempt) for shard in Shard.objects.order_by("run_id")] == [
        (queued.pk, RunState.QUEUED, 0),
        (ended.pk, RunState.LOST, 2),
    ]


def test_runs_of_the_version_before_are_known_to_be_signed_by_version_1(earlier):
    project = earlier.get_model("tracks", "Project").objects.create(
        slug="ledger", name="Ledger", repository="/r", created_at=NOON
    )
    known = {"kind": "baseline", "branch": "main", "sha": "a" * 40, "queued_at": NOON, "rung_at": NOON}
    run = earlier.get_model("tracks", "Run").objects.create(
        project=project, spec="{}", state="lost", ended_at=NOON, **known
    )
    migrate(MigrationExecutor(connection).loader.graph.leaf_nodes())
    assert Run.objects.get(pk=run.pk).signed == "1"
    assert Run(project_id=project.pk).signed == ""


@pytest.mark.parametrize("earlier", [BEFORE_DECISIONS], indirect=True)
def test_the_audit_log_of_the_version_before_is_named_and_its_processes_go_on(earlier, monkeypatch):
    naming = import_module("tracks.migrations.0026_names_of_who_acted")
    monkeypatch.setattr(naming, "AT_ONCE", 2)
    lena = earlier.get_model("tracks", "User").objects.create(email="lena@example.org", first_name="Lena")
    entry = earlier.get_model("tracks", "AuditEntry")
    entry.objects.bulk_create(
        entry(action="x.done", subject="x:1", actor=each, at=NOON) for each in (lena, lena, lena, None, lena)
    )
    migrate(MigrationExecutor(connection).loader.graph.leaf_nodes())
    entry(action="x.late", subject="x:1", actor=lena, at=NOON).save()
    made = {"slug": "ledger", "name": "Ledger", "created_at": NOON}
    project = earlier.get_model("tracks", "Project").objects.create(repository="/r", **made)
    earlier.get_model("tracks", "Sprint").objects.create(project=project, **made)
    earlier.get_model("tracks", "User").objects.create(username="tess", email="tess@example.org")
    named = AuditEntry.objects.order_by("pk").values_list("action", "actor_name")
    assert [*named] == [*[("x.done", "Lena")] * 3, ("x.done", ""), ("x.done", "Lena"), ("x.late", "")]

"""Django's admin: operators read every fact there, and write none."""

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests import factories
from tracks import actions, models
from tracks.admin import Facts
from tracks.models import AuditEntry, Project, Track, User
from tracks.statuses import Role
from tracks.web.accounts import sign_in_path

pytestmark = pytest.mark.django_db

REGISTERED = {
    model: found for model, found in admin.site._registry.items() if model._meta.app_label == "tracks"
}
FACTS = [model for model, found in REGISTERED.items() if isinstance(found, Facts)]


@pytest.fixture
def operator(client) -> User:
    user = factories.create_user(name="Lena")
    User.objects.filter(pk=user.pk).update(is_superuser=True, is_staff=True)
    client.force_login(user)
    return user


def page(model: type, name: str, *rest: object) -> str:
    return reverse(f"admin:tracks_{model._meta.model_name}_{name}", args=rest)


def fill(count: int) -> None:
    """As many rows of every kind, each of a project of its own."""
    for _ in range(count):
        lena = factories.create_user(name="Lena")
        project = factories.create_project(by=lena)
        sprint = factories.create_sprint(project=project)
        factories.create_run(track=factories.create_track(sprint=sprint), passed=1, failed=1, skipped=1)
        actions.invite(project, email="tess@example.org", role=Role.TESTER, by=lena, now=timezone.now())


def test_every_model_is_there():
    assert set(REGISTERED) == {getattr(models, name) for name in models.__all__}


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model.__name__)
def test_a_list_costs_the_same_for_many_rows_as_for_few(client, operator, model):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page(model, "changelist"), {"q": "1"}).status_code == 200
            assert client.get(page(model, "changelist")).status_code == 200
        return len(queries)

    fill(1)
    few = cost()
    fill(5)
    assert cost() == few


@pytest.mark.parametrize("model", FACTS, ids=lambda model: model.__name__)
def test_a_fact_is_shown_and_not_changed(client, operator, model):
    fill(1)
    row = model.objects.first()
    if row is not None:
        shown = client.get(page(model, "change", row.pk)).content.decode()
        assert 'name="_save"' not in shown
        assert client.post(page(model, "change", row.pk), {}).status_code == 403
        assert client.post(page(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert client.get(page(model, "add")).status_code == 403


def test_a_run_shows_neither_vectors_nor_what_may_be_secret(client, operator):
    project = factories.create_project(env={"TOKEN": "do-not-show"})
    run = factories.create_baseline(sprint=factories.create_sprint(project=project), passed=1)
    shown = client.get(page(models.Run, "change", run.pk)).content.decode()
    assert "do-not-show" not in shown
    assert "outcomes" not in shown.lower()


def test_an_operator_makes_a_sign_in_link_and_that_is_noted(client, operator):
    tess = factories.create_user(name="Tess")
    sent = {"action": "make_sign_in_links", "_selected_action": [tess.pk]}
    shown = client.post(page(User, "changelist"), sent, follow=True).content.decode()
    link = next(word for word in shown.split() if "/sign-in/" in word)
    assert link.startswith("http://testserver/sign-in/")
    assert AuditEntry.objects.get(action="sign_in_link.made").actor == operator
    assert sign_in_path(tess).split(":")[0] in link


def test_network_is_an_operators_to_give_and_trust_only_the_terminals(client, operator):
    project = factories.create_project()
    shown = client.get(page(Project, "change", project.pk)).content.decode()
    assert 'name="network"' in shown
    assert 'name="trusted"' not in shown
    assert 'name="python"' not in shown


def test_accounts_are_not_made_here(client, operator):
    assert client.get(page(User, "add")).status_code == 403
    assert client.get(page(User, "change", operator.pk)).status_code == 200


def test_what_an_operator_changes_here_is_noted_with_what_stood_there(client, operator):
    project = factories.create_project()
    membership = project.memberships.get()
    changed = {"project": project.pk, "user": membership.user_id, "role": Role.TESTER}
    client.post(page(models.Membership, "change", membership.pk), changed)
    entry = AuditEntry.objects.get(action="admin.changed")
    assert (entry.actor, entry.project, entry.subject) == (operator, project, f"membership:{membership.pk}")
    assert (entry.before, entry.after) == ({"role": "lead"}, {"role": "tester"})
    client.post(page(models.Membership, "delete", membership.pk), {"post": "yes"})
    (name,) = AuditEntry.objects.get(action="admin.deleted").before.values()
    assert name.endswith(": tester")


def test_a_password_that_an_operator_sets_is_noted_without_it(client, operator):
    tess = factories.create_user(name="Tess")
    fields = dict.fromkeys(("password1", "password2"), "correct horse battery") | {"usable_password": "true"}
    client.post(reverse("admin:auth_user_password_change", args=[tess.pk]), fields)
    entry = AuditEntry.objects.get(action="admin.password_set")
    assert (entry.actor, entry.subject) == (operator, f"user:{tess.pk}")
    assert (entry.before, entry.after) == ({}, {})


def test_what_a_track_depends_on_is_not_changed_here_where_nothing_refuses_a_cycle(client, operator):
    one = factories.create_track()
    other = factories.create_track(sprint=one.sprint, key="B")
    other.depends_on.add(one)
    elsewhere = factories.create_sprint(project=one.sprint.project, name="Sprint 2")
    sent = {"key": "A", "name": "Data", "branch": "branch-a", "depends_on": other.pk, "sprint": elsewhere.pk}
    assert client.post(page(Track, "change", one.pk), sent).status_code == 302
    one.refresh_from_db()
    assert (one.name, one.sprint, list(one.depends_on.all())) == ("Data", other.sprint, [])


def test_an_operator_says_which_account_is_a_service(client, operator):
    agent = factories.create_user(name="Agent")
    sent = {"email": agent.email, "first_name": "Agent", "is_active": "on", "is_service": "on"}
    assert client.post(page(User, "change", agent.pk), sent).status_code == 302
    agent.refresh_from_db()
    assert agent.is_service
    assert AuditEntry.objects.get(action="admin.changed").after == {"is_service": True}

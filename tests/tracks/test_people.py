"""Accounts, invitations and roles, as actions."""

import pytest

from tests import factories
from tests.factories import NOON
from tracks import actions
from tracks.errors import InvalidInput
from tracks.models import AuditEntry, Invitation
from tracks.statuses import Role

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("typed", ["Nora@Example.org", " nora@example.org ", "NORA@EXAMPLE.ORG"])
def test_an_address_is_one_however_it_is_typed(client, typed):
    user = actions.create_user(email=typed, name="Tess", password="a long pass phrase")
    assert user.email == "nora@example.org"
    for signed_in_as in ("nora@example.org", "Nora@Example.org"):
        answer = client.post(
            "/accounts/login/", {"login": signed_in_as, "password": "a long pass phrase"}, follow=False
        )
        assert answer.status_code == 302, answer.content
        client.logout()


def test_an_invitation_in_capitals_is_for_the_same_person():
    project = factories.create_project()
    actions.invite(project, email="Nora@Example.org", role=Role.TESTER, by=project.created_by, now=NOON)
    actions.invite(project, email="nora@example.org", role=Role.READER, by=project.created_by, now=NOON)
    assert [(each.email, each.role) for each in Invitation.objects.all()] == [("nora@example.org", "reader")]


def test_the_audit_log_holds_the_names_of_variables_and_not_their_values():
    project = factories.create_project(env={"API_TOKEN": "hunter2"})
    actions.change_project(project, by=project.created_by, env={"API_TOKEN": "hunter3", "TZ": "UTC"})
    entries = list(AuditEntry.objects.filter(action__startswith="project."))
    assert [entry.after["env"] for entry in entries] == [["API_TOKEN", "TZ"], ["API_TOKEN"]]
    assert "hunter" not in str([(entry.before, entry.after) for entry in entries])


def test_a_draft_has_no_sprints():
    project = factories.create_project(draft=True)
    with pytest.raises(InvalidInput, match="is a draft"):
        factories.create_sprint(project=project)

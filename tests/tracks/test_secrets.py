"""Secrets: stored encrypted, given to the branches that may have them."""

import pytest

from tests import factories
from tests.factories import NOON
from tracks import actions, queries, sealing
from tracks.errors import InvalidInput, ToolError
from tracks.models import AuditEntry, Secret
from tracks.tasks import _spec

pytestmark = pytest.mark.django_db

VALUE = "sk-do-not-tell-0123456789"


def stored(*, name: str = "API_KEY", value: str = VALUE, every_branch: bool = False, project=None) -> Secret:
    project = project or factories.create_project()
    return actions.set_secret(
        project, name=name, value=value, every_branch=every_branch, by=project.created_by, now=NOON
    )


def test_the_database_does_not_hold_the_value_and_the_audit_log_neither():
    secret = stored()
    assert VALUE.encode() not in bytes(Secret.objects.get().sealed)
    assert sealing.unseal(bytes(secret.sealed)) == VALUE
    entry = AuditEntry.objects.get(action="secret.set")
    assert VALUE not in str([entry.before, entry.after])


def test_a_value_sealed_under_another_key_says_what_to_do(settings):
    secret = stored()
    settings.SECRET_KEY = "another key of this installation"
    with pytest.raises(ToolError, match="another OMC_QA_SECRET_KEY") as refusal:
        sealing.unseal(bytes(secret.sealed))
    assert refusal.value.remedy


def test_storing_it_again_replaces_it():
    first = stored()
    stored(value="sk-another-value", every_branch=True, project=first.project)
    [secret] = Secret.objects.all()
    assert (sealing.unseal(bytes(secret.sealed)), secret.every_branch) == ("sk-another-value", True)


@pytest.mark.parametrize(
    ("name", "value", "field"),
    [
        ("1A", VALUE, "name"),
        ("A-B", VALUE, "name"),
        ("", VALUE, "name"),
        ("A", "short", "value"),
        ("A", "nul\0nul", "value"),
    ],
)
def test_what_cannot_be_a_secret_is_refused_with_the_field_at_fault(name, value, field):
    with pytest.raises(InvalidInput) as refusal:
        stored(name=name, value=value)
    assert refusal.value.field == field


def test_a_name_that_is_an_open_variable_already_is_refused():
    project = factories.create_project(env={"API_KEY": "open"})
    with pytest.raises(InvalidInput, match="one of the project's environment variables"):
        stored(project=project)


@pytest.mark.parametrize(
    ("branch", "protected", "every_branch", "given"),
    [
        ("main", [], False, True),
        ("feature", [], False, False),
        ("feature", ["feature"], False, True),
        ("feature", [], True, True),
    ],
)
def test_only_protected_branches_get_a_secret_unless_a_lead_says_otherwise(
    branch, protected, every_branch, given
):
    project = factories.create_project(protected_branches=protected)
    stored(project=project, every_branch=every_branch)
    track = factories.create_track(sprint=factories.create_sprint(project=project), branch=branch)
    spec = _spec(factories.claim(factories.start_run(track=track)))
    assert spec.secrets == ({"API_KEY": VALUE} if given else {})
    assert VALUE not in spec.to_json()


def test_removing_it_is_noted():
    secret = stored()
    actions.remove_secret(secret, by=secret.project.created_by)
    assert not queries.secrets_for(secret.project, protected=True)
    assert AuditEntry.objects.get(action="secret.removed").before == {"name": "API_KEY"}

"""The page on which leads store secrets, and nobody reads one."""

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories
from tracks import sealing
from tracks.models import Secret
from tracks.statuses import Role

pytestmark = pytest.mark.django_db

VALUE = "sk-do-not-tell-0123456789"


@pytest.fixture
def project():
    return factories.create_project()


@pytest.fixture
def lead(project) -> Client:
    client = Client()
    client.force_login(factories.create_member(project=project, role=Role.LEAD, name="Lena"))
    return client


def path(project) -> str:
    return reverse("tracks:secrets", args=[project.slug])


def test_a_secret_is_stored_and_listed_and_its_value_never_shown(lead, project):
    assert "No secrets yet" in lead.get(path(project)).content.decode()
    page = lead.post(path(project), {"name": "API_TOKEN", "value": VALUE}, follow=True).content.decode()
    assert "API_TOKEN is stored" in page
    assert "protected branches" in page
    assert VALUE not in page
    assert Secret.objects.get().name == "API_TOKEN"


def test_a_refused_one_is_said_at_its_field_and_not_shown_again_in_the_log(lead, project, caplog):
    response = lead.post(path(project), {"name": "API TOKEN", "value": VALUE})
    assert response.status_code == 422
    assert "name is that of a variable" in response.context["form"].errors["name"][0]
    assert VALUE not in caplog.text
    assert VALUE not in response.content.decode()


def test_the_lines_of_a_key_are_kept_as_they_are(lead, project):
    lead.post(path(project), {"name": "KEY", "value": "-----BEGIN\r\nabcdef\r\n-----END\r\n"})
    assert sealing.unseal(bytes(Secret.objects.get().sealed)) == "-----BEGIN\nabcdef\n-----END\n"


def test_it_is_removed_by_its_button(lead, project):
    lead.post(path(project), {"name": "API_TOKEN", "value": VALUE, "every_branch": "on"})
    assert "every branch" in lead.get(path(project)).content.decode()
    remove = reverse("tracks:remove_secret", args=[project.slug, Secret.objects.get().pk])
    assert "API_TOKEN is removed" in lead.post(remove, follow=True).content.decode()
    assert not Secret.objects.exists()

"""Every address carries its access rule, and keeps it: asked by nobody, by an outsider, and in each role."""

from html import unescape

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.contracts.addresses import Address, World, addresses
from tracks.models import User
from tracks.permissions import ROLES, Permission
from tracks.statuses import Role

ALL = addresses()
IN_PROJECT = [address for address in ALL if isinstance(address.rule, Permission)]

pytestmark = pytest.mark.django_db


def ask(path: str, user: User | None) -> HttpResponse:
    """GET the path, or POST it where it takes nothing else."""
    client = Client()
    if user:
        client.force_login(user)
    response = client.get(path)
    return client.post(path) if response.status_code == 405 else response


def is_let_in(client: Client, path: str) -> bool:
    """Whether an empty form is looked at, and be it refused for that; what it changes is undone."""
    with transaction.atomic():
        status = client.post(path).status_code
        transaction.set_rollback(True)
    return status not in (403, 404) and status < 500


def is_the_sign_in(response: HttpResponse) -> bool:
    return response.status_code == 302 and response.url.startswith(reverse("account_login"))


def test_the_walk_finds_the_addresses():
    names = {address.name for address in ALL}
    assert {"home", "account_login", "tracks:run", "tracks:people", "reports:sprint"} <= names
    assert len(IN_PROJECT) > 20


@pytest.mark.parametrize("address", ALL, ids=str)
def test_every_view_carries_its_rule(address: Address):
    assert address.rule in ("public", "signed in", *Permission), (
        f"{address.name} has no access rule: wrap its view by one of tracks.web.access."
    )


@pytest.mark.parametrize("address", ALL, ids=str)
def test_what_belongs_to_a_project_asks_for_a_role_in_it(address: Address):
    assert ("project" in address.arguments) == isinstance(address.rule, Permission)


@pytest.mark.parametrize("address", [each for each in ALL if each.rule != "public"], ids=str)
def test_nobody_in_particular_is_led_to_the_sign_in(address: Address, world: World):
    assert is_the_sign_in(ask(world.path(address), None))


@pytest.mark.parametrize("address", IN_PROJECT, ids=str)
def test_an_outsider_cannot_tell_a_project_from_none(address: Address, world: World):
    assert ask(world.path(address), world.olga).status_code == 404
    assert ask(world.path(address, project="no-such-project"), world.olga).status_code == 404


@pytest.mark.parametrize("address", IN_PROJECT, ids=str)
def test_members_may_what_their_role_permits(address: Address, world: World):
    assert isinstance(address.rule, Permission)
    for role in Role:
        client = Client()
        client.force_login(world.members[role])
        if role in ROLES[address.rule]:
            assert client.get(world.path(address)).status_code in (200, 204, 302, 405), role
            assert is_let_in(client, world.path(address)), role
        else:
            response = ask(world.path(address), world.members[role])
            assert response.status_code == 403, role
            assert f"may {address.rule.value}" in unescape(response.content.decode())


@pytest.mark.parametrize("address", IN_PROJECT, ids=str)
def test_an_operator_may_everything_everywhere(address: Address, world: World):
    User.objects.filter(pk=world.olga.pk).update(is_superuser=True)
    client = Client()
    client.force_login(world.olga)
    assert client.get(world.path(address)).status_code in (200, 204, 302, 405)


@pytest.mark.parametrize("address", IN_PROJECT, ids=str)
def test_a_closed_account_is_nobody(address: Address, world: World):
    lena = world.members[Role.LEAD]
    client = Client()
    client.force_login(lena)
    User.objects.filter(pk=lena.pk).update(is_active=False)
    response = client.get(world.path(address))
    assert is_the_sign_in(response if response.status_code != 405 else client.post(world.path(address)))


def test_the_admin_is_for_operators(world: World):
    assert is_the_sign_in(ask("/admin/", None).client.get("/admin/login/"))
    lena = Client()
    lena.force_login(world.members[Role.LEAD])
    assert lena.get("/admin/", follow=True).status_code == 403

"""The table of permissions, walked whole."""

import pytest

from tests import factories
from tracks.errors import NotPermitted
from tracks.models import User
from tracks.permissions import Permission, check_permission, reason_against, role_in
from tracks.statuses import Role

READ, RUN, PLAN, ADMINISTER = Permission.READ, Permission.RUN, Permission.PLAN, Permission.ADMINISTER
CLAIM, TRIAGE, WAIVE, DECIDE = Permission.CLAIM, Permission.TRIAGE, Permission.WAIVE, Permission.DECIDE
PUBLISH, INSPECT = Permission.PUBLISH, Permission.INSPECT
MAY = {
    None: set(),
    Role.READER: {READ},
    Role.DEVELOPER: {READ, RUN, CLAIM},
    Role.TESTER: {READ, RUN, CLAIM, PLAN, TRIAGE, WAIVE, PUBLISH, INSPECT},
    Role.LEAD: {READ, RUN, CLAIM, PLAN, TRIAGE, WAIVE, PUBLISH, INSPECT, DECIDE, ADMINISTER},
}


def test_the_table_speaks_of_every_role_and_permission():
    assert MAY.keys() == {None, *Role}
    assert MAY[Role.LEAD] == set(Permission)


@pytest.mark.parametrize("role", MAY)
@pytest.mark.parametrize("permission", Permission)
def test_a_role_may_what_the_table_says_and_is_told_why_it_may_not(permission: Permission, role: Role | None):
    if permission in MAY[role]:
        check_permission(permission, role)
        assert reason_against(permission, role) == ""
    else:
        with pytest.raises(NotPermitted) as refusal:
            check_permission(permission, role)
        assert refusal.value.remedy == "Ask a lead of the project for that role."
        assert reason_against(permission, role) == refusal.value.message
        assert permission.value in refusal.value.message


def test_the_reason_names_those_who_may():
    assert reason_against(RUN, Role.READER) == "Only a developer, tester or lead may start and cancel runs."
    assert reason_against(ADMINISTER, Role.TESTER).startswith("Only a lead may ")


@pytest.mark.django_db
class TestTheRoleInAProject:
    @pytest.mark.parametrize("role", Role)
    def test_is_the_memberships(self, role: Role):
        project = factories.create_project()
        assert role_in(factories.create_member(project=project, role=role), project) == role

    def test_is_none_for_an_outsider_whatever_they_are_elsewhere(self):
        olga = factories.create_member(project=factories.create_project(), role=Role.LEAD, name="Olga")
        assert role_in(olga, factories.create_project()) is None

    def test_is_lead_for_an_operator(self):
        operator = factories.create_user(name="Lena")
        User.objects.filter(pk=operator.pk).update(is_superuser=True)
        operator.refresh_from_db()
        assert role_in(operator, factories.create_project()) == Role.LEAD

    @pytest.mark.parametrize("is_superuser", [True, False])
    def test_is_none_for_a_closed_account(self, is_superuser: bool):
        project = factories.create_project()
        tess = factories.create_member(project=project)
        User.objects.filter(pk=tess.pk).update(is_active=False, is_superuser=is_superuser)
        tess.refresh_from_db()
        assert role_in(tess, project) is None

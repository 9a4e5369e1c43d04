"""Who may do what in a project: one table, and ``check_permission`` that raises the reason.

    role       reads  runs, claims, comments  plans, records findings, verifies,    decides, administers
                                              waives, publishes reports, reads
                                              the audit log
    reader       x
    developer    x              x
    tester       x              x                               x
    lead         x              x                               x                                  x

The page's disabled button and the API's error both say what ``check_permission`` raises.
"""

from enum import StrEnum

from django.db.models import QuerySet

from tracks.errors import NotPermitted
from tracks.models import Membership, Project, User
from tracks.statuses import Role


class Permission(StrEnum):
    """What can be permitted; the value is how a sentence calls it."""

    READ = "see this project"
    RUN = "start and cancel runs"
    PLAN = "set up sprints and tracks"
    CLAIM = "claim fixes and comment"
    TRIAGE = "record findings and confirm what a retest showed"
    WAIVE = "waive gates and accept that tests are lost"
    PUBLISH = "write, publish and share reports"
    DECIDE = "decide questions and merges, and accept risks"
    INSPECT = "read the audit log"
    ADMINISTER = "change the project's settings and people"


ROLES: dict[Permission, frozenset[Role]] = {
    Permission.READ: frozenset(Role),
    Permission.RUN: frozenset({Role.DEVELOPER, Role.TESTER, Role.LEAD}),
    Permission.PLAN: frozenset({Role.TESTER, Role.LEAD}),
    Permission.CLAIM: frozenset({Role.DEVELOPER, Role.TESTER, Role.LEAD}),
    Permission.TRIAGE: frozenset({Role.TESTER, Role.LEAD}),
    Permission.WAIVE: frozenset({Role.TESTER, Role.LEAD}),
    Permission.PUBLISH: frozenset({Role.TESTER, Role.LEAD}),
    Permission.DECIDE: frozenset({Role.LEAD}),
    Permission.INSPECT: frozenset({Role.TESTER, Role.LEAD}),
    Permission.ADMINISTER: frozenset({Role.LEAD}),
}


def role_in(user: User, project: Project) -> Role | None:
    """The user's role in the project; an operator (superuser) is a lead everywhere."""
    if user.is_superuser and user.is_active:
        return Role.LEAD
    membership = (
        Membership.objects.filter(user_id=user.pk, project=project).values_list("role", flat=True).first()
    )
    return Role(membership) if membership and user.is_active else None


def check_permission(permission: Permission, role: Role | None) -> None:
    """Raise NotPermitted, saying who may, where the role does not permit it."""
    if role not in ROLES[permission]:
        *others, last = [role.value for role in Role if role in ROLES[permission]]
        able = f"{', '.join(others)} or {last}" if others else last
        raise NotPermitted(
            f"Only a {able} may {permission.value}.", remedy="Ask a lead of the project for that role."
        )


def check_is_person(user: User) -> None:
    """Raise NotPermitted for a program's account: whatever its role, it never decides."""
    if user.is_service:
        raise NotPermitted(
            f"{user} is a service account: it never decides.", remedy="A person has to do this."
        )


def check_can_loosen(user: User, project: Project) -> None:
    """Raise NotPermitted where the user may not ask less of the project's tracks than is asked now: whoever
    may not judge a track could else switch off what stands in its way."""
    if role_in(user, project) not in ROLES[Permission.DECIDE]:
        raise NotPermitted(
            "Only a lead may ask less of tracks than is asked now: leave out a gate, or widen a bound.",
            remedy="Ask a lead to do it; asking for more needs none.",
        )
    check_is_person(user)


def reason_against_loosening(user: User, project: Project) -> str:
    """Why the user may only ask for more, for the form to say; empty where they may ask for less, too."""
    try:
        check_can_loosen(user, project)
    except NotPermitted as refusal:
        return refusal.message
    return ""


def people_who(permission: Permission, project: Project) -> QuerySet[User]:
    """The project's members whose role has the permission."""
    roles = [role.value for role in ROLES[permission]]
    return User.objects.filter(is_active=True, memberships__project=project, memberships__role__in=roles)


def reason_against(permission: Permission, role: Role | None) -> str:
    """Why the role may not, as the tooltip of a disabled button; empty where it may."""
    try:
        check_permission(permission, role)
    except NotPermitted as refusal:
        return refusal.message
    return ""

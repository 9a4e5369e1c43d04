"""Inviting people and making them members."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from tracks.actions.audit import audit
from tracks.errors import InvalidInput
from tracks.models import Invitation, Membership, Project, User
from tracks.statuses import Role

INVITATION_LASTS = timedelta(days=14)


@transaction.atomic
def create_user(*, email: str, name: str, password: str | None = None) -> User:
    """A new account; ``password=None`` makes one that signs in by a link only.

    Raises InvalidInput where the address is none, or is known already.
    """
    email = _valid_email(email)
    if User.objects.filter(email__iexact=email).exists():
        raise InvalidInput(f"{email} has an account already.", remedy="Sign in with it.", field="email")
    user = User.objects.create_user(username=email.lower(), email=email, password=password)
    user.first_name = name[:150]
    user.save(update_fields=["first_name"])
    return user


@transaction.atomic
def add_member(project: Project, user: User, role: Role, *, by: User | None) -> Membership:
    """Make the user a member, or give a member another role."""
    membership, created = Membership.objects.select_for_update().get_or_create(
        project=project, user=user, defaults={"role": role}
    )
    before = "" if created else membership.role
    if membership.role != role:
        _check_lead_remains(membership, role)
        membership.role = role
        membership.save(update_fields=["role"])
    audit("member.set", user, actor=by, project=project, before={"role": before}, after={"role": role})
    return membership


@transaction.atomic
def remove_member(membership: Membership, *, by: User) -> None:
    _check_lead_remains(membership, None)
    audit("member.removed", membership.user, actor=by, project=membership.project, before={"role": membership.role})
    membership.delete()


@transaction.atomic
def invite(project: Project, *, email: str, role: Role, by: User, now: datetime) -> str:
    """Invite an address and return the link's token, which is kept nowhere.

    Inviting an address again replaces its open invitation. Raises InvalidInput for a bad address and for a
    person who is a member already.
    """
    email = _valid_email(email)
    if Membership.objects.filter(project=project, user__email__iexact=email).exists():
        raise InvalidInput(f"{email} is a member of this project already.", field="email")
    Invitation.objects.filter(project=project, email__iexact=email, accepted_at=None).delete()
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        project=project,
        email=email,
        role=role,
        token_digest=digest(token),
        invited_by=by,
        created_at=now,
        expires_at=now + INVITATION_LASTS,
    )
    audit("member.invited", invitation, actor=by, project=project, after={"email": email, "role": role})
    return token


@transaction.atomic
def accept(invitation: Invitation, user: User, *, now: datetime) -> Membership:
    """Make the user a member as the invitation says. Raises InvalidInput when it is used up or too old."""
    taken = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, expires_at__gt=now).update(accepted_at=now)
    if not taken:
        raise InvalidInput("This invitation was used already or has expired.", remedy="Ask for a new one.")
    return add_member(invitation.project, user, Role(invitation.role), by=user)


def digest(token: str) -> str:
    """What is kept of an invitation's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _valid_email(email: str) -> str:
    try:
        validate_email(email)
    except ValidationError as error:
        raise InvalidInput(f"'{email}' is no e-mail address.", field="email") from error
    return email


def _check_lead_remains(membership: Membership, role: Role | None) -> None:
    leads = Membership.objects.select_for_update().filter(project=membership.project, role=Role.LEAD)
    if membership.role == Role.LEAD and role != Role.LEAD and leads.count() == 1:
        raise InvalidInput(
            f"{membership.user} is the only lead of this project.", remedy="Make another member a lead first."
        )

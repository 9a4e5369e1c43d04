"""Inviting people and making them members."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
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
    user = User.objects.create_user(username=email, email=email, password=password)
    user.first_name = name[:150]
    user.save(update_fields=["first_name"])
    audit("user.created", user, actor=None, project=None, after={"email": email, "name": user.first_name})
    return user


@transaction.atomic
def create_operator(*, email: str, name: str) -> User:
    """An account that may do everything, signed in by links until it sets a password. Errors as above."""
    user = create_user(email=email, name=name)
    user.is_staff = user.is_superuser = True
    user.save(update_fields=["is_staff", "is_superuser"])
    audit("operator.created", user, actor=None, project=None, after={"email": email})
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
    audit(
        "member.removed",
        membership.user,
        actor=by,
        project=membership.project,
        before={"role": membership.role},
    )
    membership.delete()


@transaction.atomic
def invite(project: Project, *, email: str, role: Role, by: User, now: datetime) -> str:
    """Invite an address and return the link's token, which is kept nowhere.

    Inviting an address again replaces its open invitation. Raises InvalidInput for a bad address and for a
    person who is a member already.
    """
    email = _valid_email(email)
    Project.objects.select_for_update().get(pk=project.pk)  # two leads may invite the same person at once
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
def revoke_invitation(invitation: Invitation, *, by: User) -> None:
    """Make an invitation's link useless. Raises InvalidInput where it was used already."""
    revoked, _ = Invitation.objects.filter(pk=invitation.pk, accepted_at=None).delete()
    if not revoked:
        raise InvalidInput(
            "This invitation is not open any more.", remedy="If it was accepted, remove the member instead."
        )
    audit(
        "member.uninvited",
        invitation,
        actor=by,
        project=invitation.project,
        before={"email": invitation.email},
    )


@transaction.atomic
def accept(invitation: Invitation, user: User, *, now: datetime) -> Membership:
    """Make the user a member as the invitation says.

    Raises InvalidInput when it is used up or too old, and for a member: nobody's role changes by a link.
    """
    if Membership.objects.filter(project=invitation.project_id, user=user).exists():
        raise InvalidInput("You are a member of this project already.", remedy="Open the project.")
    taken = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, expires_at__gt=now).update(
        accepted_at=now
    )
    if not taken:
        raise InvalidInput("This invitation was used already or has expired.", remedy="Ask for a new one.")
    return add_member(invitation.project, user, Role(invitation.role), by=user)


@transaction.atomic
def join(invitation: Invitation, *, name: str, password: str, now: datetime) -> User:
    """Make an account for the invited address and accept with it. Raises InvalidInput for a weak password."""
    try:
        validate_password(password, User(email=invitation.email, first_name=name))
    except ValidationError as error:
        raise InvalidInput(" ".join(error.messages), field="password") from error
    user = create_user(email=invitation.email, name=name, password=password)
    accept(invitation, user, now=now)
    return user


@transaction.atomic
def note_sign_in_link(user: User, *, by: User | None) -> None:
    """Leave word that an operator, or somebody at the terminal, made a link that signs in as the user."""
    audit("sign_in_link.made", user, actor=by, project=None)


@transaction.atomic
def note_password(user: User) -> None:
    """Leave word that the person has given themselves another password."""
    audit("user.password_changed", user, actor=user, project=None)


def digest(token: str) -> str:
    """What is kept of an invitation's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _valid_email(email: str) -> str:
    """The address in lower case: sign-in knows no other."""
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise InvalidInput(f"'{email}' is no e-mail address.", field="email") from error
    return email


def _check_lead_remains(membership: Membership, role: Role | None) -> None:
    leads = (
        Membership.objects.select_for_update()
        .filter(project=membership.project, role=Role.LEAD)
        .order_by("pk")
    )
    # Fetched, not counted: a count takes no locks, and two leads may be removing each other.
    if membership.role == Role.LEAD and role != Role.LEAD and len(list(leads)) == 1:
        raise InvalidInput(
            f"{membership.user} is the only lead of this project.", remedy="Make another member a lead first."
        )

"""``omc-qa operator`` and ``omc-qa sign-in-link``: accounts from the terminal, beside a running ``up``."""

import os
from typing import TYPE_CHECKING, Annotated

import django
import typer

from omc_qa.cli.output import console
from omc_qa.local.errors import LocalError
from omc_qa.local.home import Home

if TYPE_CHECKING:
    from tracks.models import User

Email = Annotated[str, typer.Argument(help="The person's e-mail address.")]
Url = Annotated[str, typer.Option(help="Where the dashboard is served; left out: where `omc-qa up` says.")]


def operator(email: Email, name: str = "", url: Url = "") -> None:
    """Make an account that may do everything, and print its sign-in link."""
    _connect()
    from tracks import actions

    user = actions.create_operator(email=email, name=name or email.partition("@")[0])
    _print_link(user.email, url)


def sign_in_link(email: Email, url: Url = "") -> None:
    """Print a link that signs a person in for a day, for instance one who forgot the password."""
    _connect()
    from tracks import actions

    actions.note_sign_in_link(_print_link(email, url), by=None)


def _print_link(email: str, url: str) -> "User":
    from tracks.errors import InvalidInput
    from tracks.models import User
    from tracks.web.accounts import sign_in_path

    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        raise InvalidInput(
            f"Nobody has an account with {email}.", remedy="Make one: omc-qa operator ADDRESS."
        )
    console.print(f"{(url or Home.default().url()).rstrip('/')}{sign_in_path(user)}")
    return user


def _connect() -> None:
    """Reach the database of the environment, or of the running ``omc-qa up``. Raises LocalError."""
    for name, value in Home.default().environment().items():
        os.environ.setdefault(name, value)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "omc_qa.settings")
    django.setup()
    from django.db import OperationalError, connection

    try:
        connection.ensure_connection()
    except OperationalError as error:
        raise LocalError(
            "The database does not answer. Start `omc-qa up` in another terminal first, or set DATABASE_URL "
            "(and OMC_QA_HOME, if you started it with one)."
        ) from error

"""``omc-qa operator`` and ``omc-qa sign-in-link``: accounts from the terminal, beside a running ``up``."""

from typing import TYPE_CHECKING, Annotated

import typer

from omc_qa.cli.connecting import connect
from omc_qa.cli.output import console
from omc_qa.local.home import Home

if TYPE_CHECKING:
    from tracks.models import User

Email = Annotated[str, typer.Argument(help="The person's e-mail address.")]
Url = Annotated[str, typer.Option(help="Where the dashboard is served; left out: where `omc-qa up` says.")]


def operator(email: Email, name: str = "", url: Url = "") -> None:
    """Make an account that may do everything, and print its sign-in link."""
    connect()
    from tracks import actions

    user = actions.create_operator(email=email, name=name or email.partition("@")[0])
    _print_link(user.email, url)


def sign_in_link(email: Email, url: Url = "") -> None:
    """Print a link that signs a person in for a day, for instance one who forgot the password."""
    connect()
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

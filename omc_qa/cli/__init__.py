"""The ``omc-qa`` command. Exit codes: 0 fine, 1 a track is worse than the baseline, 2 could not run; as
everywhere 130 after Ctrl-C, 143 after SIGTERM."""

import sys

import typer
from rich.console import Console

from omc_qa.cli.demo import demo
from omc_qa.cli.health import health
from omc_qa.cli.people import operator, sign_in_link
from omc_qa.cli.report import report
from omc_qa.cli.trial import try_repository
from omc_qa.cli.up import up
from omc_qa.local.errors import LocalError
from omc_qa.local.supervisor import Stopped
from tracks.errors import QAError

app = typer.Typer(
    help="Run the tests of a sprint's branches and show what changed against the baseline.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command()(up)
app.command()(demo)
app.command(name="try")(try_repository)
app.command()(operator)
app.command(name="sign-in-link")(sign_in_link)
app.command()(report)
app.command()(health)


def main() -> None:
    errors = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)
    try:
        app()
    except QAError as error:
        parts = [error.message, error.remedy, error.detail]
        errors.print("\n".join(part for part in parts if part))
        sys.exit(2)
    except LocalError as error:
        errors.print(str(error))
        sys.exit(2)
    except Stopped:
        sys.exit(143)

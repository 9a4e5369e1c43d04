"""``omc-qa up``: the dashboard for one's own projects, in one terminal."""

import sys
from typing import Annotated

import typer

from omc_qa.cli.output import console
from omc_qa.local.home import Home
from omc_qa.local.supervisor import Installation

Port = Annotated[int, typer.Option(help="The dashboard's port; the next free one is taken if it is busy.")]
Jobs = Annotated[int, typer.Option(help="How many runs go on at once.", min=1, max=64)]


def up(port: Port = 8000, jobs: Jobs = 2) -> None:
    """Serve the dashboard and run its runs, until Ctrl-C."""
    with Installation(Home.default(), port=port, jobs=jobs, say=console.print).running() as installation:
        from tracks.models import User

        console.print(f"OMC QA serves {installation.url}")
        if not User.objects.exists():
            console.print(
                f"Nobody has an account yet. In another terminal: {sys.argv[0]} operator you@example.org"
            )
        console.print("Ctrl-C stops it.")
        installation.watch()

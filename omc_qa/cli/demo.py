"""``omc-qa demo``: the sample sprint, played for real."""

import sys
from functools import partial
from typing import Annotated

import typer

from omc_qa.cli.output import console
from omc_qa.cli.trial import Json, Once
from omc_qa.cli.up import Jobs, Port
from omc_qa.local.home import Home
from omc_qa.local.supervisor import Installation

Reset = Annotated[bool, typer.Option("--reset", help="Throw the sample sprint away and stop.")]


def demo(
    reset: Reset = False,
    once: Once = False,
    json: Json = None,
    port: Port = 8000,
    jobs: Jobs = 2,
) -> None:
    """Play the sample sprint and serve its dashboard; a second time, serve what is there."""
    home = Home.default("demo")
    if reset:
        home.remove()
        console.print("The sample sprint is gone; the next start plays it again.")
        return
    installation = Installation(home, port=port, jobs=jobs, say=console.print)
    with installation.running(web=not once):
        from omc_qa.cli import playing
        from omc_qa.demo import sprint as sample
        from omc_qa.demo import story
        from omc_qa.demo.repository import build

        sprint = sample.find() or sample.start(home.root / "sample")
        if not once:
            playing.print_links(installation, sprint)
        planned = build(home.root / "sample")
        code = playing.play(sprint, installation, json, then=partial(story.go_on, planned))
        if once:
            sys.exit(code)
        playing.print_report(installation, sprint)
        console.print(
            "Track B waits for a decision: sign in as Lena; or press Retest on a row of the board and watch."
        )
        console.print("Ctrl-C stops it; `make demo` shows it again, `make demo-reset` starts over.")
        installation.watch()

"""``omc-qa try``: play a sprint on a local git repository."""

import re
import sys
from pathlib import Path
from typing import Annotated

import typer

from omc_qa.cli.output import console
from omc_qa.cli.up import Jobs, Port
from omc_qa.local.home import Home
from omc_qa.local.supervisor import Installation
from tracks.errors import InvalidInput
from tracks.execution import git, remote
from tracks.statuses import Network

TRACK = re.compile(r"([A-Z][A-Z0-9]{0,7})=(.+)", re.DOTALL)

Repository = Annotated[Path, typer.Argument(help="A local git repository: its commits, not its work tree.")]
Tracks = Annotated[
    list[str], typer.Option(help="KEY=BRANCH or KEY=SHA; the same key again: its next iteration.")
]
Baseline = Annotated[str, typer.Option(help="The base: a branch or a SHA.")]
Setup = Annotated[str, typer.Option(help="Makes the environment; left out: found out from the lock files.")]
Before = Annotated[str, typer.Option(help="Runs before the tests, for instance a database reset.")]
Test = Annotated[str, typer.Option(help="The test command; it has to end up in pytest.")]
After = Annotated[str, typer.Option(help="Runs after the tests, whatever came of them.")]
Subdir = Annotated[str, typer.Option(help="The folder in the repository where the commands run.")]
Environment = Annotated[list[str] | None, typer.Option(help="NAME=VALUE for the commands; may be repeated.")]
Python = Annotated[str, typer.Option(help="Use this interpreter's environment as it is, and make none.")]
Once = Annotated[
    bool, typer.Option("--once", help="Exit when done. 0: no track is worse, 1: some is, 2: could not run.")
]
Json = Annotated[Path | None, typer.Option(help="Write what was found to this file.")]


def try_repository(
    path: Repository,
    track: Tracks,
    baseline: Baseline = "main",
    setup: Setup = "",
    before: Before = "",
    test: Test = "python -m pytest",
    after: After = "",
    subdir: Subdir = "",
    env: Environment = None,
    python: Python = "",
    once: Once = False,
    json: Json = None,
    port: Port = 8000,
    jobs: Jobs = 2,
) -> None:
    """Play a sprint on a local git repository and show what its branches change.

    Where no sandbox works on this machine the tests run without one, as you would run them yourself.
    """
    repository = _repository(path)
    tracks = [_track(each) for each in track]
    _check_branches(repository, [baseline, *(ref for _, ref in tracks)])
    testing = {
        "setup": setup,
        "before": before,
        "test": test,
        "after": after,
        "subdir": subdir,
        "env": dict(_pair(each) for each in env or []),
        "python": str(Path(python).absolute()) if python else "",
        "network": Network.HOST,
    }
    installation = Installation(Home.default("try"), port=port, jobs=jobs, say=console.print)
    with installation.running(web=not once):
        from omc_qa.cli import playing, trial_sprint

        sprint = trial_sprint.start(repository, baseline, tracks, testing)
        if not once:
            playing.print_links(installation, sprint)
        code = playing.play(sprint, installation, json)
        if once:
            sys.exit(code)
        console.print("Ctrl-C stops it.")
        installation.watch()


def _repository(path: Path) -> Path:
    folder = path.expanduser().resolve()
    if not folder.is_dir():
        raise InvalidInput(f"There is no folder {path}.", remedy="Name the folder of a git repository.")
    if not ((folder / ".git").exists() or (folder / "HEAD").is_file()):
        raise InvalidInput(
            f"{path} is not a git repository.",
            remedy="Name its top folder (and --subdir for one in it), or make it one: git init, git commit.",
        )
    return folder


def _check_branches(repository: Path, refs: list[str]) -> None:
    """What is misspelt is told before anything is started; whether a SHA is a commit is seen later."""
    heads = list(remote.remote_branches(str(repository), allow_local=True))
    for ref in refs:
        if ref not in heads and (not heads or not git.SHORT_SHA.fullmatch(ref)):
            raise git.no_such_branch(ref, heads)


def _track(text: str) -> tuple[str, str]:
    match = TRACK.fullmatch(text)
    if not match:
        raise InvalidInput(
            f"--track {text!r} is not KEY=BRANCH.",
            remedy="Use capital letters and digits as key: --track A=my-branch.",
        )
    return match[1], match[2]


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.isidentifier():
        raise InvalidInput(f"--env {text!r} is not NAME=VALUE.")
    return name, value

"""``omc-qa health``: asks a running dashboard how it is, for health checks of containers and scripts."""

import json
import sys
import urllib.error
import urllib.request
from typing import Annotated

import typer

from omc_qa.cli.output import console

SECONDS = 10
Url = Annotated[str, typer.Argument(help="The address of /health.")]


def health(url: Url = "http://127.0.0.1:8000/health") -> None:
    """Print how a running dashboard is. Exit code 0: pages are served, 1: they are not."""
    try:
        with urllib.request.urlopen(url, timeout=SECONDS) as answer:  # noqa: S310 (named at the terminal)
            found = json.load(answer)
    except urllib.error.HTTPError as refusal:
        console.print(f"down: HTTP status {refusal.code}")
        sys.exit(1)
    except (OSError, ValueError) as error:
        console.print(f"down: {error}")
        sys.exit(1)
    console.print(" ".join([f"{found['status']}.", *found["problems"]]))

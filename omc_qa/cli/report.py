"""``omc-qa report``: a sprint's Test Summary Report as a file, beside a running ``up``."""

from pathlib import Path
from typing import Annotated

import typer

from omc_qa.cli.connecting import connect
from reports.statuses import Format

Sprint = Annotated[str, typer.Argument(help="The word behind /s/ in its address, or project/sprint.")]
Form = Annotated[Format | None, typer.Option("--format", help="Left out: by the file's name, or md.")]
Output = Annotated[Path | None, typer.Option("-o", "--output", help="Left out: the standard output.")]
Number = Annotated[int | None, typer.Option(help="Of a published report; left out: the report as it is now.")]


def report(sprint: Sprint, form: Form = None, output: Output = None, number: Number = None) -> None:
    """Write the Test Summary Report of a sprint, as it is now or as it was published."""
    connect()
    from django.utils import timezone

    from reports.report_files import write_report

    write_report(sprint, form, number=number, to=output, now=timezone.now())

"""``manage.py report ledger/sprint-1 --format pdf -o report.pdf``: what ``omc-qa report`` does."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from reports.report_files import write_report
from reports.statuses import Format
from tracks.errors import QAError


class Command(BaseCommand):
    help = "Writes the Test Summary Report of a sprint, as it is now or as it was published."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("sprint", help="the word behind /s/ in its address, or project/sprint")
        parser.add_argument(
            "--format", type=Format, choices=list(Format), help="left out: by the name, or md"
        )
        parser.add_argument("-o", "--output", type=Path, help="left out: the standard output")
        parser.add_argument("--number", type=int, help="of a published report; left out: as it is now")

    def handle(
        self, *_: Any, sprint: str, format: Format | None, output: Path | None, number: int | None, **__: Any
    ) -> None:
        try:
            write_report(sprint, format, number=number, to=output, now=timezone.now())
        except QAError as problem:
            raise CommandError(f"{problem.message} {problem.remedy}".strip()) from problem

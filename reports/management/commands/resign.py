"""``manage.py resign``: sign earlier runs' failures by today's rules, and make the stored comparisons again.

ledger: 1204 failures of 31 runs signed in 0.9 s
ledger: 58 comparisons made in 1.2 s
"""

from collections.abc import Iterator, Sequence
from time import monotonic
from typing import Any, TypeVar

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.template.defaultfilters import pluralize

from reports.actions import store_comparison
from reports.queries import stored_pairs
from tracks.actions import resign
from tracks.models import Project, Run
from tracks.queries import runs_signed_otherwise

PROGRESS_SECONDS = 5.0

Item = TypeVar("Item")


class Command(BaseCommand):
    help = (
        "Signs the failures of earlier runs by today's rules and their project's masks, and makes the stored "
        "comparisons again. Pages can be read all the while. Stopped, it goes on when it is started again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--project", metavar="SLUG", help="of this project only")

    def handle(self, *_: Any, project: str | None = None, **__: Any) -> None:
        projects = Project.objects.filter(slug=project) if project else Project.objects.order_by("slug")
        if project and not projects:
            raise CommandError(f"There is no project '{project}': give the word behind /p/ in its address.")
        for each in projects:
            self._sign(each)
            self._compare(each)

    def _sign(self, project: Project) -> None:
        began = monotonic()
        runs = runs_signed_otherwise(project)
        failures = sum(resign(_run(key)) for key in self._told(project, "runs signed", runs))
        self._say(project, f"{_counted(failures, 'failure')} of {_counted(len(runs), 'run')} signed", began)

    def _compare(self, project: Project) -> None:
        began = monotonic()
        pairs = stored_pairs(project)
        for base, head in self._told(project, "comparisons made", pairs):
            store_comparison(_run(base), _run(head))
        self._say(project, f"{_counted(len(pairs), 'comparison')} made", began)

    def _told(self, project: Project, done: str, items: Sequence[Item]) -> Iterator[Item]:
        """The items, saying from time to time how many of them were dealt with."""
        told_at = monotonic()
        for place, item in enumerate(items):
            if monotonic() - told_at >= PROGRESS_SECONDS:
                self.stdout.write(f"{project.slug}: {place} of {len(items)} {done}")
                told_at = monotonic()
            yield item

    def _say(self, project: Project, done: str, began: float) -> None:
        self.stdout.write(f"{project.slug}: {done} in {monotonic() - began:.1f} s")


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{pluralize(number)}"


def _run(key: int) -> Run:
    return Run.objects.select_related("project").defer("spec").get(pk=key)

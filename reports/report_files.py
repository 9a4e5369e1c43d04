"""A sprint's report as a file, for who asks at a terminal.

"sprint-1" or "ledger/sprint-1", pdf, 3 ──report_file──> the third edition, as bytes
                                  no number ──────────>  the report as it is now
"""

import sys
from datetime import datetime
from pathlib import Path

from reports.models import Publication
from reports.publication_queries import edition_of
from reports.rendering import Draft
from reports.rendering.files import file_of
from reports.statuses import Format
from reports.summarising import summary_of
from tracks.errors import InvalidInput
from tracks.models import Sprint

NAMED = 20
"""So many sprints are named to who has mistyped one."""


def sprint_called(name: str) -> Sprint:
    """The sprint of that slug, or ``project/sprint``. Raises InvalidInput where there is none, or several."""
    *project, slug = name.split("/")
    found = Sprint.objects.select_related("project", "baseline").filter(slug=slug)
    if project:
        found = found.filter(project__slug="/".join(project))
    sprints = list(found.order_by("pk")[: NAMED + 1])
    if not sprints:
        there_are = _listed(list(Sprint.objects.select_related("project")[: NAMED + 1]))
        raise InvalidInput(f"There is no sprint '{name[:80]}'.", remedy=there_are or "There is none at all.")
    if len(sprints) > 1:
        raise InvalidInput(f"Several projects have a sprint '{slug[:80]}'.", remedy=_listed(sprints))
    return sprints[0]


def report_file(sprint: Sprint, form: Format, *, number: int | None, now: datetime) -> bytes:
    """The report as it is now, or its edition of that number. Raises InvalidInput where there is none, and
    ToolError where it cannot be rendered."""
    if number is None:
        summary = summary_of(sprint, now=now)
        return file_of(form, summary.content(), Draft(summary.digest))
    publication = Publication.objects.filter(sprint=sprint, number=number).first()
    if publication is None:
        raise InvalidInput(
            f"{sprint} has no published report {number}.",
            remedy=f"There are {sprint.publications.count()}; left out, you get the report as it is now.",
        )
    return file_of(form, publication.content, edition_of(publication))


def hand_over(content: bytes, form: Format, to: Path | None) -> None:
    """Write it to the file, or to the standard output. Raises InvalidInput where that cannot be."""
    if to is None:
        _print(content, form)
        return
    try:
        to.write_bytes(content)
    except OSError as error:
        raise InvalidInput(
            f"{to} could not be written: {error.strerror}.", remedy="Name another file with -o."
        ) from error


def _print(content: bytes, form: Format) -> None:
    sys.stdout.flush()
    if form is Format.PDF and sys.stdout.isatty():
        raise InvalidInput("A PDF is nothing for a terminal.", remedy="Name a file for it with -o.")
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def _listed(sprints: list[Sprint]) -> str:
    names = [f"{each.project.slug}/{each.slug}" for each in sprints[:NAMED]]
    more = ", …" if len(sprints) > NAMED else ""
    return f"There is: {', '.join(names)}{more}." if names else ""

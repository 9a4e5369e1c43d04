"""A sprint's report as a file, for who asks at a terminal.

"sprint-1" or "ledger/sprint-1", pdf, 3 ──report_file──> the third edition, as bytes
                                  no number ──────────>  the report as it is now
bytes ──hand_over──> a file, or the standard output

Where no format is named, the file's name tells it.

A report takes seconds to make: whether it can be written is looked at before that.
"""

import os
import sys
from datetime import datetime
from pathlib import Path

from reports.models import Publication
from reports.publication_queries import edition_of, editions_of
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
    *project, slug = name.replace("\0", "�").split("/")  # PostgreSQL refuses NUL; no slug holds the other
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
            remedy=f"{_published(sprint)} Without a number you get the report as it is now.",
        )
    return file_of(form, publication.content, edition_of(publication))


def write_report(
    name: str, form: Format | None, *, number: int | None, to: Path | None, now: datetime
) -> None:
    """Write the sprint's report to the file, or to the standard output; ``name`` and ``number`` as above.
    Raises InvalidInput where there is no such report, or it cannot be written."""
    form = form or format_of(to)
    check_place(form, to)
    hand_over(report_file(sprint_called(name), form, number=number, now=now), to)


def format_of(to: Path | None) -> Format:
    """What the file's name says; Markdown where it says nothing. Raises InvalidInput for another suffix."""
    suffix = to.suffix.removeprefix(".").lower() if to else ""
    if not suffix:
        return Format.MARKDOWN
    if suffix not in set(Format):
        formats = ", ".join(Format)
        raise InvalidInput(f"No report is written as .{suffix}.", remedy=f"Name a format: {formats}.")
    return Format(suffix)


def check_place(form: Format, to: Path | None) -> None:
    """Raise InvalidInput where it can be seen beforehand that the report cannot be written."""
    if to is None:
        if form is Format.PDF and sys.stdout.isatty():
            raise InvalidInput("A PDF is nothing for a terminal.", remedy="Name a file for it with -o.")
    elif not to.parent.is_dir():
        raise _not_written(to, "there is no such folder")
    elif to.is_dir():
        raise _not_written(to, "it is a folder")
    elif not os.access(to if to.exists() else to.parent, os.W_OK):
        raise _not_written(to, "that is not allowed")


def hand_over(content: bytes, to: Path | None) -> None:
    """Write it to the file, or to the standard output. Raises InvalidInput where that cannot be."""
    if to is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    try:
        _write(content, to.resolve())
    except OSError as error:
        raise _not_written(to, str(error.strerror)) from error


def _write(content: bytes, to: Path) -> None:
    """All of it or nothing: what stood there stays until all is written. A device is written into."""
    if to.exists() and not to.is_file():
        to.write_bytes(content)
        return
    beside = to.with_name(f".{to.name}.{os.getpid()}")
    try:
        beside.write_bytes(content)
        beside.replace(to)
    finally:
        beside.unlink(missing_ok=True)


def _not_written(to: Path, why: str) -> InvalidInput:
    return InvalidInput(f"{to} could not be written: {why}.", remedy="Name another file with -o.")


def _published(sprint: Sprint) -> str:
    numbers = [str(each.number) for each in editions_of(sprint)[:NAMED]]
    return f"Published, newest first: {', '.join(numbers)}." if numbers else "None is published yet."


def _listed(sprints: list[Sprint]) -> str:
    names = [f"{each.project.slug}/{each.slug}" for each in sprints[:NAMED]]
    more = ", …" if len(sprints) > NAMED else ""
    return f"There is: {', '.join(names)}{more}." if names else ""

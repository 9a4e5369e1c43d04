"""``manage.py verify_audit``: whether the audit log is what it was when its entries were linked.

312 entries are linked, the last at 2026-11-24 01:15 UTC; 2 are not linked yet.
The chain holds. Write down elsewhere: 312:5f0c…
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tracks import queries
from tracks.models import AuditLink


class Command(BaseCommand):
    help = (
        "Walks the chain of the audit log and names the first link that does not hold; ends with 1 then. "
        "Nothing is changed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--expect",
            metavar="NUMBER:DIGEST",
            help="what an earlier call said: also fails where the log does not lead back to that",
        )

    def handle(self, *_: Any, expect: str | None = None, **__: Any) -> None:
        if broken := queries.first_break():
            raise CommandError(_told(broken))
        if expect:
            _check_leads_back(expect)
        last = queries.last_link()
        self.stdout.write(
            f"{last.number if last else 0} entries are linked; "
            f"{queries.unlinked_entries().count()} are not linked yet."
        )
        end = f" Write down elsewhere: {last.number}:{last.digest}" if last else ""
        self.stdout.write(f"The chain holds.{end}")


def _told(broken: queries.Break) -> str:
    said = f"The chain breaks at link {broken.number}: {broken.what}."
    if broken.entry:
        entry = broken.entry
        said += f" Entry {entry.pk}, {entry.action} of {entry.subject} at {entry.at:%Y-%m-%d %H:%M:%S} UTC."
    return said


def _check_leads_back(expect: str) -> None:
    number, _, digest = expect.partition(":")
    if not number.isdecimal() or not digest:
        raise CommandError("Give --expect what an earlier call said: its number, a colon and its digest.")
    if not AuditLink.objects.filter(number=number, digest=digest).exists():
        raise CommandError(
            f"The chain does not lead back to link {number} with that digest: it was cut off or made anew."
        )

"""Accepting that a track loses tests: those that vanished, and those that were switched off."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from reports.actions.waivers import checked_reason
from reports.duties import check_can_excuse
from reports.gate_queries import comparison_of, losses_in
from reports.models import AcceptedLoss
from tracks.actions.audit import audit
from tracks.actions.findings.locks import lock_track
from tracks.errors import InvalidInput
from tracks.models import Track, User
from tracks.permissions import role_in

AT_ONCE = 5_000
"""Rows that are written by one statement."""


@transaction.atomic
def accept_losses(
    track: Track, tests: Collection[int], *, comparison: int | None, reason: str, by: User, now: datetime
) -> list[AcceptedLoss]:
    """Take it that the track's latest run lacks these tests, given by number; those that are accepted already
    stay as they are. ``comparison`` is the one with the baseline whose losses the user saw.

    Raises NotPermitted for who may not judge the track; InvalidInput for none, where another run or baseline
    counts by now, for a test that is not lost, and for a reason that will not do.
    """
    locked = lock_track(track)
    check_can_excuse(by, role_in(by, locked.sprint.project), locked)
    said = checked_reason(reason)
    _check_chosen(tests)
    present = comparison_of(locked)
    if present and present.pk != comparison:
        raise InvalidInput(
            "The track or the baseline was tested again meanwhile: these are not the losses that you saw.",
            remedy="Look at those of the latest run first.",
        )
    lost = losses_in(present) if present else {}
    if others := set(tests) - lost.keys():
        raise InvalidInput(
            f"{len(others)} of these tests are not lost in the latest run.",
            remedy="Load the page again.",
            field="tests",
        )
    known = set(AcceptedLoss.objects.filter(track=locked).values_list("test", "kind"))
    kept = AcceptedLoss.objects.bulk_create(
        (
            AcceptedLoss(track=locked, test=test, kind=lost[test], reason=said, by=by, at=now)
            for test in sorted(set(tests))
            if (test, lost[test]) not in known
        ),
        batch_size=AT_ONCE,
    )
    if kept:
        after = {"tests": [row.test for row in kept], "reason": said}
        audit("losses.accepted", locked, actor=by, project=locked.sprint.project, after=after)
    return kept


@transaction.atomic
def withdraw_acceptance(track: Track, tests: Collection[int], *, by: User) -> int:
    """Accept the loss of these tests no more; how many that were. Raises InvalidInput for none, and where
    none of them is accepted."""
    locked = lock_track(track)
    _check_chosen(tests)
    rows = AcceptedLoss.objects.filter(track=locked, test__in=tests)
    before = [
        {"test": row.test, "kind": row.kind, "reason": row.reason, "by": row.by_id, "at": row.at.isoformat()}
        for row in rows
    ]
    if not before:
        raise InvalidInput("The loss of these tests is not accepted.", remedy="Load the page again.")
    rows.delete()
    audit("losses.withdrawn", locked, actor=by, project=locked.sprint.project, before={"accepted": before})
    return len(before)


def _check_chosen(tests: Collection[int]) -> None:
    if not tests:
        raise InvalidInput("No test is chosen.", remedy="Choose one at least.", field="tests")

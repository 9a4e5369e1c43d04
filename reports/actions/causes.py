"""What a comparison keeps of causes: the head's cascades, or what became of those of the iteration before."""

from collections import Counter
from typing import Any

from reports.cascading import find_forecasts, held_by
from reports.forecasts import Held
from reports.models import Comparison
from reports.queries import comparison
from reports.stored_cascades import pack, pack_held
from tracks import queries
from tracks.actions import resign
from tracks.models import Run
from tracks.statuses import RunKind

ERRORS, TITLE = 3, 200
"""How many errors of a forecast that did not hold are kept, and characters of each."""


def causes_between(base: Run, head: Run) -> dict[str, Any]:
    """The fields of the comparison that speak of causes. Both runs must have ended and be signed alike."""
    if base.kind == RunKind.BASELINE:
        return {"cascades": pack(find_forecasts(base, head))}
    of_one_track = base.track_id is not None and base.track_id == head.track_id
    return {"forecasts": _held(base, head)} if of_one_track else {}


def hold_again(run: Run) -> None:
    """Put an iteration's forecasts to the test of the next one: the two may have been compared before the
    baseline had ended."""
    for later in Comparison.objects.filter(base=run, head__track=run.track_id).select_related("head"):
        resign(run, later.head)
        later.forecasts = _held(run, later.head)
        later.save(update_fields=["forecasts"])


def _held(previous: Run, head: Run) -> list[dict[str, Any]]:
    """What became of the forecasts that are kept of the iteration before, against the sprint's baseline."""
    stored = comparison(previous.sprint.baseline, previous) if previous.sprint else None
    if stored is None:
        return []
    found = list(held_by(stored, head))
    titles = queries.titles_of(head) if found else {}
    signatures = queries.signatures_of(head) if found else {}
    return [pack_held(forecast, held, _largest_errors(held, signatures, titles)) for forecast, held in found]


def _largest_errors(
    held: Held, signatures: dict[int, str], titles: dict[str, str]
) -> list[tuple[str, int, int]]:
    """The errors with which most of those tests broke that did not do as forecast."""
    tests = [test for group in held.otherwise.values() for test in group if test in signatures]
    counted = Counter(signatures[test] for test in tests)
    examples = {signatures[test]: test for test in reversed(tests)}
    return [
        (titles[digest][:TITLE], count, examples[digest]) for digest, count in counted.most_common(ERRORS)
    ]

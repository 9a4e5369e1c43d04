"""The only writers of conclusions."""

from reports import queries
from reports.deltas import is_worse
from reports.models import Comparison
from reports.stored import pack_classes
from tracks.models import Run


def compare_around(run: Run) -> None:
    """Make every comparison that the end of ``run`` makes possible; see ``queries.pairs_to_compare``."""
    for base, head in queries.pairs_to_compare(run):
        store_comparison(base, head)


def store_comparison(base: Run, head: Run) -> Comparison:
    """Compare and keep it, in the place of what was kept of these two."""
    delta = queries.delta_between(base, head)
    stored, _ = Comparison.objects.update_or_create(
        base=base,
        head=head,
        defaults={
            "classes": pack_classes(delta),
            "matrix": delta.cells(),
            "figures": {name.value: int(tests.size) for name, tests in delta.classes.items()},
            "vanished": {str(number): reason.value for number, reason in delta.reasons.items()},
            "caveats": list(delta.caveats),
            "worse": is_worse(delta),
        },
    )
    return stored

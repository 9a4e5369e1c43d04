"""A developer's word that a finding is fixed; pure."""

from collections.abc import Iterator

from reports.document import Block, Mono, Quote
from reports.document.prose import blocks_of
from reports.summary.facts import AttemptTold
from reports.summary.sections.writing import SHORT, Part, says


def claimed(subject: Part, attempt: AttemptTold) -> Iterator[Block]:
    """Nothing where nobody had claimed it. ``subject`` is what the sentence begins with."""
    if attempt.claim is None:
        return
    by = attempt.by or "Somebody"
    yield says(subject, f": {by} claims that ", Mono(attempt.sha[:SHORT]), " fixes it.")
    if attempt.note:
        yield Quote(blocks_of(attempt.note))

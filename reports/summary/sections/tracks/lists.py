"""The tests of a comparison by what became of them, by name; pure."""

from collections.abc import Iterator, Mapping, Sequence

from reports.document import Block, Figure, Folded, Mono, Paragraph, Strong
from reports.document.blocks import Line
from reports.summary.facts import LISTED, ComparisonTold, TestTold
from reports.summary.figures.of_runs import CLASS_WORDS
from reports.summary.sections.writing import NAMED, bullets, counted, cut, line
from reports.transitions import DeltaClass

REGRESSIONS = (DeltaClass.NEWLY_FAILING, DeltaClass.NEWLY_ERRORING)
STILL_BROKEN = (DeltaClass.STILL_BROKEN_SAME, DeltaClass.STILL_BROKEN_DIFFERENT)
LOST = (DeltaClass.VANISHED, DeltaClass.MUTED)


_WHOLE = frozenset({*REGRESSIONS, DeltaClass.VANISHED})
"""What a reader has to see test by test."""


def listing(
    kind: DeltaClass,
    comparison: ComparisonTold,
    prefix: str,
    figures: Mapping[str, Figure],
    *,
    folded: bool = False,
) -> Iterator[Block]:
    """The tests of one class, by their errors where they are known; nothing where there are none. ``prefix``
    is that of the figures. Of what is folded, and of classes that matter less, the first NAMED."""
    count = figures[f"{prefix}.{kind}"]
    if not count.value:
        return
    title = line(Strong(f"{CLASS_WORDS[kind].capitalize()}: "), *counted(count, "test"))
    tests = comparison.tests.get(kind, ())[: LISTED if kind in _WHOLE and not folded else NAMED]
    blocks = (*cut(len(tests), count.value), *_by_error(tests, prefix, figures))
    if folded and blocks:
        yield Folded(title, blocks)
    else:
        yield from (Paragraph(title), *blocks)


def _by_error(tests: Sequence[TestTold], prefix: str, figures: Mapping[str, Figure]) -> Iterator[Block]:
    """Each error once, with the tests of the run that break by it, and after it those of the list."""
    errors = dict.fromkeys(each.error for each in tests)
    for error in errors:
        if error:
            all_of_it = figures.get(f"{prefix}.error.{error.signature}")
            in_all = (" – ", *counted(all_of_it, "test"), " of the run") if all_of_it else ()
            yield Paragraph(line(Strong(error.title), *in_all, ":"))
        yield bullets(_line(each) for each in tests if each.error == error)


def _line(test: TestTold) -> Line:
    message = "" if test.error else test.message
    accepted = f"accepted: {test.accepted}" if test.accepted else ""
    said = (test.note, message, *(each.rstrip(".") for each in test.diagnosed), accepted)
    more = "; ".join(each for each in said if each)
    return line(Mono(test.node_id), f" – {more}" if more else "")

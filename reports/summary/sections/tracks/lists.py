"""The tests of a comparison by what became of them, by name; pure."""

from collections.abc import Iterator, Mapping, Sequence

from reports.document import Block, Bullets, Figure, Folded, Mono, Paragraph, Strong
from reports.document.blocks import Line
from reports.summary.facts import ComparisonTold, TestTold
from reports.summary.figures.of_runs import CLASS_WORDS
from reports.summary.sections.writing import bullets, counted, line, says
from reports.transitions import DeltaClass

REGRESSIONS = (DeltaClass.NEWLY_FAILING, DeltaClass.NEWLY_ERRORING)
STILL_BROKEN = (DeltaClass.STILL_BROKEN_SAME, DeltaClass.STILL_BROKEN_DIFFERENT)
LOST = (DeltaClass.VANISHED, DeltaClass.MUTED)


def listing(
    kind: DeltaClass,
    comparison: ComparisonTold,
    prefix: str,
    figures: Mapping[str, Figure],
    *,
    folded: bool = False,
) -> Iterator[Block]:
    """The tests of one class; nothing where there are none. ``prefix`` is that of the figures."""
    count = figures[f"{prefix}.{kind}"]
    if not count.value:
        return
    title = line(Strong(f"{CLASS_WORDS[kind].capitalize()}: "), *counted(count, "test"))
    blocks = tuple(_blocks(count, comparison.tests.get(kind, ())))
    if folded and blocks:
        yield Folded(title, blocks)
    else:
        yield from (Paragraph(title), *blocks)


def _blocks(count: Figure, tests: Sequence[TestTold]) -> Iterator[Block]:
    if tests and count.value > len(tests):
        yield says("The first of them:")
    if tests:
        yield _named(tests)


def _named(tests: Sequence[TestTold]) -> Bullets:
    return bullets(_line(each) for each in tests)


def _line(test: TestTold) -> Line:
    accepted = f"accepted: {test.accepted}" if test.accepted else ""
    more = "; ".join(each for each in (test.note, test.message, accepted) if each)
    return line(Mono(test.node_id), f" – {more}" if more else "")

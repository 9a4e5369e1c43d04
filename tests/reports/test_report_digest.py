"""The same facts, in whichever order they come, are the same report."""

from dataclasses import fields, is_dataclass, replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from reports.summary import build
from tests.reports.summary_facts import create_decision_told, sample

ORDERED = frozenset({"commits", "merged", "plan", "options", "reasons"})
"""The fields in which an order means something."""
DIGEST = build(sample(), {}).digest


@settings(max_examples=12, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_the_facts_does_not_matter(random):
    assert build(_shuffled(sample(), random), {}).digest == DIGEST


def test_another_fact_is_another_digest():
    first, *others = sample().tracks
    decisions = (*first.decisions, create_decision_told(decision=4))
    after = replace(sample(), tracks=(replace(first, decisions=decisions), *others))
    assert build(after, {}).digest != DIGEST


def test_another_word_is_another_digest():
    assert build(sample(), {"summary": "Fine."}).digest != DIGEST


def test_a_report_names_the_rows_that_it_rests_on():
    assert build(sample(), {}).rests_on == {
        "runs": (1, 2, 3, 4, 5),
        "comparisons": (1, 2, 3),
        "changesets": (1, 2),
        "decisions": (1, 2, 3),
        "findings": (1, 2, 3, 4, 5),
        "integrations": (1,),
    }


def _shuffled(value: Any, random: Any) -> Any:
    """The same, with every tuple and mapping in another order where that means nothing."""
    if is_dataclass(value):
        parts = {each.name: getattr(value, each.name) for each in fields(value)}
        return replace(
            value,
            **{name: part if name in ORDERED else _shuffled(part, random) for name, part in parts.items()},
        )
    if isinstance(value, dict):
        keys = random.sample(list(value), len(value))
        return {key: _shuffled(value[key], random) for key in keys}
    if isinstance(value, tuple):
        parts = [_shuffled(each, random) if is_dataclass(each) else each for each in value]
        return tuple(random.sample(parts, len(parts)))
    return value

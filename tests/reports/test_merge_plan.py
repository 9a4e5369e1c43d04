"""The recommended order of merging, as a table."""

import pytest

from reports.merge_plan import Candidate, Stand, in_order, plan


def test_dependencies_come_first_and_the_rest_by_rank():
    assert in_order({"A": ("C",), "B": (), "C": ()}) == ("B", "C", "A")
    with pytest.raises(ValueError, match="A, B wait for each other"):
        in_order({"A": ("B",), "B": ("A",)})


def test_the_plan_reads_as_a_list():
    steps = plan(
        [
            Candidate("A", Stand.REJECTED),
            Candidate("B", Stand.READY, waits_for=("C",), size=5),
            Candidate("C", Stand.READY, size=90),
            Candidate("D", Stand.READY, conflicts=frozenset("E"), size=1),
            Candidate("E", Stand.READY, conflicts=frozenset("D"), breaks=frozenset("C"), size=2),
            Candidate("F", Stand.STALE, waits_for=("A",)),
        ]
    )
    assert [step.sentence for step in steps] == [
        "Merge C now.",
        "Merge B after C.",
        "Merge D now.",
        "Merge E after C and D.",
        "Merge A after rework.",
        "Merge F once it is decided again, after A.",
    ]
    assert [step.is_now for step in steps] == [True, True, True, False, False, False]
    assert steps[1].reasons == ("it depends on C",)

"""The recommended order of merging, as a table."""

from reports.merge_plan import Candidate, Stand, plan


def test_the_plan_reads_as_a_list():
    steps = plan(
        [
            Candidate("A", Stand.REJECTED),
            Candidate("B", Stand.READY, waits_for=("C",)),
            Candidate("C", Stand.READY),
            Candidate("D", Stand.READY, conflicts=frozenset("E")),
            Candidate("E", Stand.READY, conflicts=frozenset("D"), breaks=frozenset("C")),
            Candidate("F", Stand.STALE, waits_for=("A",)),
            Candidate("G", Stand.READY, rework="it shares no history with the base"),
        ]
    )
    assert [step.sentence for step in steps] == [
        "Merge C now.",
        "Merge B after C.",
        "Merge D now.",
        "Merge E after C and D.",
        "Merge A after rework.",
        "Merge F once it is decided again, after A.",
        "Merge G after rework.",
    ]
    assert [step.is_now for step in steps] == [True, True, True, False, False, False, False]
    assert steps[1].reasons == ("it depends on C",)
    assert steps[6].reasons == ("it shares no history with the base",)

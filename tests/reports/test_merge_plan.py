"""The order in which tracks are merged, as a table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.merge_plan import Action, Candidate, Clash, Stand, plan

APPROVED, REJECTED, UNDECIDED = Stand.APPROVED, Stand.REJECTED, Stand.UNDECIDED
INI = Clash(("A", "C"), "both change pytest.ini")


def approved(key: str, *depends_on: str, files: int = 0) -> Candidate:
    return Candidate(key, APPROVED, depends_on=depends_on, files=files)


@pytest.mark.parametrize(
    ("candidates", "clashes", "sentences"),
    [
        pytest.param([], [], [], id="no track"),
        pytest.param([approved("A")], [], ["Merge A now."], id="one that is approved"),
        pytest.param(
            [approved("A", files=9), approved("B", files=2)],
            [],
            ["Merge B now.", "Merge A now."],
            id="the smaller one first",
        ),
        pytest.param(
            [approved("A", "B"), approved("B")],
            [],
            ["Merge B now.", "Merge A now."],
            id="what is waited for first",
        ),
        pytest.param([approved("A", "Z")], [], ["Merge A now."], id="what is no candidate is merged already"),
        pytest.param(
            [Candidate("A", REJECTED, "Lena rejected it."), approved("B", "A"), approved("C")],
            [],
            ["Merge C now.", "A after rework.", "B after A."],
            id="the sample's sprint",
        ),
        pytest.param(
            [Candidate("A", UNDECIDED, "Nobody has decided on it."), approved("B", "A")],
            [],
            ["A once it is approved.", "B after A."],
            id="what is not decided",
        ),
        pytest.param(
            [approved("A", files=1), approved("C", files=2)],
            [INI],
            ["Merge A now.", "C after rework onto A."],
            id="of two that clash the later gives way",
        ),
        pytest.param(
            [approved("A"), approved("B"), approved("C")],
            [INI],
            ["Merge B now.", "Merge A now.", "C after rework onto A."],
            id="what clashes with nothing first",
        ),
        pytest.param(
            [approved("A"), Candidate("C", UNDECIDED)],
            [INI],
            ["Merge A now.", "C after rework onto A."],
            id="rework comes before the decision",
        ),
        pytest.param(
            [approved("A", "B"), approved("B", "A")],
            [],
            ["Merge A now.", "Merge B now."],
            id="a cycle ends",
        ),
    ],
)
def test_the_plan_is_a_list(candidates: list[Candidate], clashes: list[Clash], sentences: list[str]) -> None:
    assert [step.sentence for step in plan(candidates, clashes)] == sentences


def test_each_step_says_why() -> None:
    rejected = Candidate("A", REJECTED, "Lena rejected it: the schema is wrong.", ("C",))
    first, second = plan([rejected, approved("C")], [INI])
    assert first.reasons == ("It is approved, and waits for nothing.",)
    assert second.reasons == (
        "It depends on C.",
        "It clashes with C: both change pytest.ini.",
        "Lena rejected it: the schema is wrong.",
    )


@st.composite
def sprints(draw: st.DrawFn) -> tuple[list[Candidate], list[Clash]]:
    keys = list("ABCDEF"[: draw(st.integers(1, 6))])
    candidates = [
        Candidate(
            key,
            draw(st.sampled_from(Stand)),
            depends_on=tuple(draw(st.sets(st.sampled_from(keys[:place]))) if place else ()),
            files=draw(st.integers(0, 3)),
        )
        for place, key in enumerate(keys)
    ]
    pairs = st.lists(st.sampled_from(keys), min_size=2, max_size=2, unique=True)
    clashes = draw(st.lists(pairs, max_size=3)) if len(keys) > 1 else []
    return candidates, [Clash(tuple(pair), "they clash") for pair in clashes]


@given(sprint=sprints())
def test_nothing_is_merged_now_before_what_it_needs_and_no_two_that_clash(
    sprint: tuple[list[Candidate], list[Clash]],
) -> None:
    candidates, clashes = sprint
    steps = plan(candidates, clashes)
    assert sorted(step.key for step in steps) == sorted(each.key for each in candidates)
    needs = {each.key: set(each.depends_on) for each in candidates}
    stands = {each.key: each.stand for each in candidates}
    now: set[str] = set()
    for step in steps:
        if step.action is Action.NOW:
            assert needs[step.key] <= now
            assert stands[step.key] is APPROVED
            assert not any(step.key in clash.keys and set(clash.keys) & now for clash in clashes)
            now.add(step.key)

"""The sections of a report: each tells what the facts hold, and leaves itself out where they hold nothing."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime
from typing import Any

import pytest

from reports.document import (
    Block,
    Bullets,
    Code,
    Document,
    Emphasis,
    Figure,
    Folded,
    Inline,
    Link,
    Mark,
    Paragraph,
    Picture,
    PictureKind,
    Quote,
    Strong,
    Table,
    Text,
    figures_in,
    from_json,
    inlines_in,
    sections_in,
    to_json,
)
from reports.statuses import DecisionKind
from reports.summary import build
from reports.summary.facts import (
    AnswerTold,
    ErrorTold,
    InteractionTold,
    StepTold,
    SummaryFacts,
    TestTold,
)
from reports.summary.numbers import by_number
from reports.summary.sections.writing import day, moment
from reports.summary.standing import State, called, overall, state_of
from reports.transitions import DeltaClass
from tests.reports.summary_facts import (
    FIRST,
    NOON,
    OTHER,
    create_comparison_told,
    create_decision_told,
    create_facts,
    create_finding_told,
    create_iteration_told,
    create_run_told,
    create_track_told,
    sample,
)
from tracks.finding_statuses import FindingKind, FindingStatus
from tracks.statuses import RunState

REPORT = build(sample(), {})


def document_of(facts: SummaryFacts) -> Document:
    return build(facts, {}).document


def section_keys(document: Document) -> list[str]:
    return [section.key for section in sections_in(document)]


def words_of(document: Document, key: str) -> str:
    """All that the section and those in it say, as people read it."""
    section = next(each for each in sections_in(document) if each.key == key)
    alone = replace(document, sections=(section,))
    return "\n".join(_said(each) for part in sections_in(alone) for each in part.blocks)


def _said(block: Block) -> str:
    match block:
        case Paragraph():
            return _line(block.line)
        case Bullets():
            return "\n".join(_said(each) for item in block.items for each in item)
        case Table():
            return "\n".join(" | ".join(map(_line, row)) for row in block.rows)
        case Code() | Picture():
            return block.text
        case Quote():
            return "\n".join(map(_said, block.blocks))
        case Folded():
            return "\n".join([_line(block.title), *map(_said, block.blocks)])


def _line(line: tuple[Inline, ...]) -> str:
    return "".join(
        each.shown if isinstance(each, Figure) else "" if isinstance(each, Mark) else each.text
        for each in line
    )


def test_the_sections_stand_in_their_order():
    assert [section.key for section in REPORT.document.sections] == [
        *("about", "summary", "metrics", "status", "baseline", "tracks", "findings", "integration"),
        *("recommendations", "decisions", "questions", "next-steps", "timeline", "conclusion", "appendices"),
    ]


def test_a_track_is_told_from_its_branch_to_its_readiness():
    keys = [key.removeprefix("track-a-") for key in section_keys(REPORT.document) if "track-a-" in key]
    assert keys == [
        *("changes", "results", "flow", "successes", "regressions", "lost", "errors", "criteria"),
        *("findings", "missing", "retest-1", "retest-1-tried", "retest-1-results", "retest-1-verdicts"),
        *("verdict", "follow-ups", "readiness"),
    ]


def test_every_key_is_there_once_and_fit_for_an_address():
    keys = section_keys(REPORT.document)
    assert len(keys) == len(set(keys))
    assert all(re.fullmatch(r"[a-z0-9-]+", key) for key in keys)


def test_every_link_within_leads_to_a_section():
    inner = [each.href for each in inlines_in(REPORT.document) if isinstance(each, Link)]
    assert inner
    assert {href.removeprefix("#") for href in inner} <= set(section_keys(REPORT.document))


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("about", "Status | Not every track is approved: B is rejected, C is not decided"),
        ("about", "Latest tests | A: retest 1; B: initial test"),
        ("summary", "Testing progress: 2 of 3 tracks are tested, in 3 test runs."),
        ("metrics", "A, retest 1 | finished | 659 (−1) | 655 (+92) | 1 (−19) | 1 (−76) | 2 (+2) | 1 min 5 s"),
        ("metrics", "Target | – | – | at least 580 | at most 10 | at most 0 | – | –"),
        ("status", "B Search | Dev | initial test | ccccccc | – | – | 0 | 0 of 0 | rejected"),
        ("baseline", "OperationalError: no such table at shop/db.py:connect: 77 tests."),
        ("track-a-changes", "3 files changed, 120 lines added, 14 removed"),
        ("track-a-changes", "2aaaaaa Round prices (Dev)"),
        ("track-a-results", "passed | 563 | 655 | +92 | +16.3 %"),
        (
            "track-a-regressions",
            "AssertionError: prices differ – 2 tests of the run:\ntests/test_cart.py::test_total\n",
        ),
        ("track-a-regressions", "tests/test_cart.py::test_empty – KeyError: 'price'"),
        ("track-a-lost", "tests/test_old.py::test_list – deleted; accepted: The old list is gone."),
        ("track-a-lost", "Muted: 2 tests\nThe first of them:\ntests/test_tax.py::test_rate"),
        ("track-a-errors", "Recorded as A-1: Prices are not rounded. Its root cause is told there."),
        ("track-a-criteria", "2 of 3 criteria hold, 1 fails."),
        ("track-a-criteria", "Output of “The export exists” (exit code 1)\nno such file: export.csv"),
        ("track-a-criteria", "Tess looked at “The page looks right”:\nIt does."),
        (
            "track-a-missing",
            "A-2 The export is missing (not implemented)\nCriterion “The export exists” fails",
        ),
        ("track-a-verdict", "Verdict: approved with conditions."),
        ("track-a-verdict", "Waived by Lena until 24 December 2026: They test the old price list."),
        ("track-a-follow-ups", "critical | A-2 The export is missing | – | –\nhigh | A-1"),
        ("track-a-follow-ups", "medium | Condition: Write the change log | Dev | by 1 December 2026"),
        (
            "track-a-verdict",
            "2 of 3 gates are open. Every gate of the decision is open. Closed for the merge alone:",
        ),
        ("findings", "3 faults, 2 to be mended; 1 open question; 1 praise."),
        ("integration-trial", "Merged, in this order: A at 2aaaaaa, B at ccccccc."),
        ("next-lead", "Open the gate “trial integration passed” of A, or waive it: No trial integration has"),
        ("track-a-readiness", "Closed gates: trial integration passed."),
        ("track-a-retest-1-tried", "A-1: Dev claims that 2aaaaaa fixes it.\nRounded where they are added."),
        (
            "track-a-retest-1-tried",
            "shop/prices.py in 2aaaaaa\n-price\n+round(price)\n\nThe rest is left out.",
        ),
        ("track-a-retest-1-results", "passed | 640 | 655 | +15 | +2.3 %"),
        (
            "track-a-retest-1-verdicts",
            "partly fixed | Some of its tests pass now. | not fixed by Tess: Not all",
        ),
        (
            "track-b-results",
            "The run is broken: its counts are not compared. conftest.py cannot be imported.",
        ),
        ("track-c-results", "The track has not been tested yet."),
        ("integration-order", "Merge B after rework: it is rejected."),
        ("integration-conflicts", "C | shop/prices.py | A"),
        ("integration-interactions", "A and B: 3 tests. A and B break them together."),
        ("integration-prerequisites", "B | A | –"),
        ("recommendations", "high | A-1 Prices are not rounded | Use decimals. | Dev | 2.5 h"),
        ("decisions", "not met: Write the change log (medium, Dev, by 1 December 2026)"),
        ("questions", "Euro | simple | one only"),
        ("next-lead", "Answer A-3: Which currency?"),
        ("next-tester", "Test track C: it has not been tested yet."),
        ("next-developer", "Mend the run of track B: it is broken."),
        ("timeline", "The estimate for 2 open findings is 2.5 h.\n1 of these has no estimate."),
        ("conclusion", "0 of 3 tracks may be merged."),
        ("artefacts", "screen.png | Attached to A-1"),
        ("environments", "Python | 3.11.7"),
        ("glossary", "fixed | It was broken before, and passes now."),
    ],
)
def test_a_section_says(key: str, words: str) -> None:
    assert words in words_of(REPORT.document, key)


def test_pictures_tell_the_same_in_words():
    pictures = {
        block.kind: block
        for section in sections_in(REPORT.document)
        for block in section.blocks
        if isinstance(block, Picture)
    }
    assert set(pictures) == set(PictureKind)
    metrics = pictures[PictureKind.METRICS]
    assert [point["label"] for point in metrics.data["points"]] == ["baseline", "initial test", "retest 1"]
    assert "retest 1: 655 passed, 1 failed, 1 error." in metrics.text
    assert "558 passed → passed" in words_of(REPORT.document, "track-a-flow")
    assert pictures[PictureKind.SEVERITIES].text == "A: 1 critical, 1 high, 0 medium, 0 low."


def test_a_sprint_without_anything_tells_what_it_is_called():
    keys = [section.key for section in document_of(create_facts()).sections]
    assert keys == ["about", "summary", "conclusion", "appendices"]


def test_a_sprint_of_checks_alone_is_told_without_figures_of_tests():
    run = create_run_told(run=2, passed=0, checks_only=True)
    track = create_track_told(iterations=(create_iteration_told(run=run),))
    document = document_of(create_facts(baseline=create_run_told(run=1), tracks=(track,)))
    assert "It went through the checks alone: no test was run." in words_of(document, "track-a-results")
    assert "A, initial test | checks only | – | – | – | – | –" in words_of(document, "metrics")
    assert "track-a-regressions" not in section_keys(document)
    assert "In brackets" not in words_of(document, "metrics")


def test_only_a_broken_run_is_told_on_top():
    run = create_run_told(run=2, passed=1, state=RunState.BROKEN, reason="It cannot be imported.")
    track = create_track_told(iterations=(create_iteration_told(run=run),))
    document = document_of(create_facts(baseline=create_run_told(run=1), tracks=(track,)))
    first = words_of(document, "summary").splitlines()[0]
    assert first == (
        "Track A, initial test: The run is broken: its counts are not compared. It cannot be imported."
    )
    assert not any("change" in figure.name for figure in figures_in(document))


def test_a_broken_baseline_is_told_on_top_and_nothing_is_held_against_it():
    baseline = create_run_told(run=1, state=RunState.INCOMPLETE, reason="A worker was killed.")
    track = create_track_told(iterations=(create_iteration_told(base=create_comparison_told()),))
    document = document_of(create_facts(baseline=baseline, tracks=(track,)))
    assert words_of(document, "summary").startswith("The baseline is incomplete: nothing is held against it.")
    assert not any(".change." in figure.name for figure in figures_in(document))


def test_a_baseline_that_goes_on_has_no_figures_yet():
    baseline = create_run_told(run=1, state=RunState.RUNNING, ended_at=None)
    document = document_of(create_facts(baseline=baseline, baseline_clusters=sample().baseline_clusters))
    assert "The baseline is still being tested." in words_of(document, "summary")
    assert "baseline-issues" not in section_keys(document)


@pytest.mark.parametrize(
    ("decisions", "is_approved", "state", "word"),
    [
        ((), False, State.UNDECIDED, "not decided"),
        ((create_decision_told(),), True, State.APPROVED, "approved"),
        ((create_decision_told(),), False, State.AWAITING, "0 of 1 approvals"),
        ((create_decision_told(stale=("Moved.",), counts=False),), False, State.STALE, "approved, stale"),
        (
            (create_decision_told(kind=DecisionKind.CONDITIONAL),),
            True,
            State.CONDITIONAL,
            "approved with conditions",
        ),
        ((create_decision_told(kind=DecisionKind.REJECTED),), False, State.REJECTED, "rejected"),
        (
            (create_decision_told(kind=DecisionKind.REJECTED, stale=("Moved.",)),),
            False,
            State.STALE,
            "rejected, stale",
        ),
        ((create_decision_told(kind=DecisionKind.DEFERRED),), False, State.DEFERRED, "deferred"),
        (
            (create_decision_told(decision=1), create_decision_told(decision=2, kind=DecisionKind.REJECTED)),
            False,
            State.REJECTED,
            "rejected",
        ),
    ],
)
def test_there_is_one_word_on_a_track(decisions, is_approved, state, word):
    is_stale = any(each.stale for each in decisions)
    track = create_track_told(decisions=decisions, is_approved=is_approved, is_stale=is_stale)
    document = document_of(create_facts(tracks=(track,)))
    assert state_of(track) is state
    assert words_of(document, "status").endswith(f"| {word}")
    assert words_of(document, "track-a").startswith(f"Status: {word}.")
    assert f"Verdict: {word}." in words_of(document, "track-a-verdict")


@pytest.mark.parametrize(
    ("tracks", "said"),
    [
        ((), "There are no tracks yet"),
        ((create_track_told(),), "Nothing has been tested yet"),
        ((("approved", True),), "Every track may be merged"),
        ((("approved", False),), "Every track is approved, not every gate is open"),
        ((("approved", True), ("rejected", False)), "Not every track is approved: B is rejected"),
        ((("approved", True), ("", False)), "Not every track is approved: B is not decided"),
        ((("approved", True), ("deferred", False)), "Not every track is approved: B is deferred"),
    ],
)
def test_the_sprint_is_told_in_a_few_words(tracks, said):
    def made(at, kind, is_ready):
        decisions = (create_decision_told(kind=DecisionKind(kind)),) if kind else ()
        return create_track_told(
            key="ABC"[at],
            iterations=(create_iteration_told(),),
            decisions=decisions,
            is_approved=kind == "approved",
            is_ready=is_ready,
        )

    told = tuple(made(at, *each) if isinstance(each, tuple) else each for at, each in enumerate(tracks))
    assert overall(create_facts(tracks=told)) == said


@pytest.mark.parametrize(
    ("iteration", "step", "told"),
    [
        (1, "Confirm what the retest shows of A-1: Prices are not rounded", False),
        (None, "Test again A-1: Prices are not rounded", True),
    ],
)
def test_a_claim_that_waits_is_the_testers_next_step(iteration, step, told):
    attempt = replace(sample().tracks[0].findings[0].attempts[0], iteration=iteration)
    finding = create_finding_told(status=FindingStatus.CLAIMED, attempts=(attempt,))
    document = document_of(create_facts(tracks=(create_track_told(findings=(finding,)),)))
    assert step in words_of(document, "next-tester")
    said = "Not tested again yet: Dev claims that 2aaaaaa fixes it.\nRounded where they are added."
    assert (said in words_of(document, "finding-a-1")) is told


def test_a_claim_that_a_retest_refuted_is_the_developers_next_step():
    finding = replace(sample().tracks[0].findings[0], status=FindingStatus.CLAIMED, title="x" * 150)
    document = document_of(create_facts(tracks=(create_track_told(findings=(finding,)),)))
    assert words_of(document, "next-developer") == f"Fix A-1: {'x' * 79}… (Dev)"


def test_what_may_be_merged_is_the_leads_next_step():
    step = StepTold("A", "Merge A now.", ("nothing stands in its way",), is_now=True)
    document = document_of(create_facts(tracks=(create_track_told(),), plan=(step,)))
    assert words_of(document, "next-lead") == "Merge A now."
    assert "Merge A now: nothing stands in its way." in words_of(document, "track-a-readiness")


def test_a_list_that_is_cut_says_that_it_is():
    finding = create_finding_told(tests=3, first=("tests/test_a.py::test_a",))
    document = document_of(create_facts(tracks=(create_track_told(findings=(finding,)),)))
    assert "The first of them:\ntests/test_a.py::test_a" in words_of(document, "finding-a-1")


def test_a_comparison_that_is_not_there_yet_is_no_praise():
    track = create_track_told(iterations=(create_iteration_told(),))
    summary = build(create_facts(baseline=create_run_told(run=1), tracks=(track,)), {})
    assert "It is not compared with the baseline yet" in words_of(summary.document, "track-a-results")
    assert "not compared yet" in words_of(summary.document, "status")
    assert "Track A is not compared with the baseline yet" in summary.drafts["concerns"]


def test_one_error_is_told_once_with_its_tests_after_it():
    error = ErrorTold("f" * 16, "KeyError: price")
    broken = tuple(TestTold(at, f"t.py::test_{at:02}", message=f"at {at}", error=error) for at in range(30))
    kinds = (DeltaClass.NEWLY_FAILING, DeltaClass.STILL_BROKEN_DIFFERENT)
    comparison = create_comparison_told(figures=dict.fromkeys(kinds, 30), tests=dict.fromkeys(kinds, broken))
    track = create_track_told(iterations=(create_iteration_told(base=comparison),))
    document = document_of(create_facts(baseline=create_run_told(run=1), tracks=(track,)))
    regressions = words_of(document, "track-a-regressions")
    assert regressions.count("KeyError: price") == 1
    assert "at 7" not in regressions
    assert regressions.count("t.py::") == 30
    still = words_of(document, "track-a-failures")
    assert still.count("t.py::") == 20
    assert "The first of them:" in still


def test_what_diagnoses_have_shown_stands_with_the_test():
    flaky = TestTold(1, "t.py::test_a", diagnosed=("It is flaky.",))
    kind = DeltaClass.NEWLY_FAILING
    comparison = create_comparison_told(figures={kind: 1}, tests={kind: (flaky,)})
    track = create_track_told(iterations=(create_iteration_told(base=comparison),))
    document = document_of(create_facts(baseline=create_run_told(run=1), tracks=(track,)))
    assert "t.py::test_a – It is flaky" in words_of(document, "track-a-regressions")


def test_errors_of_the_baseline_are_told_there_alone():
    first, *others = sample().tracks
    known = replace(sample().baseline_clusters[0], run=3, evidence="")
    document = document_of(replace(sample(), tracks=(replace(first, clusters=(known,)), *others)))
    told = words_of(document, "track-a-errors")
    assert "Those that the baseline has, too, are told there." in told
    assert known.title not in told


def test_a_fault_of_the_machine_stands_above_the_last_good_result():
    lost = create_run_told(run=9, state=RunState.LOST, reason="The worker is gone.")
    track = create_track_told(iterations=(create_iteration_told(), create_iteration_told(number=1, run=lost)))
    summary = build(create_facts(baseline=create_run_told(run=1), tracks=(track,)), {})
    assert words_of(summary.document, "track-a-results").startswith("Latest test: initial test")
    assert "Retest 1: The run is lost" in words_of(summary.document, "track-a-results")
    assert "Test track A: its run is lost." in words_of(summary.document, "next-tester")
    assert "The retest 1 of track A is lost" in summary.drafts["concerns"]


def test_an_answer_to_a_question_is_told():
    answer = AnswerTold("Euro", "Most of them **pay** so.", "Lena", NOON)
    question = create_finding_told(kind=FindingKind.QUESTION, status=FindingStatus.DECIDED, answer=answer)
    document = document_of(create_facts(tracks=(create_track_told(findings=(question,)),)))
    assert "Prices are not rounded | Euro | Lena | 23 November 2026" in words_of(document, "decisions")
    assert "Answer | Euro (Lena)" in words_of(document, "finding-a-1")
    assert "Most of them pay so." in words_of(document, "finding-a-1")


def test_a_trial_of_other_commits_is_not_told_as_of_today():
    trial = replace(
        sample().integration,
        passed=True,
        shas={"A": FIRST, "B": OTHER},
        alone=(InteractionTold(("B",), 1, ("t.py::test_b",), ""),),
    )
    summary = build(replace(sample(), integration=trial), {})
    assert "another commit of A was tested" in words_of(summary.document, "integration-trial")
    assert "passed the trial integration" not in summary.drafts["achievements"]
    interactions = words_of(summary.document, "integration-interactions")
    assert interactions.endswith("B alone: on this base it breaks these without the others.\nt.py::test_b")


def test_a_decision_that_was_replaced_says_so():
    decisions = (create_decision_told(decision=2), create_decision_told(decision=1, counts=False))
    document = document_of(create_facts(tracks=(create_track_told(decisions=decisions),)))
    assert "A later decision replaced it." in words_of(document, "decisions")


def test_a_finding_that_was_claimed_twice_has_one_verdict_and_each_patch_is_shown_once():
    first, *others = sample().tracks
    finding = first.findings[0]
    again = replace(finding.attempts[0], claim=2)
    twin = create_finding_told(finding=9, name="A-9", files=finding.files, attempts=(again,))
    both = (replace(finding, attempts=(finding.attempts[0], again)), twin)
    document = document_of(replace(sample(), tracks=(replace(first, findings=both), *others)))
    assert words_of(document, "track-a-retest-1-verdicts").count("partly fixed") == 2
    tried = words_of(document, "track-a-retest-1-tried")
    assert tried.count("+round(price)") == 1
    assert "What was done to shop/prices.py is shown above." in tried


@pytest.mark.parametrize(("number", "words"), [(0, "0 hold"), (1, "1 holds"), (2, "2 hold")])
def test_verbs_follow_their_number(number: int, words: str) -> None:
    figure = replace(REPORT.figures["track.A.runs"], value=number)
    assert f"{number} {by_number('holds', 'hold', figure)}" == words


def test_of_a_single_thing_the_verb_is_singular():
    none, one = (replace(REPORT.figures["track.A.runs"], value=number) for number in (0, 1))
    assert by_number("is", "are", none, one) == "is"


def test_every_figure_of_the_document_is_of_the_catalogue():
    assert all(REPORT.figures[figure.name] == figure for figure in figures_in(REPORT.document))


def test_a_frozen_document_is_read_back_as_it_was():
    assert from_json(to_json(REPORT.document)) == REPORT.document


def test_our_words_hold_no_number_that_is_not_a_figure():
    """Digits in words come from what people, git and gates said, from dates, and from names of retests."""
    said = sorted(set(_own_words(sample())), key=len, reverse=True)
    for inline in inlines_in(REPORT.document):
        if isinstance(inline, Text | Strong | Emphasis | Link):
            rest = inline.text
            for words in said:
                rest = rest.replace(words, "")
            assert not re.search(r"\d", rest), inline


def _own_words(value: Any) -> Iterator[str]:
    """Every text and date of the facts, as the report writes it, and what its retests are called."""
    if isinstance(value, str):
        yield from (value, value[:7]) if re.search(r"\d", value) else ()
    elif isinstance(value, datetime):
        yield from (day(value), moment(value))
    elif isinstance(value, date):
        yield day(value)
    elif is_dataclass(value):
        for each in fields(value):
            yield from _own_words(getattr(value, each.name))
        if hasattr(value, "number") and hasattr(value, "run"):
            yield from (called(value), called(value).capitalize())
    elif isinstance(value, tuple):
        for each in value:
            yield from _own_words(each)
    elif isinstance(value, dict):
        yield from (words for each in value.values() for words in _own_words(each))

"""The sentences of a report: drafted by rules, written over by people, and watched."""

from dataclasses import replace

import pytest

from reports.document.prose import placeholders_in
from reports.statuses import GateKind
from reports.summary import build
from reports.summary.facts import TargetsTold
from reports.summary.narrative import Moved, moved, seen_of, typed, unknown
from tests.reports.summary_facts import (
    create_facts,
    create_finding_told,
    create_gate_told,
    create_iteration_told,
    create_run_told,
    create_track_told,
    sample,
)
from tracks.finding_statuses import Severity

SUMMARY = build(sample(), {})
FIGURES = SUMMARY.figures


def test_a_draft_names_a_figure_for_every_quantity():
    for key, text in SUMMARY.drafts.items():
        assert placeholders_in(text), key
        assert unknown(text, FIGURES) == ()
        assert typed(text) == ()


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("summary", "On the baseline, of {{baseline.collected}} tests {{baseline.passed}} passed,"),
        ("summary", "change of the passed tests: {{track.A.change.passed}}"),
        ("achievements", "- Track A fixes {{track.A.fixed}} tests that the baseline breaks."),
        ("achievements", "- {{sprint.findings.status.verified}} finding is verified fixed."),
        (
            "concerns",
            "A misses a target: {{track.A.error}} has an error (at most {{sprint.target.max_errors}}).",
        ),
        ("concerns", "- The initial test of track B is broken: what it counts says nothing."),
        ("concerns", "- Track C is not tested yet."),
        (
            "concerns",
            "{{track.A.criteria.blocking.fails}} of {{track.A.criteria.blocking}} blocking criteria.",
        ),
        ("concerns", "- {{sprint.questions}} question waits for an answer."),
        ("concerns", "- {{sprint.findings.open.critical}} finding of severity critical is open."),
        ("concerns", "{{integration.together}} tests break only where tracks are merged together."),
        ("conclusion", "Not every track is approved: B is rejected, C is not decided."),
        (
            "conclusion",
            "open faults is {{sprint.effort}}; {{sprint.unestimated}} of these has none.",
        ),
    ],
)
def test_drafts_say_what_the_facts_do(key: str, sentence: str) -> None:
    assert sentence in SUMMARY.drafts[key]


def test_a_track_that_reaches_every_target_is_praised_for_it():
    targets = TargetsTold(600, 5, None)
    drafts = build(replace(sample(), targets=targets), {}).drafts
    assert (
        "- Track A reaches every target of the sprint: {{track.A.passed}} passed," in drafts["achievements"]
    )
    assert "misses" not in drafts["concerns"]


def test_where_there_is_nothing_to_tell_nothing_is_drafted():
    drafts = build(create_facts(), {}).drafts
    assert (drafts["summary"], drafts["achievements"], drafts["concerns"]) == ("", "", "")
    assert drafts["conclusion"] == "There are no tracks yet."


def test_a_track_of_checks_alone_is_not_called_broken():
    run = create_run_told(run=2, passed=0, checks_only=True)
    track = create_track_told(iterations=(create_iteration_told(run=run),))
    drafts = build(create_facts(baseline=create_run_told(run=1), tracks=(track,)), {}).drafts
    assert "Track A was tested, by its checks alone. Decision: not decided." in drafts["summary"]
    assert drafts["concerns"] == ""


def test_what_a_tester_wrote_stands_in_place_of_the_draft():
    made = build(sample(), {"conclusion": "{{track.A.passed}} is enough."})
    assert made.texts["conclusion"] == "{{track.A.passed}} is enough."
    assert made.drafts["conclusion"] != made.texts["conclusion"]
    assert made.texts["concerns"] == made.drafts["concerns"]


def test_a_text_that_was_emptied_stays_empty():
    made = build(sample(), {"conclusion": ""})
    assert "conclusion" not in [section.key for section in made.document.sections]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", ()),
        ("{{track.A.passed}} and {{ baseline.failed }}", ("track.A.passed", "baseline.failed")),
        ("{{track.A.passed}}, again {{track.A.passed}}", ("track.A.passed",)),
        ("`{{track.A.passed}}` is how to write it", ()),
        ("```\n{{track.A.passed}}\n```\n{{baseline.passed}}", ("baseline.passed",)),
        ("~~~\n{{track.A.passed}}\n```\n~~~\n{{baseline.passed}}", ("baseline.passed",)),
        ("    {{track.A.passed}}\n\nand {{baseline.passed}}", ("baseline.passed",)),
        (r"\`{{track.A.passed}}\`", ("track.A.passed",)),
        ("`one\n\n{{track.A.passed}} two`", ("track.A.passed",)),
        ("{{integration.together.A-B}}", ("integration.together.A-B",)),
    ],
)
def test_placeholders_are_found_but_not_in_code(text: str, names: tuple[str, ...]) -> None:
    assert placeholders_in(text) == names


def test_a_placeholder_without_a_figure_is_told():
    assert unknown("{{track.A.passed}} {{track.Z.passed}}", FIGURES) == ("track.Z.passed",)


def test_a_sentence_whose_figure_moved_is_pointed_out():
    text = "All is well. On A {{track.A.passed}} passed! On the baseline {{baseline.passed}} did."
    seen = seen_of(text, FIGURES)
    assert moved(text, seen, FIGURES) == ()
    was = seen | {"track.A.passed": "640"}
    assert moved(text, was, FIGURES) == (
        Moved("track.A.passed", "passed in A", "640", "655", "On A {{track.A.passed}} passed!"),
    )


def test_a_figure_that_is_gone_is_unknown_rather_than_moved():
    without = build(replace(sample(), tracks=()), {}).figures
    text = "{{track.A.passed}} passed."
    seen = seen_of(text, FIGURES)
    assert moved(text, seen, without) == ()
    assert unknown(text, without) == ("track.A.passed",)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("563 passed and 20 failed, 563 in all", ("563", "20")),
        ("1,234 tests, 2.5 h, −3", ("1,234", "2.5", "−3")),
        ("{{track.A.1.passed}} in retest 1 of A-1 at 264a9b0", ()),
        ("`range(10)` and https://example.org/12", ()),
        ("on Python3.11 in v2", ()),
        ("[see](javascript:alert(1)) 2 of [these](/runs/3)", ("2",)),
        ("12% more", ("12",)),
    ],
)
def test_numbers_typed_by_hand_are_found(text: str, numbers: tuple[str, ...]) -> None:
    assert typed(text) == numbers


def test_of_many_concerns_the_worst_are_drafted():
    tracks = tuple(create_track_told(track=at, key=f"T{at}") for at in range(1, 21))
    severe = create_finding_told(severity=Severity.CRITICAL)
    tracks = (*tracks[:-1], replace(tracks[-1], findings=(severe,)))
    drafted = build(create_facts(tracks=tracks), {}).drafts["concerns"].splitlines()
    assert len(drafted) == 13
    assert "severity critical" in drafted[0]
    assert drafted[-1] == "- There are more: the status of every track tells them."


def test_tests_of_which_the_gate_says_that_none_is_lost_are_no_concern():
    first, *others = sample().tracks
    gates = (create_gate_told(kind=GateKind.LOST), *first.gates)
    drafted = build(replace(sample(), tracks=(replace(first, gates=gates), *others)), {}).drafts["concerns"]
    assert "do not count" not in drafted


def test_missed_targets_are_one_concern():
    drafted = build(replace(sample(), targets=TargetsTold(700, 0, 0)), {}).drafts["concerns"]
    assert (
        "- Track A misses the targets: {{track.A.passed}} pass (at least {{sprint.target.min_passed}}), "
        "{{track.A.failed}} fails (at most {{sprint.target.max_failed}}), "
        "{{track.A.error}} has an error (at most {{sprint.target.max_errors}})."
    ) in drafted

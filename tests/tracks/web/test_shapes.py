"""How outcomes look, and how figures, ages and names are worded."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import NOON
from tracks.statuses import SHAPES, Outcome
from tracks.templatetags import qa
from tracks.web import shapes


def test_each_outcome_has_a_shape_of_its_own():
    assert set(SHAPES) == set(Outcome)
    assert len(set(SHAPES.values())) == len(Outcome)


@given(st.dictionaries(st.sampled_from(shapes.SHOWN), st.integers(0, 200_000)), st.integers(0, 200_000))
def test_a_bar_is_never_wider_than_whole_and_shows_whatever_there_is(counts, total):
    parts = shapes.segments(counts, total)
    assert {part.outcome for part in parts} == {outcome for outcome, count in counts.items() if count}
    assert all(part.width >= shapes.THINNEST for part in parts)
    assert sum(part.width for part in parts) <= shapes.BAR
    assert [part.x for part in parts] == [sum(each.width for each in parts[:at]) for at in range(len(parts))]


def test_a_bar_of_a_running_run_leaves_the_rest_empty():
    (passed,) = shapes.segments({Outcome.PASSED: 50}, 100)
    assert passed.width == 500


def test_a_bar_says_its_figures():
    assert shapes.counts_in_words({Outcome.PASSED: 3, Outcome.ERROR: 1}, 9) == "3 passed, 1 error of 9"
    assert shapes.counts_in_words({}, 9) == "nothing reported of 9"


@given(st.text())
def test_a_node_id_breaks_without_losing_a_character(text):
    assert "".join(shapes.parts_of_id(text)) == text


def test_a_node_id_may_break_where_its_parts_end_and_is_data():
    assert qa.node_id("a/b.py::T::t[<b>&]") == "a/<wbr>b.py::<wbr>T::<wbr>t[<wbr>&lt;b&gt;&amp;]"


def test_control_characters_are_made_visible():
    assert shapes.printable("a\x00b\x1b[31m\tc\n\x7f") == "a␀b␛[31m\tc\n␡"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (None, "—"),
        (0, "0 s"),
        (0.0001, "< 1 ms"),
        (0.000998, "1 ms"),
        (0.42, "420 ms"),
        (0.9999, "1.0 s"),
        (1.25, "1.2 s"),
        (9.96, "10 s"),
        (59.6, "1 min 00 s"),
        (185, "3 min 05 s"),
        (7800, "2 h 10 min"),
    ],
)
def test_durations(seconds, said):
    assert shapes.duration(seconds) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (1, "a few seconds"),
        (31, "about 30 s"),
        (59, "about 60 s"),
        (130, "about 2 min"),
        (7300, "about 2 h 01 min"),
    ],
)
def test_estimates_are_no_more_exact_than_they_are(seconds, said):
    assert shapes.about(seconds) == said


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=12), "12 min ago"),
        (timedelta(hours=3), "3 h ago"),
        (timedelta(days=5), "5 d ago"),
        (timedelta(days=40), "14 Oct 2026"),
    ],
)
def test_ages(before, said):
    assert shapes.age(NOON - before, NOON) == said

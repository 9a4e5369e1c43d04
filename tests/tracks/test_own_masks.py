"""A project's own masks of what varies in its errors' messages."""

import pytest

from tracks.own_masks import apply, refusal
from tracks.patterns import LENGTH
from tracks.signatures import VERSION, scheme, sign


@pytest.mark.parametrize(
    ("patterns", "message", "masked"),
    [
        ([], "no tenant-8f3a", "no tenant-8f3a"),
        ([r"tenant-[a-z0-9]+"], "no tenant-8f3a, no tenant-x", "no <masked>, no <masked>"),
        ([r"[A-Z]{2}\b", "of <masked>"], "a year of EU", "a year <masked>"),
        (["é+"], "café 12", "caf<masked> 12"),
        (["absent"], "no order", "no order"),
    ],
)
def test_what_a_pattern_matches_is_masked_pattern_by_pattern(patterns, message, masked):
    assert apply(patterns, message) == masked


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("(", "missing )"),
        ("(?<=a)b", "invalid perl operator"),
        (r"(a)\1", "invalid escape sequence"),
        ("((((((((x{9}){9}){9}){9}){9}){9}){9}){9})", "invalid repetition"),
        ("x" * (LENGTH + 1), "too long"),
        ("x*", "matches even where there is nothing"),
        ("\udce4", "half a character"),
    ],
)
def test_what_cannot_be_a_mask_is_refused_with_the_reason(pattern, reason):
    assert reason in refusal(pattern)


def test_a_pattern_that_hangs_a_backtracking_engine_is_done_at_once():
    assert refusal("(a*)*b") == ""
    assert apply(["(a*)*b"], "a" * 1000) == "a" * 1000


def test_masks_come_before_our_own():
    one, other = (sign(f"E   KeyError: 'eu-{key}'", masks=["eu-[a-z]+"]) for key in ("north", "south"))
    assert one == other
    assert one.message == "'<masked>'"
    assert one.title == "KeyError: 'eu-north'"


def test_a_message_with_half_a_character_is_masked_all_the_same():
    assert sign("E   KeyError: '\udce4 eu-north'", masks=["eu-[a-z]+"]).message == "'? <masked>'"


def test_a_scheme_names_the_version_and_the_masks_in_their_order():
    assert scheme([]) == str(VERSION)
    assert len({scheme(masks) for masks in ([], ["a"], ["b"], ["a", "b"], ["b", "a"], ["ab"])}) == 6
    assert all(len(scheme(masks)) <= 40 for masks in (["a"], ["x" * 200] * 20))


def test_masks_that_mask_each_other_make_no_message_grow():
    masks = [".", r"\S", r"[^\n]", r"\D", ".", "."]
    assert len(apply(masks, "a" * 1000)) == 1000

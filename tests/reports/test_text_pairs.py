"""Two texts side by side: what differs is marked, what is alike folds, and no text takes long."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.text_pairs import MOST_LINES, pair

FRAMES = "\n".join(f"frame {number}" for number in range(10))


def marked(pieces) -> list[str]:
    return [line for piece in pieces if piece.differs for line in piece.lines]


def folded(pieces) -> int:
    return sum(len(piece.lines) for piece in pieces if piece.folded)


def test_only_the_lines_that_differ_are_marked_and_those_around_them_are_not_folded():
    found = pair(f"{FRAMES}\nE no price for BTC\nend", f"{FRAMES}\nE no price for ETH\nend")
    assert marked(found.before) == ["E no price for BTC"]
    assert marked(found.after) == ["E no price for ETH"]
    assert folded(found.before) == folded(found.after) == 8
    assert not found.is_alike


def test_texts_that_are_equal_mark_nothing():
    found = pair(FRAMES, FRAMES)
    assert found.is_alike
    assert not marked(found.before)


@pytest.mark.parametrize(("before", "after"), [("", "new"), ("old", "")])
def test_a_side_without_text_leaves_the_other_marked(before, after):
    found = pair(before, after)
    assert marked(found.before) + marked(found.after) == [before or after]


def test_of_texts_that_are_too_long_the_ends_are_compared():
    long = "\n".join(str(number) for number in range(MOST_LINES + 7))
    assert pair(long, "x").left_out == 7


def test_the_worst_texts_of_the_largest_size_are_compared_quickly():
    begin = time.monotonic()
    pair(
        "\n".join("ab"[number % 2] for number in range(32_000)),
        "\n".join("ba"[number % 3 == 0] for number in range(32_000)),
    )
    assert time.monotonic() - begin < 2


@given(st.lists(st.sampled_from("abc")), st.lists(st.sampled_from("abc")))
def test_each_side_keeps_its_lines_in_their_order(before, after):
    found = pair("\n".join(before), "\n".join(after))
    assert [line for piece in found.before for line in piece.lines] == before
    assert [line for piece in found.after for line in piece.lines] == after

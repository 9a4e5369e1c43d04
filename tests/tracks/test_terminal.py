"""Terminal codes: read as a terminal would, or left out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracks.terminal import settled, styled, without_codes

CODES = st.sampled_from(
    ["\x1b[0m", "\x1b[1;31m", "\x1b[38;5;208m", "\x1b[m", "\x1b[2K", "\x1b]0;t\x07", "\x1b", "a", "\n"]
)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("plain", [("plain", set())]),
        ("\x1b[31mE\x1b[0m x", [("E", {"red"}), (" x", set())]),
        ("\x1b[1m\x1b[32mok\x1b[39m!\x1b[22m.", [("ok", {"bold", "green"}), ("!", {"bold"}), (".", set())]),
        ("\x1b[91mbright\x1b[m.", [("bright", {"red"}), (".", set())]),
        ("\x1b[31m\x1b[34mlast", [("last", {"blue"})]),
        ("\x1b[38;5;208;1mnumbered", [("numbered", {"bold"})]),
        ("\x1b[38;2;1;2;3;4mparts", [("parts", {"underlined"})]),
        ("a\x1b[2Kb\x1b]0;title\x07c", [("abc", set())]),
        ("", []),
    ],
)
def test_styles_are_told_apart(text, pieces):
    assert [(piece, set(style)) for piece, style in styled(text)] == pieces


@given(st.lists(CODES).map("".join))
def test_the_pieces_are_the_text_without_its_codes(text):
    assert "".join(piece for piece, _ in styled(text)) == without_codes(text)


@pytest.mark.parametrize(
    ("text", "left"),
    [("10%\r55%\r100%\n", "100%\n"), ("one\r\ntwo\r\n", "one\ntwo\n"), ("a\r", "")],
)
def test_of_a_line_that_is_written_over_the_last_stays(text, left):
    assert settled(text) == left

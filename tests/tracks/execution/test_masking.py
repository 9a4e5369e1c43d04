"""What a secret looks like in what a run tells: a mask, however it was written or cut."""

import base64
import json
import re
from collections.abc import Generator
from itertools import pairwise
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracks.errors import InvalidInput, QAError, SubjectError
from tracks.events import (
    Collected,
    CommandEnded,
    Event,
    Heartbeat,
    Log,
    Prepared,
    SessionFinished,
    StageStarted,
    TestFinished,
)
from tracks.execution.masking import MIN_CHARACTERS, Masks, masked
from tracks.execution.processes import TAIL_CHARACTERS, LogBook
from tracks.execution.recorder.texts import capped_text
from tracks.statuses import Outcome, Phase, Stage

TOKEN = "päss/wörd+\"'\\1"
LONG = "hunter2-correct-horse-battery"
SECRETS = {"TOKEN": TOKEN, "KEY": "-----BEGIN-----\nMIIEvQIBADANBg\nkqhkiG9w0BAQEF\n", "SHORT": "x" * 5}


@pytest.mark.parametrize(
    "written",
    [
        TOKEN,
        quote(TOKEN),
        quote(TOKEN, safe=""),
        quote_plus(TOKEN),
        re.sub("%..", lambda escape: escape.group().lower(), quote(TOKEN)),
        json.dumps(TOKEN)[1:-1],
        json.dumps(TOKEN, ensure_ascii=False)[1:-1],
        repr(TOKEN)[1:-1],
    ],
)  # fmt: skip
def test_a_secret_is_masked_however_it_is_written(written: str) -> None:
    assert Masks(SECRETS).text(f"a {written} b") == "a [secret TOKEN] b"


@pytest.mark.parametrize("user", ["", "u", "us", "user:"])
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
def test_a_secret_is_masked_in_base64_at_any_offset(user: str, encode: object) -> None:
    coded = encode(f"{user}{TOKEN}!".encode()).decode()  # type: ignore[operator]
    text = Masks(SECRETS).text(coded)
    assert "[secret TOKEN]" in text and len(text.replace("[secret TOKEN]", "")) <= len(user) + 8


def test_the_lines_of_a_long_secret_are_masked_one_by_one() -> None:
    assert Masks(SECRETS).text("| MIIEvQIBADANBg\n| other") == "| [secret KEY]\n| other"
    assert Masks(SECRETS).text(f"<{SECRETS['KEY']}>") == "<[secret KEY]>"


def test_what_is_too_short_to_be_told_from_words_is_left() -> None:
    assert Masks(SECRETS).text("xxxxx") == "xxxxx" and MIN_CHARACTERS == 6
    assert not Masks({"SHORT": "abc"}) and not Masks({})


def test_the_longest_secret_is_masked_first_and_overlapping_ones_are_masked_together() -> None:
    masks = Masks({"A": "secretive", "B": "secretive-words", "C": "words-of-mine"})
    assert masks.text("secretive-words") == "[secret B]"
    assert masks.text("(secretive-words-of-mine)") == "([secret B][secret C])"


def told(*events: Event, error: QAError | None = None) -> Generator[Event, None, None]:
    yield from events
    if error:
        raise error


def test_every_event_is_masked() -> None:
    mask = "[secret TOKEN]"
    events = [
        StageStarted(Stage.TEST),
        Prepared({"python": "3.11", "test": f"x {TOKEN}", "more": [TOKEN, 1]}),
        Collected((f"t[{TOKEN}]",)),
        TestFinished(f"t[{TOKEN}]", Outcome.FAILED, 0.5, Phase.CALL, TOKEN, f"E {TOKEN}"),
        Heartbeat(),
        SessionFinished(1, 1, 1, stopped=TOKEN),
        CommandEnded(Stage.TEST, 1, 2.0, TOKEN),
    ]
    assert list(masked(told(*events), SECRETS)) == [
        StageStarted(Stage.TEST),
        Prepared({"python": "3.11", "test": f"x {mask}", "more": [mask, 1]}),
        Collected((f"t[{mask}]",)),
        TestFinished(f"t[{mask}]", Outcome.FAILED, 0.5, Phase.CALL, mask, f"E {mask}"),
        Heartbeat(),
        SessionFinished(1, 1, 1, stopped=mask),
        CommandEnded(Stage.TEST, 1, 2.0, mask),
    ]


@pytest.mark.parametrize("shown", [4, 8, len(LONG) - 1])
@pytest.mark.parametrize(
    "mark", ["…", "\n[… 1234 bytes are cut here …]\n", "\ufffd\n[… 9 bytes are cut here …]\n"]
)
def test_what_a_cut_leaves_of_a_secret_is_masked(mark: str, shown: int) -> None:
    masks = Masks({"LONG": LONG})
    assert masks.text(f"a {LONG[:shown]}{mark}b") == f"a [secret LONG]{mark}b"
    assert masks.text(f"a{mark}{LONG[-shown:]} b") == f"a{mark}[secret LONG] b"
    assert masks.text(f"a{mark}b {LONG[:shown]}") == f"a{mark}b {LONG[:shown]}", "no cut is beside it"


@pytest.mark.parametrize("shown", range(4, len(LONG), 5))
def test_a_log_that_ends_in_the_middle_of_a_secret_does_not_tell_its_beginning(shown: int) -> None:
    book = LogBook(limit=100)
    pieces = ["x" * (100 - shown), LONG[:3], LONG[3:]]
    events = masked(told(*[Log(book.take(piece)) for piece in pieces]), {"LONG": LONG})
    log = "".join(event.text for event in events if isinstance(event, Log))
    assert LONG[:4] not in log and "[secret LONG]\n[the log is cut here" in log


@pytest.mark.parametrize("shown", [4, len(LONG) - 1])
def test_the_last_lines_that_begin_in_a_secret_do_not_tell_its_end(shown: int) -> None:
    book = LogBook()
    book.take("x" * 100 + LONG)
    book.take("y" * (TAIL_CHARACTERS - shown))
    lines = Masks({"LONG": LONG}).text(book.last_lines())
    assert lines == f"…[secret LONG]{'y' * (TAIL_CHARACTERS - shown)}"


def test_a_traceback_that_the_recorder_cuts_in_a_secret_does_not_tell_the_rest() -> None:
    secret = "äß" * 40_000  # as long as that, it is cut at both places, and in the middle of a character
    for text in (f"x{secret}", secret):
        assert "äß" * 2 not in Masks({"LONG": secret}).text(capped_text(text))


def test_a_log_is_masked_across_its_pieces_and_shown_whole_before_its_command_ends() -> None:
    half = len(TOKEN) // 2
    passed = TestFinished("t", Outcome.PASSED, 0.5)
    end = CommandEnded(Stage.TEST, 0, 2.0)
    pieces = [Log(f"a {TOKEN[:half]}"), passed, Log(TOKEN[half:]), Log(f" b {TOKEN[:half]}"), end]
    events = list(masked(told(*pieces), SECRETS))
    assert events == [Log("a "), passed, Log("[secret TOKEN]"), Log(" b "), Log(TOKEN[:half]), end]


def test_an_error_is_masked_and_what_was_held_back_comes_before_it() -> None:
    error = InvalidInput(f"m {TOKEN}", remedy=f"r {TOKEN}", detail=f"d {TOKEN}", field="name")
    events = masked(told(Log(f"end {TOKEN[0]}"), error=error), SECRETS)
    assert [next(events), next(events)] == [Log("end "), Log(TOKEN[0])]
    with pytest.raises(InvalidInput) as raised:
        next(events)
    caught = raised.value
    assert (str(caught), caught.remedy, caught.detail, caught.field) == (
        *(f"{letter} [secret TOKEN]" for letter in "mrd"),
        "name",
    )


def test_without_secrets_the_events_are_left_alone() -> None:
    events = told(Heartbeat(), error=SubjectError("x"))
    assert masked(events, {}) is events and masked(events, {"SHORT": "abc"}) is events


def test_closing_the_masked_events_closes_the_run() -> None:
    closed = []

    def run() -> Generator[Event, None, None]:
        try:
            yield Heartbeat()
        finally:
            closed.append(True)

    events = masked(run(), SECRETS)
    next(events)
    events.close()  # type: ignore[attr-defined]
    assert closed == [True]


VALUES = st.lists(st.text("ab/\n", min_size=MIN_CHARACTERS, max_size=12), min_size=1, max_size=3)
TEXTS = st.lists(st.text("ab/\n", max_size=12), max_size=6)


@given(values=VALUES, texts=TEXTS, cuts=st.lists(st.integers(0, 200), max_size=8))
def test_no_secret_passes_and_pieces_read_like_the_whole(
    values: list[str], texts: list[str], cuts: list[int]
) -> None:
    secrets = dict(zip("XYZ", values, strict=False))
    whole = "".join(piece for pair in zip(texts, values * 6, strict=False) for piece in pair)
    places = sorted({0, len(whole), *(cut for cut in cuts if cut < len(whole))})
    pieces = [Log(whole[start:end]) for start, end in pairwise(places)]
    read = "".join(event.text for event in masked(told(*pieces), secrets) if isinstance(event, Log))
    assert read == Masks(secrets).text(whole)
    assert not any(value in read for value in values)

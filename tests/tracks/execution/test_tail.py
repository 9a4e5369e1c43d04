"""The recorder's lines as the subject may have written them."""

# ruff: noqa: E501 (tables)

import json
from pathlib import Path

import pytest

from tracks.events import Collected, Deselected, Event, Log, Marked, SessionStarted, TestFinished
from tracks.execution import tail as tail_module
from tracks.execution.tail import (
    LINE_BYTES,
    MAX_FIGURE,
    MAX_MARKERS,
    MAX_SESSIONS,
    MAX_WORKERS,
    Tail,
    clean,
    clean_id,
)
from tracks.statuses import Outcome, Phase


def read(path: Path, *lines: object) -> tuple[list[Event], Tail]:
    tail = Tail(path)
    with path.open("ab") as file:
        for line in lines:
            file.write(line if isinstance(line, bytes) else json.dumps(line).encode() + b"\n")
    return list(tail.read()), tail


END = {"e": "end", "exit": 0, "collected": 1, "reported": 1, "deselected": 0, "stopped": ""}


def test_lines_become_events(tmp_path: Path) -> None:
    events, tail = read(
        tmp_path / "e",
        {"e": "loaded"},
        {"e": "session", "pytest": "9.0", "python": "3.11"},
        {"e": "collected", "ids": ["a"]},
        {"e": "test", "id": "a", "o": "error", "s": 0.5, "p": "setup", "m": "why", "t": "trace"},
        END,
    )
    assert events == [
        SessionStarted("9.0", "3.11"),
        Collected(("a",)),
        TestFinished("a", Outcome.ERROR, 0.5, Phase.SETUP, "why", "trace"),
    ]
    finished = tail.finished()
    assert finished and (finished.exit_code, finished.collected) == (0, 1)


def test_half_a_line_waits_for_its_other_half(tmp_path: Path) -> None:
    events, tail = read(tmp_path / "e", b'{"e": "collected", ')
    assert events == []
    with (tmp_path / "e").open("ab") as file:
        file.write(b'"ids": ["a"]}\n')
    assert list(tail.read()) == [Collected(("a",))]


@pytest.mark.parametrize(
    "line",
    [
        b"\xff\xfe\n", b"[]\n", b"null\n", b"1\n", b'{"e": "test"}\n', b"{" * 5000 + b"\n", b"[" * 100_000 + b"\n",
        b'{"e": "test", "id": "a", "o": "absent", "s": 1}\n', b'{"e": "test", "id": "a", "o": "great", "s": 1}\n',
        b'{"e": "test", "id": "", "o": "passed", "s": 1}\n', b'{"e": "test", "id": 3, "o": "passed", "s": 1}\n',
        b'{"e": "collected", "ids": 5}\n', b'{"e": "end", "exit": "x"}\n', b'{"e": "unheard of"}\n',
    ],
)  # fmt: skip
def test_a_line_that_is_none_is_passed_over(tmp_path: Path, line: bytes) -> None:
    events, tail = read(tmp_path / "e", line, {"e": "collected", "ids": ["b"]})
    assert events == [Collected(("b",))]
    assert tail.finished() is None


@pytest.mark.parametrize("name", ["collected", "reported", "deselected", "exit"])
@pytest.mark.parametrize(
    "value", [10**12, -(10**12), 10**4000, 1.5, "1", None], ids=lambda value: str(value)[:8]
)
def test_an_end_with_a_figure_that_is_none_is_no_end(tmp_path: Path, name: str, value: object) -> None:
    assert read(tmp_path / "e", {"e": "loaded"}, {**END, name: value})[1].finished() is None


def test_no_subject_can_say_a_sum_that_the_database_does_not_hold(tmp_path: Path) -> None:
    end = {**END, "exit": 2**31 - 1, "collected": MAX_FIGURE, "deselected": MAX_FIGURE}
    _, most = read(tmp_path / "most", *[{"e": "loaded"}, end] * MAX_SESSIONS)
    finished = most.finished()
    assert finished and 10**9 < finished.collected < 2**31 and finished.deselected < 2**31
    assert read(tmp_path / "more", *[{"e": "loaded"}, end] * (MAX_SESSIONS + 1))[1].finished() is None
    twice = {"e": "collected", "ids": ["a", "a", "a"]}
    finished = read(tmp_path / "fewer", {"e": "loaded"}, twice, twice, END)[1].finished()
    assert finished and finished.collected == 0, "not less than none"
    below = read(tmp_path / "below", {"e": "loaded"}, {**END, "reported": -5})[1]
    assert below.finished() is None


def test_an_endless_line_takes_no_endless_memory(tmp_path: Path) -> None:
    events, _ = read(tmp_path / "e", b"x" * (3 * LINE_BYTES) + b"\n", {"e": "collected", "ids": ["b"]})
    assert events == [Collected(("b",))]


def test_text_is_cleaned_for_the_database(tmp_path: Path) -> None:
    events, _ = read(
        tmp_path / "e",
        {"e": "test", "id": "a", "o": "failed", "s": 1, "m": "nul \x00", "t": "lone \udc80"},
        {"e": "fault", "text": "oh \x00"},
    )
    test, log = events
    assert isinstance(test, TestFinished) and (test.message, test.text) == ("nul \ufffd", "lone \ufffd")
    assert isinstance(log, Log) and "\x00" not in log.text


def test_cleaned_ids_stay_distinct() -> None:
    ids = ["plain", "a\x00", "a\udc80", "a\udc81", "x" * 3000, "x" * 3001]
    cleaned = [clean_id(name) for name in ids]
    assert len(set(cleaned)) == len(ids) and cleaned[0] == "plain"
    assert all(clean(name, 4000) == name and len(name) <= 2048 for name in cleaned)


@pytest.mark.parametrize("seconds", ["NaN", "Infinity", "-1", "1e300"])
def test_strange_durations_are_zero(tmp_path: Path, seconds: str) -> None:
    line = f'{{"e": "test", "id": "a", "o": "passed", "s": {seconds}}}\n'.encode()
    (event,) = read(tmp_path / "e", line)[0]
    assert isinstance(event, TestFinished) and event.seconds == 0


def test_a_result_that_is_told_twice_counts_once(tmp_path: Path) -> None:
    test = {"e": "test", "id": "a", "o": "passed", "s": 1}
    collected = {"e": "collected", "ids": ["a"]}
    events, tail = read(tmp_path / "e", *[{"e": "loaded"}, collected, test, END] * 2)
    assert len(events) == 2
    finished = tail.finished()
    assert finished and (finished.collected, finished.reported) == (1, 1)


def test_one_session_of_two_that_did_not_end_is_no_end(tmp_path: Path) -> None:
    assert read(tmp_path / "e", {"e": "loaded"}, END, {"e": "loaded"})[1].finished() is None


def test_results_are_counted_by_the_worker_that_brought_them(tmp_path: Path) -> None:
    lines = [{"e": "test", "id": name, "o": "passed", "s": 1, "w": worker} for name, worker in
             [("a", "gw0"), ("b", "gw1"), ("c", "gw1"), ("c", "gw0")]]  # fmt: skip
    module = {"e": "test", "id": "m.py", "o": "error", "s": 0, "p": "collect"}
    end = {**END, "collected": 5, "reported": 5}
    _, tail = read(tmp_path / "e", {"e": "loaded"}, *lines, module, end)
    finished = tail.finished()
    assert finished and finished.workers == {"gw0": 1, "gw1": 2, "main": 1}
    assert sum(finished.workers.values()) == finished.reported


def test_endless_names_of_workers_take_no_endless_memory(tmp_path: Path) -> None:
    lines = [
        {"e": "test", "id": f"t{n}", "o": "passed", "s": 1, "w": f"gw{n}"} for n in range(MAX_WORKERS + 50)
    ]
    _, tail = read(tmp_path / "e", {"e": "loaded"}, *lines, END)
    finished = tail.finished()
    assert finished and len(finished.workers) == MAX_WORKERS + 1 and finished.workers["main"] == 50


def test_without_xdist_there_are_no_workers(tmp_path: Path) -> None:
    test = {"e": "test", "id": "a", "o": "passed", "s": 1}
    finished = read(tmp_path / "e", {"e": "loaded"}, test, END)[1].finished()
    assert finished and finished.workers == {}


def test_of_too_many_tests_the_first_are_kept_and_the_cut_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tail_module, "MAX_TESTS", 3)
    results = [{"e": "test", "id": name, "o": "passed", "s": 1} for name in "abcde"]
    lines = [{"e": "collected", "ids": ["a", "b"]}, {"e": "collected", "ids": ["c", "d", "e"]}]
    events, tail = read(tmp_path / "e", *lines, *results)
    assert events[:2] == [Collected(("a", "b")), Collected(("c",))]
    assert [event.test for event in events if isinstance(event, TestFinished)] == ["a", "b", "c"]
    assert tail.collected == 3 and tail.excess.startswith("there are more than 3 tests")


def test_only_collected_tests_bear_markers(tmp_path: Path) -> None:
    lines = [{"e": "collected", "ids": ["a"]}, {"e": "marked", "name": "slow", "ids": ["a", "forged"]}]
    assert read(tmp_path / "e", *lines)[0][-1] == Marked("slow", ("a",))


def test_endless_markers_take_no_endless_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tail_module, "MAX_MARKS", 3)
    lines = [{"e": "collected", "ids": ["a", "b"]}, *[{"e": "marked", "name": "slow", "ids": ["a", "b"]}] * 3]
    assert len(read(tmp_path / "e", *lines)[0]) == 2
    named = [{"e": "marked", "name": f"m{n}", "ids": []} for n in range(MAX_MARKERS + 5)]
    assert len(read(tmp_path / "f", *named)[0]) == MAX_MARKERS


def test_of_too_many_deselected_tests_the_first_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tail_module, "MAX_TESTS", 3)
    lines = [{"e": "deselected", "ids": ["a", "b"]}, {"e": "deselected", "ids": ["c", "d"]}] * 2
    assert read(tmp_path / "e", *lines)[0] == [Deselected(("a", "b")), Deselected(("c",))]


def test_a_file_put_in_its_place_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "e"
    tail = Tail(path)
    path.unlink()
    path.write_text(json.dumps({"e": "collected", "ids": ["forged"]}) + "\n")
    assert list(tail.read()) == []

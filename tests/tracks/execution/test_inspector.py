"""What is told of a checkout's files, and what is said to be left out."""

from pathlib import Path

import pytest

from tracks.execution.inspector import inspect
from tracks.globs import to_regex

READ = [100, 1000]


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in {"app/a.yml": "a", "app/deep/b.yml": "b", "conf/c.ini": "c", "top.yml": "t"}.items():
        path = tmp_path / "checkout" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.chdir(tmp_path / "checkout")
    return tmp_path / "checkout"


@pytest.mark.parametrize(
    ("link", "target", "read", "left_out"),
    [
        ("app/link.ini", "../conf/c.ini", {"app/link.ini": "c"}, ""),
        ("app/same", "deep", {}, ""),
        ("app/round", ".", {}, ""),
        ("app/other", "../conf", {}, "app/other is a link to another folder"),
        ("app/up", "..", {}, "app/up is a link to another folder"),
        ("app/out", "/etc", {}, "app/out is a link to another folder"),
        ("app/passwd", "/etc/passwd", {}, "app/passwd leads to no file of the checkout"),
        ("app/broken", "nothing", {}, "app/broken leads to no file of the checkout"),
        ("conf/out", "/etc", {}, ""),
    ],
)
def test_a_link_is_followed_to_a_file_of_the_checkout_only(
    checkout: Path, link: str, target: str, read: dict[str, str], left_out: str
) -> None:
    (checkout / link).symlink_to(target)
    told = inspect("app", "", READ)
    assert told["texts"] == {"app/a.yml": "a", "app/deep/b.yml": "b"} | read
    assert told["left_out"] == left_out


@pytest.mark.parametrize(
    ("path", "glob", "count", "left_out"),
    [
        ("app/*.yml", "app/*.yml", 1, True),
        ("*.yml", "*.yml", 1, True),
        ("app", "**/*.yml", 2, True),
        ("app", "*.ini", 0, True),
        ("conf", "*.ini", 1, False),
    ],
)
def test_what_a_linked_folder_holds_could_match(
    checkout: Path, path: str, glob: str, count: int, left_out: bool
) -> None:
    (checkout / "app" / "linked").symlink_to("deep")
    told = inspect(path, to_regex(glob))
    assert (told["count"], bool(told["left_out"])) == (count, left_out)


@pytest.mark.parametrize(
    ("reads", "read", "left_out"),
    [
        ([100, 1000], 4, ""),
        ([2, 1000], 2, "too much to read"),
        ([100, 3], 3, "too much to read"),
        ([100, 4], 4, ""),
    ],
)
def test_what_is_too_much_to_read_is_said(checkout: Path, reads: list[int], read: int, left_out: str) -> None:
    told = inspect(".", "", reads)
    assert len(told["texts"]) == read
    assert left_out in told["left_out"] and bool(left_out) is bool(told["left_out"])


def test_a_file_that_is_longer_than_what_is_read_is_told_in_part(checkout: Path) -> None:
    (checkout / "top.yml").write_bytes(b"\xff\0ab")
    told = inspect("top.yml", "", [1, 3])
    assert told["texts"] == {"top.yml": "\ufffd a"} and "not all of top.yml" in told["left_out"]

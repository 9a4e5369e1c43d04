"""pytest's configuration, in each of its forms."""

import pytest

from reports.source.settings import UNREADABLE, SettingsChange, changed_settings, pytest_settings
from reports.source.snapshots import Snapshot


@pytest.mark.parametrize(
    ("path", "text", "settings"),
    [
        ("pytest.ini", "[pytest]\naddopts = -q\nDJANGO = a", {"addopts": "-q", "DJANGO": "a"}),
        ("sub/.pytest.ini", "[pytest]\nxfail_strict", {"xfail_strict": None}),
        ("tox.ini", "[tox]\nenvlist = a\n[pytest]\ntestpaths = t", {"testpaths": "t"}),
        ("setup.cfg", "[tool:pytest]\naddopts = %(x)s\n[pytest]\na = 1", {"addopts": "%(x)s"}),
        ("pyproject.toml", '[tool.pytest.ini_options]\naddopts = ["-q"]', {"addopts": ["-q"]}),
        ("pyproject.toml", "[tool.pytest]\nstrict = true", {"strict": True}),
        ("pytest.toml", "[pytest]\nstrict = true", {"strict": True}),
        ("pyproject.toml", "[project]\nname = 'a'", {}),
        ("tox.ini", "[tox]\n", {}),
    ],
)
def test_the_settings_of_a_file(path, text, settings):
    assert pytest_settings(path, text) == settings


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("pytest.ini", "addopts = -q"),
        ("pytest.ini", "[pytest]\naddopts\n  -q"),
        ("pyproject.toml", "[tool"),
        ("pyproject.toml", "a = " + "9" * 5000),
        ("pyproject.toml", "a = " + "[" * 5000),
        ("pyproject.toml", "tool = {pytest = 1}"),
        ("pyproject.toml", "tool = {pytest = {ini_options = 1}}"),
    ],
)
def test_a_file_that_cannot_be_read_is_said_to_be_so(path, text):
    assert pytest_settings(path, text) == {UNREADABLE: text}


def changes(before: dict[str, str], after: dict[str, str]) -> list[SettingsChange]:
    return changed_settings(Snapshot("a", before), Snapshot("b", after))


def test_only_what_concerns_pytest_is_a_change():
    before = {"pyproject.toml": "[project]\nname='a'\n[tool.pytest.ini_options]\na=1\nb=1\n", "app.py": ""}
    after = {"pyproject.toml": "[project]\nname='b'\n[tool.pytest.ini_options]\nb=2\n", "app.py": "1"}
    assert changes(before, after) == [SettingsChange("pyproject.toml", ("a", "b"))]
    assert changes(before, before | {"app.py": "1"}) == []


def test_a_file_that_came_or_went_is_a_change_of_all_in_it():
    added = {
        "pytest.ini": "[pytest]\naddopts = -q",
        "t/conftest.py": "def pytest_collection_modifyitems(): pass",
    }
    expected = [
        SettingsChange("pytest.ini", ("addopts",)),
        SettingsChange("t/conftest.py", ("pytest_collection_modifyitems",)),
    ]
    assert changes({}, added) == expected
    assert changes(added, {}) == expected


def test_of_a_conftest_the_definitions_that_changed_are_named():
    before = "import a\n@fixture\ndef one(): pass\ndef two(): pass\n"
    after = "import b\n@fixture\ndef one(): pass\ndef two(): return 1\n"
    assert changes({"conftest.py": before}, {"conftest.py": after}) == [
        SettingsChange("conftest.py", ("(other code)", "two"))
    ]
    assert changes({"conftest.py": before}, {"conftest.py": "def ("}) == [
        SettingsChange("conftest.py", ("(other code)", "(whole)", "one", "two"))
    ]


def test_a_change_of_a_file_that_cannot_be_read_is_one():
    assert changes({"pytest.ini": "a"}, {"pytest.ini": "b"}) == [SettingsChange("pytest.ini", (UNREADABLE,))]

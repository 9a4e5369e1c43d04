"""Which test code a test rests on beside its own function, told by what changes it."""

import pytest

from reports.source.edits import Touch, touch_of
from tests.reports.source.given import sources

TEST = "def test_a(client): assert helper(client)\n"
CONFTEST = "@fixture\ndef client(): return 1\n"
OVER = "@fixture\ndef client(client): return client\n"
BUILT = "@fixture\ndef client(app): pass\n@fixture\ndef app(): return make()\ndef make(): {}\n"
IMPORTED = "from tests.fixtures import client\n"


def touched(
    before: dict[str, str], after: dict[str, str], test: str = "tests/api/test_it.py::test_a"
) -> Touch:
    return touch_of(test, sources(before, before | after))


@pytest.mark.parametrize(
    ("files", "change"),
    [
        ({"tests/api/conftest.py": CONFTEST}, {"tests/api/conftest.py": CONFTEST.replace("1", "2")}),
        ({"conftest.py": CONFTEST}, {"conftest.py": CONFTEST.replace("1", "2")}),
        ({}, {"tests/conftest.py": CONFTEST}),
        (
            {"tests/conftest.py": CONFTEST, "tests/api/conftest.py": OVER},
            {"tests/conftest.py": CONFTEST.replace("1", "2")},
        ),
        (
            {"tests/conftest.py": "@fixture(name='client')\ndef made(): return 1"},
            {"tests/conftest.py": "@fixture(name='client')\ndef made(): return 2"},
        ),
        (
            {"tests/conftest.py": BUILT.format(1)},
            {"tests/conftest.py": BUILT.format(2)},
        ),
        (
            {"tests/conftest.py": "@fixture(autouse=True)\ndef clock(): return 1"},
            {"tests/conftest.py": "@fixture(autouse=True)\ndef clock(): return 2"},
        ),
        (
            {"tests/conftest.py": "def pytest_runtest_setup(): 1"},
            {"tests/conftest.py": "def pytest_runtest_setup(): 2"},
        ),
        ({"tests/conftest.py": "start(1)"}, {"tests/conftest.py": "start(2)"}),
        (
            {"tests/conftest.py": IMPORTED, "tests/fixtures.py": CONFTEST},
            {"tests/fixtures.py": CONFTEST.replace("1", "2")},
        ),
        (
            {"tests/conftest.py": "from .fixtures import *", "tests/fixtures.py": CONFTEST},
            {"tests/fixtures.py": CONFTEST.replace("1", "2")},
        ),
        ({"tests/conftest.py": IMPORTED}, {"tests/conftest.py": "from mine import client"}),
    ],
    ids=[
        "the nearest conftest",
        "the topmost conftest",
        "a new conftest",
        "one that the nearest builds on",
        "under the name that it is given",
        "what a fixture's helper does",
        "one for all",
        "a hook",
        "what a conftest does when it is loaded",
        "imported into the conftest",
        "imported with all others",
        "imported from elsewhere",
    ],
)
def test_a_fixture_that_it_rests_on_changed(files, change):
    assert touched({"tests/api/test_it.py": TEST} | files, change) is Touch.FIXTURES


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (TEST + "def helper(x): return 1", TEST + "def helper(x): return 2"),
        ("from helpers import helper\n" + TEST, "from others import helper\n" + TEST),
        ("start(1)\n" + TEST, "start(2)\n" + TEST),
        (TEST + "def setup_module(): 1", TEST + "def setup_module(): 2"),
        (TEST + "def setup_function(): 1", TEST + "def setup_function(): 2"),
        ("LIMIT = 1\ndef helper(x): LIMIT\n" + TEST, "LIMIT = 2\ndef helper(x): LIMIT\n" + TEST),
    ],
)
def test_a_helper_in_its_own_file_changed(before, after):
    path = "tests/api/test_it.py"
    assert touched({path: before}, {path: after}) is Touch.FIXTURES


@pytest.mark.parametrize(
    ("files", "change"),
    [
        ({"app.py": "1"}, {"app.py": "2"}),
        ({"tests/other/conftest.py": CONFTEST}, {"tests/other/conftest.py": CONFTEST.replace("1", "2")}),
        ({"tests/conftest.py": CONFTEST}, {"tests/conftest.py": CONFTEST + "@fixture\ndef other(): pass"}),
        (
            {"tests/conftest.py": CONFTEST, "tests/api/conftest.py": CONFTEST},
            {"tests/conftest.py": CONFTEST.replace("1", "2")},
        ),
        ({}, {"tests/api/test_it.py": "'''Says.'''\nimport os\n" + TEST + "def test_b(): pass"}),
        ({"tests/api/helpers.py": "1"}, {"tests/api/helpers.py": "2"}),
        ({"conftest.py": CONFTEST}, {"tests/conftest.py": "@fixture\ndef other(): pass"}),
        ({"conftest.py": CONFTEST}, {"conftest.py": "", "tests/conftest.py": CONFTEST}),
    ],
    ids=[
        "product code",
        "a conftest elsewhere",
        "another fixture",
        "one that a nearer one hides",
        "another test of its file",
        "a helper that it does not import",
        "a new conftest between",
        "the same in another conftest",
    ],
)
def test_what_it_does_not_rest_on_is_only_the_product_s(files, change):
    assert touched({"tests/api/test_it.py": TEST} | files, change) is Touch.PRODUCT


METHODS = """
class TestA:
    def setup_method(self): {one}
    @fixture
    def client(self): {two}
    def test_a(self, client): pass
class TestB:
    def setUp(self): {three}
    @fixture
    def client(self): {four}
"""


@pytest.mark.parametrize(
    ("changed", "touch"),
    [("one", Touch.FIXTURES), ("two", Touch.FIXTURES), ("three", Touch.PRODUCT), ("four", Touch.PRODUCT)],
)
def test_methods_of_its_own_class_count_and_of_another_do_not(changed, touch):
    values = dict.fromkeys(("one", "two", "three", "four"), "1")
    before, after = METHODS.format(**values), METHODS.format(**values | {changed: "2"})
    assert touched({"tests/t.py": before}, {"tests/t.py": after}, "tests/t.py::TestA::test_a") is touch


def test_fixtures_that_ask_for_each_other_end():
    looped = "@fixture\ndef client(app): {0}\n@fixture\ndef app(client): {0}\n"
    before = {"tests/api/test_it.py": TEST, "conftest.py": looped.format(1)}
    assert touched(before, {"conftest.py": looped.format(2)}) is Touch.FIXTURES

"""The tests and fixtures of a file, by its code alone."""

import pytest

from reports.source.index import Import, read_module
from tests.reports.source.test_functions import module

FILE = """
import pytest
from app import price as cost
from .helpers import *
if True:
    def test_inside(): pass
try:
    import fast
except ImportError:
    def test_without(): pass
class Base:
    def test_inherited(self): pass
    def test_own(self): "the base's"
class TestA(Base):
    def test_own(self): pass
    class TestB:
        def test_c(self): pass
@pytest.fixture(name="client", autouse=True)
def make_client(): pass
@pytest.fixture
def plain(): pass
"""


def test_tests_are_found_in_blocks_classes_and_bases():
    assert sorted(module(FILE).tests) == [
        "Base::test_inherited",
        "Base::test_own",
        "TestA::TestB::test_c",
        "TestA::test_inherited",
        "TestA::test_own",
        "test_inside",
        "test_without",
    ]


def test_a_fixture_is_no_test_whatever_it_is_called():
    assert not module("@pytest.fixture\ndef test_client(): pass").tests


def test_a_method_of_its_own_counts_before_its_bases():
    functions = module(FILE).functions
    assert functions["TestA::test_own"].fingerprint != functions["Base::test_own"].fingerprint
    assert functions["TestA::test_inherited"].fingerprint == functions["Base::test_inherited"].fingerprint


def test_fixtures_go_by_the_names_that_they_are_given():
    fixtures = [(each.name, each.autouse, each.function.name) for each in module(FILE).fixtures]
    assert fixtures == [("client", True, "make_client"), ("plain", False, "plain")]


def test_imports_with_the_names_that_they_bind():
    assert dict(module(FILE).imports) == {
        "pytest": Import("pytest", 0, ""),
        "cost": Import("app", 0, "price"),
        "*": Import("helpers", 1, "*"),
        "fast": Import("fast", 0, ""),
    }


def test_classes_that_inherit_from_each_other_end():
    text = "class TestA(TestB):\n def test_a(self): pass\nclass TestB(TestA):\n def test_b(self): pass"
    assert sorted(module(text).tests) == ["TestA::test_a", "TestA::test_b", "TestB::test_a", "TestB::test_b"]


@pytest.mark.parametrize(
    "text",
    [
        "def test_(:",
        "a\0b",
        "x = " + "(" * 300,
        "x = " + "-" * 20000 + "1",
        "if a: pass\n" + "elif b: pass\n" * 3000,
    ],
    ids=["no Python", "NUL", "brackets", "signs", "elif"],
)
def test_what_cannot_be_parsed_or_walked_is_not_known(text):
    assert read_module(text) is None


def test_a_byte_order_mark_is_no_fault():
    assert list(module("\ufeffdef test_a(): pass").tests) == ["test_a"]

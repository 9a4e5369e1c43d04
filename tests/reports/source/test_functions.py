"""What a function says of itself, by its code alone."""

import pytest

from reports.source.functions import Function
from reports.source.index import Module, read_module


def module(text: str) -> Module:
    found = read_module(text)
    assert found
    return found


def function(text: str, name: str = "test_a") -> Function:
    return module(text).functions[name]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("def test_a(client, tmp_path): pass", {"client", "tmp_path"}),
        ("def test_a(client, *, db): pass", {"client", "db"}),
        ("def test_a(number=1): pass", set()),
        ("async def test_a(client): pass", {"client"}),
        ("@pytest.mark.usefixtures('db', 'clock')\ndef test_a(): pass", {"db", "clock"}),
        ("pytestmark = [pytest.mark.usefixtures('db')]\ndef test_a(): pass", {"db"}),
        ("def test_a(request): request.getfixturevalue('db')", {"request", "db"}),
    ],
)
def test_the_fixtures_that_it_asks_for(text, asked):
    assert function(text).requests == asked


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("@pytest.mark.skip\ndef test_a(): pass", ("skip",)),
        (
            "@mark.xfail(strict=True)\n@pytest.mark.skipif(True, reason='')\ndef test_a(): pass",
            ("xfail", "skipif"),
        ),
        ("@unittest.skip('later')\ndef test_a(): pass", ("skip",)),
        (
            "@unittest.skipIf(True, '')\n@unittest.expectedFailure\ndef test_a(): pass",
            ("skipIf", "expectedFailure"),
        ),
        (
            "@parametrize('n', [1, param(2, marks=pytest.mark.skip)])\ndef test_a(n): pass",
            ("skip of a parameter",),
        ),
        ("pytestmark = pytest.mark.skip\ndef test_a(): pass", ("skip",)),
        ("def test_a(): pytest.skip('now')", ("skip()",)),
        ("def test_a():\n if new: pytest.importorskip('x')", ("importorskip()",)),
        ("@pytest.mark.slow\ndef test_a(): skipped()", ()),
    ],
)
def test_what_may_switch_it_off(text, marks):
    assert function(text).muted_by == marks


def test_a_class_gives_its_marks_to_its_methods():
    text = "@pytest.mark.skip\nclass TestA:\n pytestmark = pytest.mark.xfail\n def test_a(self): pass"
    assert function(text, "TestA::test_a").muted_by == ("skip", "xfail")


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("assert a; assert b", 2),
        ("with pytest.raises(ValueError): f()", 1),
        ("self.assertEqual(1, 1); mock.assert_called_once()", 2),
        ("asserted()", 0),
    ],
)
def test_how_often_it_checks(body, count):
    assert function(f"def test_a(self):\n {body}").asserts == count


SAME = "def test_a(x):\n    assert f(x) == 1\n"


@pytest.mark.parametrize(
    "other",
    [
        "def test_a(x): assert f(x)==1",
        "def test_a(x):\n    # why\n    assert (f(x)\n      == 1)",
        'def test_a(x):\n    """Says."""\n    assert f(x) == 1',
        "def test_b(x):\n    assert f(x) == 1",
    ],
    ids=["spaces", "comments", "docstring", "name"],
)
def test_how_it_is_written_and_called_is_no_change(other):
    (same,) = module(other).functions.values()
    assert same.fingerprint == function(SAME).fingerprint


@pytest.mark.parametrize(
    "other",
    [
        "def test_a(x):\n    assert f(x) == 2",
        "def test_a(x, y):\n    assert f(x) == 1",
        "async def test_a(x):\n    assert f(x) == 1",
        "@mark.slow\ndef test_a(x):\n    assert f(x) == 1",
    ],
)
def test_what_it_does_is_a_change(other):
    assert function(other).fingerprint != function(SAME).fingerprint


def test_code_that_is_nested_too_deeply_breaks_nothing():
    deep = function(f"@mark{'()' * 1500}\ndef test_a(): pass")
    assert (deep.muted_by, deep.requests) == ((), frozenset())
    assert deep.fingerprint

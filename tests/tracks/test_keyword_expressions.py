"""pytest's -k and -m, held against pytest's own answers."""

import pytest
from _pytest.mark.expression import Expression

from tracks.errors import InvalidInput
from tracks.keyword_expressions import DEPTH, LENGTH, keyword, names_in, parse

TEST = "tests/api/test_login.py::TestLogin::test_wrong_password[a::b/c]"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("login", True),
        ("LOGIN and not slow", True),
        ("api and (nothing or wrong)", True),
        ("not (login or api)", False),
        ("not not login", True),
        ("a or b and nothing", True),
        ("integration", True),
        ("b/c]", True),
        ("test_wrong_password[a::b/c]", True),
        ("nothing or not nothing", True),
        ("tests/api", False),
    ],
)
def test_names_stand_for_the_parts_of_a_test_and_its_markers(text: str, meant: bool):
    assert parse(text)(keyword(names_in(TEST), {"Integration"})) is meant


@pytest.mark.parametrize(
    "text",
    ["a", "not a", "a and b", "a or b and c", "(a or b) and c", "not a and b", "not (a and b) or c"],
)
@pytest.mark.parametrize("there", [set(), {"a"}, {"b"}, {"a", "c"}, {"b", "c"}], ids=sorted)
def test_it_reads_as_pytest_does(text: str, there: set[str]):
    assert parse(text)(there.__contains__) is Expression.compile(text).evaluate(
        lambda name, **_: name in there
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the end"),
        ("a b", "'b'"),
        ("(a", "')' is expected, not the end"),
        ("a)", "not ')'"),
        ("and a", "not 'and'"),
        ("a or", "not the end"),
        ("a & b", "'&' at column 3"),
        ("a and\nb", r"'\n' at column 6"),
        ("a or\u00a0b", r"'\xa0' at column 5"),
        ("a\n", r"'\n' at column 2"),
        ('device(serial="1")', "has no meaning"),
        ("not " * DEPTH + "a", "nested more than"),
        ("a" * (LENGTH + 1), "characters"),
    ],
)
def test_what_pytest_would_not_take_is_refused_and_says_where(text: str, said: str):
    with pytest.raises(InvalidInput) as refused:
        parse(text)
    assert said in refused.value.message

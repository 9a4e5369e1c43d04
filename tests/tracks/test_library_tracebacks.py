"""Failures of libraries: those that differ in their data are one error, another fault is another error."""

from typing import NamedTuple

import pytest

from tests.tracks import library_tracebacks as printed
from tracks.signatures import Signature, sign

ROOT = "/srv/work/17"


class Case(NamedTuple):
    """``data`` stands for the ``@`` of the text in turn; ``change`` makes another fault of it."""

    text: str
    data: tuple[str, str]
    change: tuple[str, str]
    exception: str
    message: str
    frame: str


CASES = {
    "psycopg: no server": Case(
        printed.PSYCOPG_REFUSED,
        ("5432", "61017"),
        ("Connection refused", "timeout expired"),
        "psycopg.OperationalError",
        'connection failed: connection to server at "N", port N failed: Connection refused',
        "shop/db.py::connect",
    ),
    "psycopg: a value": Case(
        printed.PSYCOPG_VALUE,
        ("user-12", "nobody"),
        ("type uuid", "type integer"),
        "psycopg.errors.InvalidTextRepresentation",
        "invalid input syntax for type uuid: …",
        "shop/db.py::find",
    ),
    "Django: database": Case(
        printed.DJANGO_DATABASE,
        ("spring-sale", "a"),
        ("shop_order_slug_key", "shop_order_code_key"),
        "psycopg.errors.UniqueViolation",
        'duplicate key value violates unique constraint "shop_order_slug_key"',
        "shop/orders.py::place",
    ),
    "Django: template": Case(
        printed.DJANGO_TEMPLATE,
        ("3", "811"),
        ("'frob'", "'knob'"),
        "django.template.exceptions.TemplateSyntaxError",
        "Invalid block tag on line N: 'frob', expected 'elif', 'else' or 'endif'. Did you forget to register "
        "or load this tag?",
        "shop/pages.py::render",
    ),
    "Django: settings": Case(
        printed.DJANGO_SETTINGS,
        ("61", "64"),
        ("setting DEBUG", "setting CACHES"),
        "django.core.exceptions.ImproperlyConfigured",
        "Requested setting DEBUG, but settings are not configured. You must either define the environment "
        "variable DJANGO_SETTINGS_MODULE or call settings.configure() before accessing settings.",
        "shop/pages.py::is_shown",
    ),
    "Django: 404": Case(
        printed.DJANGO_404,
        ("7", "71.5"),
        ("No Order", "No Invoice"),
        "django.http.response.Http404",
        "No Order matches the given query: pk=N",
        "shop/pages.py::order",
    ),
    "Django: no row": Case(
        printed.DJANGO_MISSING,
        ("1", "2"),
        (": in latest", ": in oldest"),
        "shop.models.Order.DoesNotExist",
        "Order matching query does not exist.",
        "shop/pages.py::latest",
    ),
    "SQLAlchemy: database": Case(
        printed.SQLALCHEMY_DATABASE,
        ("2", "7001"),
        ("users.email", "users.name"),
        "sqlite3.IntegrityError",
        "UNIQUE constraint failed: users.email",
        "shop/users.py::save",
    ),
    "SQLAlchemy: detached": Case(
        printed.SQLALCHEMY_DETACHED,
        ("850", "a10"),
        ("<User at", "<Order at"),
        "sqlalchemy.orm.exc.DetachedInstanceError",
        "Instance <User> is not bound to a Session; attribute refresh operation cannot proceed",
        "shop/users.py::name",
    ),
    "asyncio: closed loop": Case(
        printed.ASYNCIO_CLOSED,
        ("519", "545"),
        ("loop is closed", "loop is running"),
        "RuntimeError",
        "Event loop is closed",
        "shop/jobs.py::start",
    ),
    "asyncio: timeout": Case(
        printed.ASYNCIO_TIMEOUT,
        ("37", "38"),
        ("shop/jobs.py:36: in run_all", "shop/jobs.py:36: in run_one"),
        "TimeoutError",
        "",
        "shop/jobs.py::run_all",
    ),
    "asyncio: cancelled": Case(
        printed.ASYNCIO_CANCELLED,
        ("8d0", "11f"),
        (": in run_all", ": in run_one"),
        "asyncio.exceptions.CancelledError",
        "Cancelled via cancel scope <hash> by <Task>",
        "shop/jobs.py::run_all",
    ),
    "asyncio: two loops": Case(
        printed.ASYNCIO_OTHER_LOOP,
        ("29", "3"),
        ("got Future", "got Queue"),
        "RuntimeError",
        "Task <Task> got Future <Future> attached to a different loop",
        "shop/jobs.py::wait",
    ),
    "pydantic": Case(
        printed.PYDANTIC,
        ("2", "55"),
        ("int_parsing", "int_type"),
        "pydantic_core._pydantic_core.ValidationError",
        "N validation errors for Order: id int_parsing; items.N int_parsing; "
        "price Value error, a price is above N",
        "shop/api.py::parse",
    ),
    "pydantic: another field": Case(
        printed.PYDANTIC,
        ("0", "1"),
        ("E   id\n", "E   number\n"),
        "pydantic_core._pydantic_core.ValidationError",
        "N validation errors for Order: id int_parsing; items.N int_parsing; "
        "price Value error, a price is above N",
        "shop/api.py::parse",
    ),
    "pydantic 1": Case(
        printed.PYDANTIC_1,
        ("0", "31"),
        ("value_error.missing", "type_error.decimal"),
        "pydantic.error_wrappers.ValidationError",
        "N validation errors for Order: price value_error.missing; items -> N type_error.integer",
        "shop/api.py::parse",
    ),
    "assertion: dictionaries": Case(
        printed.DICTIONARIES,
        ("7", "12.5"),
        (" == {'id'", " <= {'id'"),
        "AssertionError",
        "assert {… == {…",
        "tests/test_sums.py::test_sums",
    ),
    "assertion: lines": Case(
        printed.LINES,
        ("1", "of quite another text"),
        (": in test_lines", ": in test_words"),
        "AssertionError",
        "assert '… == '…",
        "tests/test_sums.py::test_lines",
    ),
    "exception group": Case(
        printed.GROUP,
        ("3", "88"),
        ("peer", "proxy"),
        "ConnectionResetError",
        "[Errno N] Connection reset by peer",
        "shop/jobs.py::lose",
    ),
    "exception group: nested": Case(
        printed.NESTED_GROUP,
        ("2", "7"),
        ("KeyError: 'id'", "KeyError: 'name'"),
        "KeyError",
        "'id'",
        "shop/jobs.py::fetch",
    ),
    "unittest: dictionaries": Case(
        printed.UNITTEST,
        ("3", "12.5"),
        ("!= {'id'", "!= {'key'"),
        "AssertionError",
        "{'id': N, 'rows': [N…]} != {'id': N, 'rows': []}",
        "tests/test_case.py::test_case",
    ),
    "unittest: shortened": Case(
        printed.UNITTEST_LONG,
        ("7", "18"),
        ("Lists differ", "Sequences differ"),
        "AssertionError",
        "Lists differ: [… != […",
        "tests/test_case.py::test_case",
    ),
    "unittest: subtests": Case(
        printed.SUBTEST,
        ("2", "7"),
        ("!= 0", "is not 0"),
        "AssertionError",
        "N != N",
        "tests/test_case.py::test_sub",
    ),
    "doctest": Case(
        printed.DOCTEST,
        ("4", "10"),
        (">>> double(", ">>> triple("),
        "DocTestFailure",
        "double(N): expected N, got N",
        "shop/sums.py",
    ),
    "doctest: raised": Case(
        printed.DOCTEST_RAISED,
        ("1", "25"),
        ("KeyError", "IndexError"),
        "KeyError",
        "N",
        "shop/sums.py::find",
    ),
}

each_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES)


def signed(case: Case, data: str, change: tuple[str, str] = ("", "")) -> Signature:
    return sign(case.text.replace(*change).replace("@", data), root=ROOT)


@each_case
def test_the_cause_is_read(case: Case) -> None:
    signature = signed(case, case.data[0])
    assert (signature.exception, signature.message, signature.frame) == case[3:]


@each_case
def test_other_data_are_the_same_error(case: Case) -> None:
    one, other = (signed(case, data) for data in case.data)
    assert one.digest == other.digest


@each_case
def test_another_fault_is_another_error(case: Case) -> None:
    assert case.change[0] in case.text
    assert signed(case, case.data[0]).digest != signed(case, case.data[0], case.change).digest


def test_the_members_of_a_group_may_end_in_any_order() -> None:
    head, first, second = printed.GROUP.replace("@", "3").split("    | Traceback (most recent call last):\n")
    body, border = second.rsplit("\n", 1)
    end, middle = first.split("\n    +")[0], "    +---------------- 2 ----------------"
    mark = "    | Traceback (most recent call last):\n"
    swapped = f"{head}{mark}{body}\n{middle}\n{mark}{end}\n{border}"
    assert swapped.index("Connection reset") < swapped.index("job 3")
    assert sign(swapped, root=ROOT) == sign(printed.GROUP.replace("@", "3"), root=ROOT)


def test_a_member_that_was_never_raised_is_known_by_its_name() -> None:
    text = printed.NESTED_GROUP.replace("shop.jobs.Late: job @", "app.Early: job @")
    signature = sign(text, root=ROOT)
    assert (signature.exception, signature.message) == ("KeyError", "'id'")
    signature = sign(text.replace("KeyError", "shop.Unknown"), root=ROOT)
    assert (signature.exception, signature.message) == ("app.Early", "job @")


def test_what_followed_while_a_group_was_handled_counts_alone() -> None:
    followed = f"""{printed.GROUP}{printed.CONTEXT}
Traceback (most recent call last):
  File "/srv/work/17/shop/jobs.py", line 70, in stop
    raise RuntimeError("cannot stop")
RuntimeError: cannot stop"""
    signature = sign(followed, root=ROOT)
    assert (signature.exception, signature.frame) == ("RuntimeError", "shop/jobs.py::stop")
    assert [step.said for step in signature.chain] == [
        "ConnectionResetError: [Errno 104] Connection reset by peer",
        "ExceptionGroup: unhandled errors in a TaskGroup (2 sub-exceptions)",
        "RuntimeError: cannot stop",
    ]


def test_groups_are_read_as_deep_as_python_prints_them_and_no_deeper() -> None:
    def nested(depth: int) -> str:
        heads = [f"{'  ' * level}  | ExceptionGroup: level {level}" for level in range(depth)]
        borders = [f"{'  ' * level}  +-+---------------- 1 ----------------" for level in range(depth)]
        lines = [line for pair in zip(heads, borders, strict=True) for line in pair]
        return "\n".join([*lines, f"{'  ' * depth}  | KeyError: 'id'"])

    assert [step.said for step in sign(nested(3)).chain][:2] == ["KeyError: 'id'", "ExceptionGroup: level 2"]
    assert sign(nested(9)).exception == "KeyError"
    assert sign(nested(120)).exception == "ExceptionGroup"

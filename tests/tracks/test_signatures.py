"""Which failures are the same error, on texts as pytest prints them."""

import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracks.masks import mask
from tracks.signatures import (
    CHAIN_LIMIT,
    MESSAGE_LIMIT,
    TITLE_LIMIT,
    VERSION,
    Signature,
    is_test_code,
    sign,
)

REAL_RESULTS = sorted((Path(__file__).parents[3] / "shared" / "data").glob("*.junit.xml"))

CAUSE = "\n\nThe above exception was the direct cause of the following exception:\n"
CONTEXT = "\n\nDuring handling of the above exception, another exception occurred:\n"

SHORT_ROOT = """\
shop/orders.py:41: in load
    return rows[key]
E   KeyError: 'id'"""
SHORT_END = """\
tests/test_orders.py:12: in test_load
    load("x")
shop/api.py:9: in get
    raise NotFound(key) from error
E   shop.errors.NotFound: no order 'id'"""

LONG = """\
self = <tests.test_orders.TestOrders object at 0x7f3b06688510>

    def test_load(self):
>       load("x")

tests/test_orders.py:12:
_ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _

key = 'x'

    @cached
    async def load(key):
        rows = {}
>       return rows[key]
               ^^^^^^^^^
E       KeyError: 'x'

shop/orders.py:41: KeyError"""

NATIVE = """\
Traceback (most recent call last):
  File "/srv/work/17/tests/test_orders.py", line 12, in test_load
    load("x")
  File "/srv/work/17/shop/orders.py", line 41, in load
    return rows[key]
           ~~~~^^^^^
  File "/usr/lib/python3.12/collections/__init__.py", line 3, in __getitem__
    raise KeyError(key)
KeyError: 'x'"""

GROUP = """\
  + Exception Group Traceback (most recent call last):
  |   File "shop/jobs.py", line 19, in run_all
  |     async with TaskGroup() as group:
  | ExceptionGroup: unhandled errors in a TaskGroup (2 sub-exceptions)
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
    |   File "shop/jobs.py", line 7, in fetch
    |     raise ValueError("no 12")
    | ValueError: no 12
    +---------------- 2 ----------------
    | shop.jobs.Late: job 3
    +------------------------------------"""

MOCK = """\
tests/test_agent.py:83: in test_{n}
    with patch.object(agent, "run_workflow"):
/usr/lib/python3.12/unittest/mock.py:1428: in get_original
    raise AttributeError(
E   AttributeError: <shop.Agent object at 0x7f{n}a8219f40> does not have the attribute 'run_workflow'"""

DATABASE = (
    """\
shop/models.py:5: in save
    session.flush()
../env/lib/python3.12/site-packages/sqlalchemy/engine/default.py:941: in do_execute
    cursor.execute(statement, parameters)
E   sqlite3.IntegrityError: UNIQUE constraint failed: users.email"""
    + CAUSE
    + """\
tests/test_users.py:7: in test_save
    save(user)
E   sqlalchemy.exc.IntegrityError: (sqlite3.IntegrityError) UNIQUE constraint failed: users.email
E   [SQL: INSERT INTO users (email) VALUES (?)]
E   [parameters: ('a{n}@example.com',)]
E   (Background on this error at: https://sqlalche.me/e/20/gkpj)"""
)

ROLLED_BACK = """\
tests/conftest.py:79: in session
    db.begin_nested()
E   sqlalchemy.exc.PendingRollbackError: This Session's transaction has been rolled back due to a previous \
exception during flush. To begin a new transaction with this Session, first issue Session.rollback(). \
Original exception was: ({error}
E   LINE 1: ...::VARCHAR, $2::JSON, ...
E   [parameters: {{'id': {n}, 'at': datetime.datetime(2026, 11, 23, 10, 56, {n})}}]
E   (Background on this error at: https://sqlalche.me/e/20/f405)"""
MISMATCH = 'psycopg.errors.DatatypeMismatch) column "currencies" is of type character varying[]'

COLLECTION = """\
ImportError while importing test module '/srv/work/17/tests/test_{n}.py'.
Hint: make sure your test modules/packages have valid Python names.
Traceback:
/usr/lib/python3.12/importlib/__init__.py:126: in import_module
    return _bootstrap._gcd_import(name[level:], package, level)
tests/test_{n}.py:1: in <module>
    import shop.missing
E   ModuleNotFoundError: No module named 'shop.missing'"""

SYNTAX = """\
/usr/lib/python3.12/ast.py:50: in parse
    return compile(source, filename, mode, flags,
E     File "/srv/work/17/tests/test_{n}.py", line 1
E       def x(:
E             ^
E   SyntaxError: invalid syntax"""

FIXTURE = """\
file /srv/work/17/tests/test_x.py, line 13
  def test_missing(nothing): pass
E       fixture 'nothing' not found
>       available fixtures: cache, capfd, capsys
>       use 'pytest --fixtures [testpath]' for help on them."""

ASSERTION = """\
tests/test_sum.py:5: in {test}
    assert total == 2
E   assert 1 == 2
E    +  where 1 = sum([])"""

UNITTEST = """\
tests/test_sum.py:18: in test_lists
    self.assertEqual(rows, [1, 3])
E   AssertionError: Lists differ: [1, 2] != [1, 3]
E
E   First differing element 1:
E   2
E   3"""


def parts(signature: Signature) -> tuple[str, str, str]:
    return signature.exception, signature.message, signature.frame


@pytest.mark.parametrize(
    ("text", "exception", "message", "frame"),
    [
        (SHORT_ROOT, "KeyError", "'id'", "shop/orders.py::load"),
        (LONG, "KeyError", "'x'", "shop/orders.py::load"),
        (NATIVE, "KeyError", "'x'", "shop/orders.py::load"),
        (SHORT_ROOT + CAUSE + SHORT_END, "KeyError", "'id'", "shop/orders.py::load"),
        (SHORT_ROOT + CONTEXT + SHORT_END, "shop.errors.NotFound", "no order 'id'", "shop/api.py::get"),
        (GROUP, "ValueError", "no N", "shop/jobs.py::fetch"),
        (MOCK.format(n=1), "AttributeError", "<shop.Agent> does not have the attribute 'run_workflow'", ""),
        (DATABASE, "sqlite3.IntegrityError", "UNIQUE constraint failed: users.email", "shop/models.py::save"),
        (COLLECTION, "ModuleNotFoundError", "No module named 'shop.missing'", ""),
        (SYNTAX.format(n=1), "SyntaxError", "invalid syntax", "tests/test_1.py"),
        (FIXTURE, "", "fixture 'nothing' not found", ""),
        (ASSERTION.format(test="test_a"), "AssertionError", "assert N == N", "tests/test_sum.py::test_a"),
        (UNITTEST, "AssertionError", "Lists differ: [N…] != [N…]", "tests/test_sum.py::test_lists"),
        ("E   KeyError: 'id'\n\nsomething else", "KeyError", "'id'", ""),
        ("[XPASS(strict)] fixed by #12", "XPASS(strict)", "fixed by #N", ""),
        ("\x1b[1m\x1b[31mE   KeyError: 'id'\x1b[0m", "KeyError", "'id'", ""),
        (
            "Expected:\n    3\nGot:\n    2\n\nshop/a.py:3: DocTestFailure",
            "DocTestFailure",
            "expected N, got N",
            "shop/a.py",
        ),
        ("ValueError: half of a text", "ValueError", "half of a text", ""),
        ("", "", "", ""),
    ],
)
def test_a_text_has_the_signature_of_its_root_cause(
    text: str, exception: str, message: str, frame: str
) -> None:
    assert parts(sign(text, root="/srv/work/17")) == (exception, message, frame)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (MOCK.format(n=1), MOCK.format(n=2)),
        (DATABASE.format(n=1), DATABASE.format(n=2)),
        (COLLECTION.format(n=1), COLLECTION.format(n=2)),
        (ROLLED_BACK.format(n=1, error=MISMATCH), ROLLED_BACK.format(n=2, error=MISMATCH)),
        (SHORT_ROOT, SHORT_ROOT.replace(":41:", ":97:")),
        (SHORT_ROOT, SHORT_ROOT + CAUSE + SHORT_END),
    ],
)
def test_one_cause_is_one_error(one: str, other: str) -> None:
    assert sign(one) == sign(other)
    assert sign(one).digest == sign(other).digest


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (ASSERTION.format(test="test_a"), ASSERTION.format(test="test_b")),
        (SYNTAX.format(n=1), SYNTAX.format(n=2)),
        (
            ROLLED_BACK.format(n=1, error=MISMATCH),
            ROLLED_BACK.format(n=1, error='psycopg.errors.UniqueViolation) duplicate key "ix_email"'),
        ),
        (SHORT_ROOT, SHORT_ROOT.replace("KeyError", "IndexError")),
        (SHORT_ROOT, SHORT_ROOT.replace("'id'", "'name'")),
        (SHORT_ROOT, SHORT_ROOT.replace("in load", "in store")),
    ],
)
def test_two_causes_are_two_errors(one: str, other: str) -> None:
    assert sign(one, root="/srv/work/17").digest != sign(other, root="/srv/work/17").digest


@pytest.mark.parametrize(
    ("message", "exception", "said"),
    [
        ('failed on setup with "x.exc.CompileError: no type ARRAY"', "x.exc.CompileError", "no type ARRAY"),
        ("failed on teardown with \"KeyError: 'id'\"", "KeyError", "'id'"),
        ("assert 1 == 2\n +  where 1 = f()", "AssertionError", "assert N == N"),
        ("zlib.error: incorrect header check", "zlib.error", "incorrect header check"),
        ("Failed: Timeout >30.0s", "Failed", "Timeout >Ns"),
        ("KeyError", "KeyError", ""),
        ("collection failure", "", "collection failure"),
    ],
)
def test_a_message_without_a_traceback_will_do(message: str, exception: str, said: str) -> None:
    assert parts(sign("", message)) == (exception, said, "")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("shop/orders.py", "shop/orders.py::f"),
        ("./shop/orders.py", "shop/orders.py::f"),
        ("shop\\orders.py", "shop/orders.py::f"),
        ("/srv/work/17/shop/orders.py", "shop/orders.py::f"),
        ("../other/orders.py", ""),
        ("/usr/lib/python3.12/json/decoder.py", ""),
        (".venv/lib/python3.12/site-packages/x.py", ""),
        ("env/lib/python3.12/json/decoder.py", ""),
        ("C:\\python\\lib\\json\\decoder.py", ""),
        ("<string>", ""),
        ("<frozen importlib._bootstrap>", ""),
        ("tests/helpers.py", ""),
    ],
)
def test_only_the_projects_own_frames_count(path: str, expected: str) -> None:
    text = f"{path}:3: in f\n    g()\nE   KeyError: 'id'"
    assert sign(text, root="/srv/work/17").frame == expected


@pytest.mark.parametrize(
    ("path", "is_test"),
    [
        ("tests/helpers.py", True),
        ("shop/tests/data.py", True),
        ("shop/test_api.py", True),
        ("shop/api_test.py", True),
        ("conftest.py", True),
        ("shop/contest.py", False),
        ("shop/testing.py", False),
        ("latest/api.py", False),
    ],
)
def test_test_code_is_known_by_its_path(path: str, is_test: bool) -> None:
    assert is_test_code(path) is is_test


@pytest.mark.parametrize(
    ("message", "masked"),
    [
        ("<shop.Agent object at 0x7f63a8219f40> failed", "<shop.Agent> failed"),
        ("<bound method A.f of <A object at 0x7f>>", "<bound method A.f of <A>>"),
        ("<Mock name='send' id='140123'>", "<Mock name='send'>"),
        ("pointer 0xDEADBEEF", "pointer <address>"),
        ("user 16db8a90-ddab-4657-b13e-326f2aa632e3 is gone", "user <uuid> is gone"),
        ("at 2026-11-23T10:55:09.195933+01:00", "at <time>"),
        ("on 2026-11-23 at 10:55:09", "on <time> at <time>"),
        ("datetime.datetime(2026, 11, 23, tzinfo=UTC) is late", "<time> is late"),
        ("port localhost:5432, host 10.0.0.12:80", "port localhost:N, host N:N"),
        ("-3 < 4.5e-7 and 1,000 of x-2", "N < N and N of x-N"),
        ("int64, utf8 and job_84213", "int64, utf8 and job_N"),
        ("'" + "x" * 41 + "' is long", "'…' is long"),
        ('key "a_rather_long_name_of_a_unique_constraint_of_ours"',) * 2,
        ("No module named 'company.platform.services.billing.invoices'",) * 2,
        ("no file '/tmp/pytest-of-me/pytest-3/" + "a" * 40 + ".db'", "no file '<tmp>'"),
        ("sent Mon, 23 Nov 2026 10:55:09 GMT", "sent <time>"),
        ("since Mon Nov  3 10:55:09 2026", "since <time>"),
        ("datetime.datetime(2026, 11, 23, tzinfo=zone(delta(seconds=3600)))", "<time>"),
        ("<User: tess@example.org> of <QuerySet [<User: a>]>", "<User> of <QuerySet [<User>]>"),
        ("<Colour.RED: 1>", "<Colour.RED>"),
        ("commit 16db8a90f, scope 7fc9a1c3d8d0, deadbeef", "commit <hash>, scope <hash>, deadbeef"),
        ("[1, 2, 3] and [4], not []", "[N…] and [N…], not []"),
        ("invalid literal for int() with base 10: 'x'", "invalid literal for int() with base N: …"),
        ("could not convert string to float: 'x'", "could not convert string to float: …"),
        ("'" + "x" * 40 + "' is not", "'" + "x" * 40 + "' is not"),
        ("can't " + "say " * 20 + "and won't", "can't " + "say " * 20 + "and won't"),
        ("no /tmp/pytest-of-me/pytest-3/a.db", "no <tmp>"),
        ("no file '/srv/work/17/shop/a.toml'", "no file '<path>/a.toml'"),
        ("GET https://example.com/a/b", "GET https://example.com/a/b"),
        ("commit a2b22dd0a2b22dd0a2b22dd0a2b22dd0a2b22dd0", "commit <hash>"),
        ("bad (Background on this error at: https://sqlalche.me/e/20/f405)", "bad"),
        ("  two \t spaces ", "two spaces"),
    ],
)
def test_what_varies_from_run_to_run_is_masked(message: str, masked: str) -> None:
    assert mask(message) == masked


def test_the_title_names_what_the_test_ended_with() -> None:
    text = (
        f"E   AttributeError: no visit_ARRAY{CAUSE}E   x.CompileError: <C object at 0x1> can't render ARRAY"
    )
    assert sign(text).title == "CompileError: <C> can't render ARRAY"


def test_a_long_title_keeps_its_beginning_and_its_end() -> None:
    title = sign("", "KeyError: " + "first " * 60 + "last").title
    assert len(title) <= TITLE_LIMIT
    assert title.startswith("KeyError: first")
    assert title.endswith("first last")
    assert "…" in title


def test_a_failure_without_text_has_a_title_too() -> None:
    assert sign("").title == "No error text"


def test_equal_errors_may_have_different_titles() -> None:
    one, other = sign("E   ValueError: got 1"), sign("E   ValueError: got 2")
    assert one == other
    assert (one.title, other.title) == ("ValueError: got 1", "ValueError: got 2")


def chain_of(text: str) -> list[tuple[str, str]]:
    return [(step.said, step.link.value) for step in sign(text).chain]


def test_the_chain_is_kept_root_first_with_how_each_led_to_the_next() -> None:
    end = "E   RuntimeError: cannot ship"
    assert chain_of(SHORT_ROOT + CAUSE + SHORT_END + CONTEXT + end) == [
        ("KeyError: 'id'", "cause"),
        ("NotFound: no order 'id'", "context"),
        ("RuntimeError: cannot ship", ""),
    ]
    assert chain_of(SHORT_ROOT) == [("KeyError: 'id'", "")]
    assert chain_of("") == []


def test_of_a_long_chain_both_ends_are_kept_and_the_gap_is_shown() -> None:
    chain = chain_of(CAUSE.join(f"E   ValueError: {'x' * 300} {step}" for step in range(30)))
    assert len(chain) == CHAIN_LIMIT
    assert [chain[place][0][-2:] for place in (0, 3, 4, 5, -1)] == [" 0", " 3", "…", "26", "29"]
    assert all(len(said) <= TITLE_LIMIT for said, _ in chain)


def test_equal_errors_may_have_come_about_in_different_ways() -> None:
    one, other = sign(SHORT_ROOT), sign(SHORT_ROOT + CAUSE + SHORT_END)
    assert one == other
    assert one.chain != other.chain


def test_the_digest_of_version_2_does_not_change_by_accident() -> None:
    assert (VERSION, sign(SHORT_ROOT).digest) == (2, "c34fece791aa42aa")


pieces = st.sampled_from(
    [
        "E   ",
        "KeyError: 'x'",
        "a.py:1: in f",
        'File "a.py", line 1, in f',
        CAUSE,
        CONTEXT,
        "\n",
        "  | ",
        "> ",
        "  +-+------ 1 ------",
        "  +------ 2 ------",
        "  +-----",
        "\x1b[31m",
        "\x00",
        "\udce4",
        "_ _ _",
        "def f():",
        "assert 1",
    ]
)
texts = st.one_of(
    st.text(), st.lists(st.one_of(pieces, st.text(max_size=5))).map("".join), st.binary().map(repr)
)


@given(texts, texts)
def test_every_text_has_a_signature(text: str, message: str) -> None:
    signature = sign(text, message)
    assert signature == sign(text, message)
    assert len(signature.digest) == 16
    assert len(signature.message) <= MESSAGE_LIMIT
    assert 0 < len(signature.title) <= TITLE_LIMIT
    assert "\n" not in signature.message + signature.title


def calls_made(text: str) -> int:
    """How many functions are called to sign a text, built-in ones included."""
    calls = 0

    def count(_frame: object, event: str, _argument: Any) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        sign(text, text)
    finally:
        sys.setprofile(None)
    return calls


ADVERSARIAL = [
    "\n",
    "a\n",
    "E \n",
    "E   A.b: '\n",
    "a.py:1: in f\n",
    "a:1:\n",
    ":1:1",
    '  File "a", line 1\n',
    "a.",
    "A",
    "'",
    " /a",
    "1-",
    "+-",
    "  +-+--- 1 ---\n",
    "\x1b[",
    "  | ",
    "def f",
    " 0x",
    " ",
    CAUSE,
    CONTEXT,
]


@pytest.mark.parametrize("piece", ADVERSARIAL)
def test_the_work_grows_with_the_text_and_no_faster(piece: str) -> None:
    half, whole = piece * (32_768 // len(piece)), piece * (65_536 // len(piece))
    assert calls_made(whole) <= 2.2 * calls_made(half) + 100


def broken_results(path: Path) -> list[tuple[str, str, Signature]]:
    """Tag, message and signature of each failure and error of a JUnit file."""
    return [
        (result.tag, result.get("message", ""), sign(result.text or "", result.get("message", "")))
        for test in ElementTree.parse(path).iter("testcase")
        for result in test
        if result.tag in ("failure", "error")
    ]


def test_a_real_sprints_errors_have_one_cause_each() -> None:
    for path in REAL_RESULTS:
        results = broken_results(path)
        assert len({signature for tag, _, signature in results if tag == "error"}) == 1
        for common in ("run_workflow", "'coroutine' object", "called_once_with", "PendingRollbackError"):
            assert len({signature for _, message, signature in results if common in message}) <= 1
        assert len({signature for _, _, signature in results}) <= 9

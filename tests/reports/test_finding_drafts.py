"""What a run showed, in the words of a finding: whatever was printed stays code."""

import pytest

from reports import finding_drafts as drafts
from reports.finding_drafts import Shown
from tracks.markdown import to_html

RUN = {"run": "run 17 (Track A · retest 1)", "sha": "a" * 40}
HOSTILE = [
    "```\n<script>alert(1)</script>\n```",
    "````\n# heading\n````",
    "~~~\n[x](javascript:alert(1))",
    "\x1b[31m```\x1b[0m",
]


def test_an_error_of_several_tests_says_who_when_and_since():
    shown = Shown(
        **RUN,
        tests=("t.py::one", "t.py::two"),
        count=2,
        newly=2,
        error="KeyError: 'BTC'",
        text="t.py:3: KeyError",
        culprit="The first commit at which they fail is `b`.",
    )
    said = drafts.evidence(shown)
    assert "2 tests fail in run 17 (Track A · retest 1) at commit `aaaa" in said
    assert "by `KeyError: 'BTC'`. On the baseline, 2 of 2 did not." in said
    assert "- `t.py::one`\n- `t.py::two`" in said
    assert "```text\nt.py:3: KeyError\n```" in said
    assert said.endswith("The first commit at which they fail is `b`.")
    assert drafts.title(shown) == "KeyError: 'BTC'"


@pytest.mark.parametrize(
    ("shown", "title"),
    [
        (Shown(**RUN, tests=("t.py::one",), count=1), "t.py::one fails"),
        (Shown(**RUN, tests=("t.py::one", "t.py::two"), count=2), "2 tests of t.py fail"),
        (Shown(**RUN, tests=("t.py::one", "u.py::two"), count=2), "2 tests of several files fail"),
        (Shown(**RUN, criterion="12 tests exist"), "Does not hold: 12 tests exist"),
        (Shown(**RUN, count=1, error="one\ntwo"), "one two"),
    ],
)
def test_the_title_is_one_line(shown, title):
    assert drafts.title(shown) == title


def test_a_long_title_is_cut():
    assert len(drafts.title(Shown(**RUN, count=1, error="x" * 999))) == 200


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_leaves_its_block_of_code(text):
    page = to_html(f"{drafts.block(text)}\n\nafter")
    assert page.count("<pre>") == 1
    assert page.endswith("<p>after</p>\n")
    for forbidden in ("<script", "<h3", "<a "):
        assert forbidden not in page


@pytest.mark.parametrize("text", ["plain", "`", "a``b", "`` ` ```", "[x](y)", "<b>", "  ", "one\n# two"])
def test_no_text_leaves_its_code_within_a_line(text):
    page = to_html(f"before {drafts.code(text)} after")
    assert page.startswith("<p>before ")
    assert page.endswith(" after</p>\n")
    assert page.count("<code>") == (1 if text.strip() else 0)
    assert "<b>" not in page


def test_of_a_long_text_the_end_is_quoted():
    said = drafts.block("begin\n" + "x" * 20_000 + "\nend")
    assert len(said) < 13_000
    assert "left out" in said
    assert said.endswith("end\n```")


def test_the_root_of_a_chain_is_named():
    assert drafts.root_cause(Shown(**RUN, chain=("KeyError: 1", "NoPrice"))) == (
        "It begins with `KeyError: 1`, which leads to `NoPrice`."
    )
    assert drafts.root_cause(Shown(**RUN, chain=("KeyError: 1",))) == ""


def test_files_are_those_of_the_projects_own_frames_the_deepest_first():
    text = """tests/test_it.py:4: in test_it
    price()
/usr/lib/python3/json.py:9: in loads
.venv/lib/python3.11/site-packages/x.py:2: in x
app/prices.py:12: KeyError
  File "app/old.py", line 7, in old"""
    places = [(each["path"], each["lines"]) for each in drafts.own_files(text)]
    assert places == [("app/old.py", "7"), ("app/prices.py", "12"), ("tests/test_it.py", "4")]


def test_a_criterion_brings_what_its_check_said():
    said = drafts.evidence(Shown(**RUN, criterion="No `secrets`", said="2 lines match", output="a\nb"))
    assert "the criterion `` No `secrets` `` does not hold: `2 lines match`" in said
    assert "```text\na\nb\n```" in said

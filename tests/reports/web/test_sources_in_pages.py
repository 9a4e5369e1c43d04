"""What pages say of why tests are gone, and of what a branch did to its tests."""

import re

import pytest

from reports.models import Comparison
from tests import factories
from tests.tracks.web.pages import member, queries_of, words
from tracks.models import Run, TestCase

pytestmark = pytest.mark.django_db

BEFORE = {
    "t/old.py::moves": "passed",
    "t/broken.py::hidden": "passed",
    "t/broken.py::too": "passed",
    "t/a.py::gone": "passed",
    "t/a.py::edited": "failed",
    "t/a.py::helped": "failed",
    "t/a.py::honest": "failed",
    "t/a.py::edited_and_fails": "passed",
}
AFTER = {
    "t/new.py::moves": "failed",
    "t/broken.py": "error",
    "t/a.py::edited": "passed",
    "t/a.py::helped": "passed",
    "t/a.py::honest": "passed",
    "t/a.py::edited_and_fails": "failed",
}
EDITS = {
    "switched_off": {"total": 3, "first": [{"test": f"t/a.py::off_{n}", "by": "skip"} for n in range(3)]},
    "asserts_removed": {"total": 1, "first": [{"test": "t/a.py::edited", "before": 4, "now": 1}]},
    "deleted": {"total": 250, "first": ["t/a.py::gone"]},
    "settings": {"total": 1, "first": [{"path": "pytest.ini", "keys": ["addopts", "testpaths"]}]},
    "bounds": ["The branch changes 4000 files; the first 3000 were looked at."],
}
NOTHING = {name: {"total": 0, "first": []} for name in EDITS if name != "bounds"} | {"bounds": []}


@pytest.fixture
def runs() -> tuple[Run, Run]:
    """Two runs, and what git told of them."""
    sprint = factories.create_sprint()
    baseline = factories.create_baseline(sprint=sprint, results=BEFORE)
    head = factories.create_run(track=factories.create_track(sprint=sprint), results=AFTER)
    number = dict(TestCase.objects.values_list("node_id", "number"))
    hidden = [number["t/broken.py::hidden"], number["t/broken.py::too"]]
    Comparison.objects.update(
        vanished={
            str(number["t/old.py::moves"]): "renamed or moved",
            str(hidden[0]): "its module could not be collected",
            str(hidden[1]): "its module could not be collected",
            str(number["t/a.py::gone"]): "deleted from its file",
        },
        moves={
            str(number["t/old.py::moves"]): {
                "now": number["t/new.py::moves"],
                "base": "passed",
                "head": "failed",
            }
        },
        hidden={str(number["t/broken.py"]): hidden},
        touched={
            "own": [number["t/a.py::edited"], number["t/a.py::edited_and_fails"]],
            "fixtures": [number["t/a.py::helped"]],
            "product": [number["t/a.py::honest"]],
        },
        edits=EDITS,
        unread="",
    )
    return baseline, head


def compare(base: Run, head: Run) -> str:
    return f"/p/{base.project.slug}/compare?base={base.pk}&head={head.pk}"


def track(head: Run) -> str:
    return f"/p/{head.project.slug}/s/{head.sprint.slug}/t/{head.track.key}/"


BOTH_PAGES = pytest.mark.parametrize(
    "address", [compare, lambda base, head: track(head)], ids=["compare", "track"]
)


def row_of(page: str, node_id: str) -> str:
    """The row or list item that begins with the test."""
    rows = re.findall(r"<(?:tr|li)>.*?</(?:tr|li)>", page.replace("<wbr>", ""), re.DOTALL)
    (found,) = [
        row for row in rows if re.search(rf"data-item[^>]*>[^<]*(?:<bdi>)?{re.escape(node_id)}<", row)
    ]
    return found


@BOTH_PAGES
def test_a_vanished_test_leads_to_its_new_name_with_what_became_of_it(runs, address):
    client = member(runs[0].project)
    row = row_of(client.get(address(*runs)).content.decode(), "t/old.py::moves")
    now = TestCase.objects.get(node_id="t/new.py::moves").number
    assert f'href="/p/{runs[0].project.slug}/tests/{now}/">t/new.py::moves</a>' in row
    assert "renamed or moved" in row
    assert (
        row.index("is now")
        < row.index("passed", row.index("is now"))
        < row.index("failed", row.index("is now"))
    )


@BOTH_PAGES
def test_a_hidden_test_leads_to_the_traceback_of_what_hides_it(runs, address):
    client = member(runs[0].project)
    row = row_of(client.get(address(*runs)).content.decode(), "t/broken.py::hidden")
    (link,) = re.findall(r'href="([^"]+)">the error that hides 2 tests</a>', row)
    shown = client.get(link)
    assert shown.status_code == 200
    assert "ValueError: no price for BTC" in words(shown)


@BOTH_PAGES
def test_only_a_fix_that_came_with_an_edit_of_its_own_test_is_marked(runs, address):
    page = member(runs[0].project).get(address(*runs)).content.decode()
    marked = {
        test: "edited</span>" in row_of(page, f"t/a.py::{test}")
        for test in ("edited", "helped", "honest", "edited_and_fails")
    }
    assert marked == {"edited": True, "helped": False, "honest": False, "edited_and_fails": False}


@BOTH_PAGES
def test_what_was_changed_is_said_once_and_not_of_what_is_gone(runs, address):
    gone = TestCase.objects.get(node_id="t/a.py::gone").number
    touched = Comparison.objects.get().touched
    Comparison.objects.update(touched=touched | {"own": [*touched["own"], gone]})
    page = member(runs[0].project).get(address(*runs)).content.decode()
    said = {test: row_of(page, f"t/a.py::{test}") for test in ("edited", "helped", "honest", "gone")}
    assert ">its own code changed<" not in said["edited"] + said["gone"]
    assert ">its fixtures or helpers changed<" in said["helped"]
    assert ">only product code changed<" in said["honest"]
    assert ">deleted from its file<" in said["gone"]


@BOTH_PAGES
def test_what_the_branch_did_to_its_tests_is_listed(runs, address):
    said = words(member(runs[0].project).get(address(*runs)))
    for part in (
        "3 tests switched off",
        "off_2 skip",
        "1 test with fewer asserts",
        "from 4 to 1",
        "250 tests deleted",
        "Only the first 1 of them are kept.",
        "1 file of pytest's configuration changed",
        "pytest.ini addopts , testpaths",
        "The branch changes 4000 files; the first 3000 were looked at.",
    ):
        assert part in said


@BOTH_PAGES
@pytest.mark.parametrize(
    ("edits", "unread", "expected"),
    [
        (NOTHING, "", "It switched none off, removed no assert and no test"),
        (None, "git did not answer", "Not known: git did not answer."),
        (None, "", "Not known: this comparison was made before OMC QA asked git."),
    ],
    ids=["nothing", "not asked", "never asked"],
)
def test_nothing_done_is_told_from_nothing_known(runs, address, edits, unread, expected):
    Comparison.objects.update(edits=edits, unread=unread)
    assert expected in words(member(runs[0].project).get(address(*runs)))


HOSTILE = '<script>alert("x")</script>\u202e'


@BOTH_PAGES
def test_what_a_branch_says_is_only_text(runs, address):
    gone = TestCase.objects.get(node_id="t/a.py::gone").number
    Comparison.objects.update(
        vanished=Comparison.objects.get().vanished | {str(gone): HOSTILE},
        edits={
            "switched_off": {"total": 1, "first": [{"test": HOSTILE, "by": HOSTILE}]},
            "asserts_removed": {"total": 1, "first": [{"test": HOSTILE, "before": 1, "now": 0}]},
            "deleted": {"total": 1, "first": [HOSTILE]},
            "settings": {"total": 1, "first": [{"path": HOSTILE, "keys": [HOSTILE]}]},
            "bounds": [],
        },
    )
    page = member(runs[0].project).get(address(*runs)).content.decode()
    assert page.count("&lt;script&gt;") >= 6
    assert "<script>alert" not in page
    assert not re.search(r"<span[^>]*>[^<]*\u202e", page.replace('<span class="id">', "")), (
        "it turns its line"
    )


@BOTH_PAGES
def test_queries_do_not_grow_with_what_is_said(runs, address):
    client = member(runs[0].project)
    Comparison.objects.update(edits=NOTHING, touched={})
    few = queries_of(client, address(*runs))
    many = {"total": 200, "first": [{"test": f"t/a.py::off_{n}", "by": "skip"} for n in range(200)]}
    Comparison.objects.update(edits=EDITS | {"switched_off": many})
    assert queries_of(client, address(*runs)) == few

"""What tests prove on other code than their own: the pure tables, and which tests and files are taken."""

import pytest

from reports.facts import NO_RESULT, Try
from reports.red_first import Proof, belongs_to_tests, concerned, proof_of_new, proof_of_old
from tracks.statuses import Outcome

PASSED, FAILED, ERROR = Try(Outcome.PASSED), Try(Outcome.FAILED, "a"), Try(Outcome.ERROR, "b")
SKIPPED, XFAILED = Try(Outcome.SKIPPED), Try(Outcome.XFAILED)


@pytest.mark.parametrize(
    ("on_base", "is_uncollected", "proof"),
    [
        (FAILED, False, Proof.PROVES),
        (ERROR, False, Proof.PROVES),
        (NO_RESULT, True, Proof.PROVES),
        (PASSED, False, Proof.PROVES_NOTHING),
        (SKIPPED, False, Proof.SAYS_NOTHING),
        (XFAILED, False, Proof.SAYS_NOTHING),
        (NO_RESULT, False, Proof.SAYS_NOTHING),
    ],
)
def test_a_new_test_proves_something_where_it_is_red_without_the_branchs_code(on_base, is_uncollected, proof):
    assert proof_of_new(on_base, is_uncollected=is_uncollected) is proof


@pytest.mark.parametrize(
    ("on_head", "edited", "is_uncollected", "proof"),
    [
        (FAILED, PASSED, False, Proof.CHANGED),
        (FAILED, SKIPPED, False, Proof.MUTED),
        (NO_RESULT, XFAILED, True, Proof.MUTED),
        (NO_RESULT, PASSED, True, Proof.CHANGED),
        (FAILED, NO_RESULT, False, Proof.REMOVED),
        (FAILED, ERROR, False, Proof.STILL_BROKEN),
        (PASSED, PASSED, False, Proof.KEPT),
        (PASSED, FAILED, False, Proof.KEPT),
        (SKIPPED, PASSED, False, Proof.SAYS_NOTHING),
        (NO_RESULT, PASSED, False, Proof.SAYS_NOTHING),
    ],
)
def test_an_old_test_that_fails_where_its_edited_version_does_not_was_changed_to_pass(
    on_head, edited, is_uncollected, proof
):
    assert proof_of_old(on_head, edited, is_uncollected=is_uncollected) is proof


@pytest.mark.parametrize(
    ("path", "belongs"),
    [
        ("tests/test_a.py", True),
        ("app/test_a.py", True),
        ("conftest.py", True),
        ("tests/data/prices.json", True),
        ("app/tests/helpers.py", True),
        ("app/prices.py", False),
        ("tests", False),
        ("contests/a.py", False),
    ],
)
def test_files_of_tests_are_their_code_and_what_lies_in_their_folders(path, belongs):
    assert belongs_to_tests(path) == belongs


@pytest.mark.parametrize(
    ("paths", "numbers"),
    [
        ({"tests/test_a.py"}, [1]),
        ({"tests/api/conftest.py"}, [2]),
        ({"conftest.py"}, [1, 2, 3]),
        ({"tests/data/prices.json"}, []),
        (set(), []),
    ],
)
def test_the_tests_of_changed_files_and_below_a_changed_conftest_are_run(paths, numbers):
    names = {1: "tests/test_a.py::one", 2: "tests/api/test_b.py::two[x]", 3: "test_c.py::three"}
    assert concerned(paths, names) == numbers

"""Selections and shares: which tests a session runs, and that no test is lost between sessions."""

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tracks.execution.recordings import ONE_PROCESS_OR_TWO, XDIST, Record, Recorded
from tracks.execution.recorder.parts import Share

SUITE = {
    "conftest.py": "def pytest_report_header(): return 'header'",
    "test_a.py": """
        import pytest
        @pytest.mark.parametrize("x", range(5))
        def test_one(x): pass
        class TestIt:
            def test_in(self): pass
            def test_bad(self): assert 0
    """,
    "test_b.py": "import pytest; pytest.skip('off', allow_module_level=True)",
    "test_c.py": "import nothing_of_the_kind",
    "test_d.py": "def test_d(): pass",
    "deep/test_e.py": "def test_e(): pass\ndef test_f(): raise ValueError",
    "broken/conftest.py": "import nothing_of_the_kind",
    "broken/test_g.py": "def test_g(): pass",
}


@pytest.fixture
def shares(record: Record, tmp_path: Path) -> Callable[..., list[Recorded]]:
    """Every part of a suite, each in a session of its own."""

    def recorded(
        files: dict[str, str],
        *arguments: str,
        of: int,
        by: str,
        plan: dict[str, int] | None = None,
        **env: str,
    ) -> list[Recorded]:
        told = []
        for number in range(of):
            path = tmp_path / f"share-{number}.json"
            path.write_text(json.dumps({"number": number, "of": of, "by": by, "plan": plan or {}}))
            told.append(record(files, *arguments, OMC_QA_SHARE=str(path), **env))
        return told

    return recorded


def whole(parts: list[Recorded]) -> dict[str, str]:
    """What all parts have told together; no test may be told twice."""
    found: dict[str, str] = {}
    for part in parts:
        part.assert_balanced()
        outcomes = {name: line["o"] for name, line in part.tests.items()}
        assert not outcomes.keys() & found.keys()
        found |= outcomes
    return found


@ONE_PROCESS_OR_TWO
@pytest.mark.parametrize("by", ["file", "test"])
def test_the_parts_of_a_suite_are_the_suite(
    record: Record, shares: Callable[..., list[Recorded]], by: str, arguments: tuple[str, ...]
) -> None:
    together = record(SUITE, *arguments)
    together.assert_balanced()
    parts = shares(SUITE, *arguments, of=3, by=by)
    assert whole(parts) == {name: line["o"] for name, line in together.tests.items()}
    broken = {"failed", "error"}
    for part in parts:
        assert part.end and part.end["deselected"] == 0
        assert part.exit_code == (1 if broken & set(part.outcomes.values()) else 0)


def test_a_plan_says_where_a_file_goes_and_nobody_else_imports_it(
    shares: Callable[..., list[Recorded]],
) -> None:
    files = {f"test_{name}.py": f"print('importing {name}')\ndef test_{name}(): pass" for name in "abc"}
    plan = {"test_a.py": 1, "test_b.py": 1, "test_c.py": 0}
    first, second = shares(files, "-s", of=2, by="file", plan=plan)
    assert set(first.outcomes) == {"test_c"} and set(second.outcomes) == {"test_a", "test_b"}
    assert "importing a" not in first.output and "importing c" not in second.output


def test_a_plan_says_where_a_test_goes(shares: Callable[..., list[Recorded]]) -> None:
    files = {"test_it.py": "def test_a(): pass\ndef test_b(): pass"}
    plan = {"test_it.py::test_a": 1, "test_it.py::test_b": 0}
    first, second = shares(files, of=2, by="test", plan=plan)
    assert (set(first.outcomes), set(second.outcomes)) == ({"test_b"}, {"test_a"})


@ONE_PROCESS_OR_TWO
def test_a_part_without_tests_ends_in_order(
    shares: Callable[..., list[Recorded]], arguments: tuple[str, ...]
) -> None:
    plan = {"test_it.py": 0}
    first, second = shares({"test_it.py": "def test_a(): pass"}, *arguments, of=2, by="file", plan=plan)
    assert set(first.outcomes) == {"test_a"}
    second.assert_balanced()
    assert second.exit_code == 0 and not second.collected


@pytest.mark.parametrize("by", ["file", "test"])
def test_tests_that_the_command_names_are_parted_too(shares: Callable[..., list[Recorded]], by: str) -> None:
    files = {f"test_{name}.py": "def test_one(): pass\ndef test_two(): pass" for name in "abc"}
    named = [f"test_{name}.py::test_one" for name in "abc"]
    assert set(whole(shares(files, *named, of=2, by=by))) == set(named)


@pytest.mark.parametrize("by", ["file", "test"])
def test_what_the_project_deselects_is_counted_once(shares: Callable[..., list[Recorded]], by: str) -> None:
    files = {f"test_{name}.py": "def test_one(): pass\ndef test_two(): pass" for name in "abc"}
    parts = shares(files, "-k", "one", of=2, by=by)
    assert len(whole(parts)) == 3
    assert sum(part.end["deselected"] for part in parts if part.end) == 3


@ONE_PROCESS_OR_TWO
@pytest.mark.parametrize("by", ["file", "test"])
def test_a_selection_can_be_parted(
    shares: Callable[..., list[Recorded]], tmp_path: Path, by: str, arguments: tuple[str, ...]
) -> None:
    chosen = tmp_path / "selection.json"
    names = ["test_a.py::TestIt", "test_c.py", "deep/test_e.py::test_f", "broken/test_g.py::test_g"]
    chosen.write_text(json.dumps(names))
    found = whole(shares(SUITE, *arguments, of=2, by=by, OMC_QA_SELECTION=str(chosen)))
    assert found == {
        "test_a.py::TestIt::test_in": "passed",
        "test_a.py::TestIt::test_bad": "failed",
        "test_c.py": "error",
        "deep/test_e.py::test_f": "failed",
        "broken": "error",
    }


def test_what_the_tests_start_finds_no_trace_of_a_part(shares: Callable[..., list[Recorded]]) -> None:
    files = {
        "test_it.py": """
            import os
            def test_inner():
                assert not [name for name in os.environ if name.startswith("OMC_QA")]
                assert "PYTEST_PLUGINS" not in os.environ and "PYTHONPATH" not in os.environ
        """
    }
    for arguments in ((), XDIST):
        assert whole(shares(files, *arguments, of=1, by="file")) == {"test_it.py::test_inner": "passed"}


NAMES = st.lists(st.text(min_size=1, max_size=40), unique=True)


@given(names=NAMES, of=st.integers(1, 64), plan=st.dictionaries(st.text(max_size=5), st.integers(0, 99)))
def test_every_name_belongs_to_exactly_one_part(names: list[str], of: int, plan: dict[str, int]) -> None:
    config = SimpleNamespace(args=[])
    told: dict[str, Any] = {"of": of, "by": "test", "plan": plan}
    parts = [Share(config, told | {"number": number}) for number in range(of)]
    for name in [*names, *plan]:
        assert sum(part.holds(name) for part in parts) == 1


@ONE_PROCESS_OR_TWO
def test_selected_tests_run_in_the_order_of_their_names_in_one_process(
    record: Record, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    chosen = tmp_path / "selection.json"
    names = ["test_b.py::test_two", "test_a.py::test_one", "test_b.py::test_one"]
    chosen.write_text(json.dumps(names))
    files = dict.fromkeys(("test_a.py", "test_b.py"), "def test_one(): pass\ndef test_two(): pass\n")
    told = record(files, *arguments, OMC_QA_SELECTION=str(chosen))
    assert [line["id"] for line in told.of("test")] == names
    assert {line.get("w", "") for line in told.of("test")} == {""}


def test_a_selection_keeps_tests_classes_modules_and_parameters(record: Record, tmp_path: Path) -> None:
    chosen = tmp_path / "selection.json"
    chosen.write_text(
        json.dumps(["test_a.py::test_one[1]", "test_a.py::TestIt", "test_b.py", "test_c.py::test_c"])
    )
    files = {
        "test_a.py": """
            import pytest
            @pytest.mark.parametrize("x", [1, 2])
            def test_one(x): pass
            class TestIt:
                def test_in(self): pass
            class TestNot:
                def test_out(self): pass
        """,
        "test_b.py": "def test_b(): pass",
        "test_c.py": "import nothing_of_the_kind",
        "test_d.py": "import nothing_of_the_kind",
    }
    expected = {"test_one[1]": "passed", "test_in": "passed", "test_b": "passed", "test_c.py": "error"}
    for arguments in ((), XDIST):
        told = record(files, *arguments, OMC_QA_SELECTION=str(chosen))
        told.assert_balanced()
        assert told.outcomes == expected

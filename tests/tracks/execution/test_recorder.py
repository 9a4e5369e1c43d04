"""The recorder in real pytest sessions: what it writes, and that it does no harm."""

import ast
import sys
from pathlib import Path

import pytest

from tests.tracks.execution.recordings import ONE_PROCESS_OR_TWO, SOURCE, XDIST, Record

EVERY_OUTCOME = """
    import pytest

    @pytest.fixture
    def bad_setup(): raise ValueError("in setup")
    @pytest.fixture
    def bad_teardown():
        yield
        raise ValueError("in teardown")

    def test_passed(): pass
    def test_failed(): assert 1 == 2, "one is not two"
    def test_setup(bad_setup): pass
    def test_teardown(bad_teardown): pass
    def test_failed_and_teardown(bad_teardown): assert 0
    def test_unknown_fixture(no_such_fixture): pass
    @pytest.mark.skip(reason="not now")
    def test_skipped(): pass
    def test_skips_itself(): pytest.skip("not here")
    @pytest.mark.xfail(reason="known")
    def test_xfailed(): assert 0
    @pytest.mark.xfail(reason="known", run=False)
    def test_xfailed_unrun(): assert 0
    @pytest.mark.xfail(reason="known")
    def test_xpassed(): pass
    @pytest.mark.xfail(strict=True, reason="known")
    def test_strict(): pass
    def test_exits(): raise SystemExit(3)
"""
OUTCOMES = {
    "test_passed": ("passed", "call", ""),
    "test_failed": ("failed", "call", "AssertionError: one is not two"),
    "test_setup": ("error", "setup", "ValueError: in setup"),
    "test_teardown": ("error", "teardown", "ValueError: in teardown"),
    "test_failed_and_teardown": ("failed", "call", "assert 0"),
    "test_unknown_fixture": ("error", "setup", "fixture 'no_such_fixture' not found"),
    "test_skipped": ("skipped", "setup", "not now"),
    "test_skips_itself": ("skipped", "call", "not here"),
    "test_xfailed": ("xfailed", "call", "known"),
    "test_xfailed_unrun": ("xfailed", "setup", "[NOTRUN] known"),
    "test_xpassed": ("xpassed", "call", "known"),
    "test_strict": ("failed", "call", "[XPASS(strict)] known"),
    "test_exits": ("failed", "call", "SystemExit: 3"),
}


@ONE_PROCESS_OR_TWO
def test_every_outcome_is_told_once_with_its_phase_and_message(
    record: Record, arguments: tuple[str, ...]
) -> None:
    told = record(EVERY_OUTCOME, *arguments)
    told.assert_balanced()
    found = {
        name.rpartition("::")[2]: (line["o"], line.get("p", "call"), line.get("m", ""))
        for name, line in told.tests.items()
    }
    assert found == OUTCOMES
    texts = {name.rpartition("::")[2] for name, line in told.tests.items() if line.get("t")}
    assert texts == {name for name, (outcome, _, _) in OUTCOMES.items() if outcome in ("failed", "error")}
    assert not any(line.get("t", "").startswith("[gw") for line in told.of("test"))


@ONE_PROCESS_OR_TWO
def test_a_module_that_cannot_be_collected_is_an_entry_of_its_own(
    record: Record, arguments: tuple[str, ...]
) -> None:
    told = record(
        {
            "test_good.py": "def test_one(): pass",
            "test_lost.py": "import nothing_of_the_kind",
            "test_syntax.py": "def :",
            "test_off.py": "import pytest; pytest.skip('off', allow_module_level=True)",
            "test_part.py": "import pytest; pytest.importorskip('nothing_of_the_kind')",
        },
        *arguments,
    )
    told.assert_balanced()
    assert told.outcomes == {
        "test_one": "passed",
        "test_lost.py": "error",
        "test_syntax.py": "error",
        "test_off.py": "skipped",
        "test_part.py": "skipped",
    }
    assert told.tests["test_lost.py"]["p"] == "collect"
    assert told.tests["test_lost.py"]["m"] == "ModuleNotFoundError: No module named 'nothing_of_the_kind'"
    assert told.tests["test_off.py"]["m"] == "off"


def test_any_failed_subtest_makes_the_test_fail(record: Record) -> None:
    told = record(
        """
        import unittest
        def test_sub(subtests):
            for i in range(4):
                with subtests.test(i=i): assert i != 1
        def test_fine(subtests):
            with subtests.test(): pass
        class TestCase(unittest.TestCase):
            def test_case(self):
                for i in range(3):
                    with self.subTest(i=i): self.assertNotEqual(i, 1)
        """
    )
    told.assert_balanced()
    assert told.outcomes == {"test_sub": "failed", "test_fine": "passed", "test_case": "failed"}
    assert told.tests["test_it.py::test_sub"]["m"] == "assert 1 != 1"


RERUN = """
    def pytest_runtest_protocol(item, nextitem):
        from _pytest.runner import runtestprotocol
        hook = item.ihook
        hook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
        for attempt in range(3):
            for report in runtestprotocol(item, nextitem=nextitem, log=False):
                again = report.failed and attempt < 2
                if again:
                    report.outcome = "rerun"
                hook.pytest_runtest_logreport(report=report)
                if again:
                    item._initrequest()
                    break
            else:
                break
        hook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
        return True
"""


def test_of_several_tries_the_last_counts(record: Record) -> None:
    """As pytest-rerunfailures does it."""
    told = record(
        {
            "conftest.py": RERUN,
            "test_it.py": """
                tries = []
                def test_flaky():
                    tries.append(1)
                    assert len(tries) == 3
                def test_hopeless(): assert 0
                def test_good(): pass
            """,
        }
    )
    told.assert_balanced()
    assert told.outcomes == {"test_flaky": "passed", "test_hopeless": "failed", "test_good": "passed"}


def test_a_test_named_twice_is_one_test(record: Record) -> None:
    told = record(
        "def test_one(): pass\ndef test_two(): pass",
        "--keep-duplicates",
        *("test_it.py", "test_it.py", "test_it.py::test_one"),
    )
    told.assert_balanced()
    assert told.outcomes == {"test_one": "passed", "test_two": "passed"}


@pytest.mark.parametrize("scope", ["function", "module", "session"])
def test_a_fixture_that_failed_is_named_with_its_scope(record: Record, scope: str) -> None:
    told = record(
        f"""
        import pytest
        @pytest.fixture(scope="{scope}")
        def database(): raise OSError("no database")
        @pytest.fixture
        def client(database): pass
        def test_direct(database): pass
        def test_through_another(client): pass
        def test_by_name(request): request.getfixturevalue("database")
        @pytest.fixture
        def by_name(request): request.getfixturevalue("database")
        def test_through_another_by_name(by_name): pass
        """
    )
    broken = {line["id"].rpartition("::")[2]: (line.get("f"), line.get("fs")) for line in told.of("test")}
    failed = ("database", scope)
    assert broken["test_direct"] == broken["test_through_another"] == failed
    assert broken["test_through_another_by_name"] in (failed, ("by_name", "function"))
    assert broken["test_by_name"] == (None, None), "the call failed, not the setup"


def test_the_tests_that_bear_a_marker_are_named(record: Record) -> None:
    told = record(
        """
        import pytest
        pytestmark = pytest.mark.filterwarnings("ignore")
        @pytest.mark.slow
        class TestA:
            @pytest.mark.network
            def test_one(self): pass
            def test_two(self): pass
        @pytest.mark.parametrize("n", [1, 2])
        def test_three(n): pass
        """,
    )
    assert {line["name"]: line["ids"] for line in told.of("marked")} == {
        "slow": ["test_it.py::TestA::test_one", "test_it.py::TestA::test_two"],
        "network": ["test_it.py::TestA::test_one"],
    }


def test_deselected_tests_are_named(record: Record) -> None:
    told = record("def test_one(): pass\ndef test_two(): pass", "-k", "one")
    assert [line["ids"] for line in told.of("deselected")] == [["test_it.py::test_two"]]
    assert told.collected == ["test_it.py::test_one"]


def test_deselected_tests_are_counted(record: Record) -> None:
    told = record("def test_one(): pass\ndef test_two(): pass\ndef test_three(): pass", "-k", "one")
    told.assert_balanced()
    assert told.end and told.end["deselected"] == 2


@pytest.mark.parametrize(
    ("arguments", "stopped"),
    [(("-x",), "stopping after 1 failures"), (("--maxfail=2",), "stopping after 2 failures")],
)
def test_ending_early_is_told_with_pytests_own_words(
    record: Record, arguments: tuple[str, ...], stopped: str
) -> None:
    told = record("".join(f"def test_{number}(): assert 0\n" for number in range(5)), *arguments)
    assert told.end and told.end["stopped"] == stopped
    assert told.end["collected"] == 5 and told.end["reported"] < 5


def test_an_interrupt_is_told(record: Record) -> None:
    told = record(
        "import pytest\ndef test_a(): pass\ndef test_b(): pytest.exit('enough')\ndef test_c(): pass"
    )
    assert told.end and "enough" in told.end["stopped"] and told.end["exit"] == 2


def test_a_dead_process_tells_no_end(record: Record) -> None:
    told = record("import os\ndef test_a(): pass\ndef test_b(): os._exit(0)")
    assert told.exit_code == 0 and told.end is None
    assert told.outcomes == {"test_a": "passed"}


def test_the_test_in_which_an_xdist_worker_died_is_an_error(record: Record) -> None:
    told = record(
        "import os\ndef test_a(): pass\ndef test_b(): os._exit(1)\ndef test_c(): pass", "-p", "xdist", "-n1"
    )
    told.assert_balanced()
    assert told.outcomes == {"test_a": "passed", "test_b": "error", "test_c": "passed"}
    assert "crashed while running" in told.tests["test_it.py::test_b"]["m"]


def test_the_exit_code_that_another_plugin_sets_last_is_told(record: Record) -> None:
    told = record(
        {
            "conftest.py": "def pytest_sessionfinish(session): session.exitstatus = 1",
            "test_it.py": "def test_one(): pass",
        }
    )
    told.assert_balanced()
    assert told.exit_code == 1


def test_a_session_inside_a_session_is_not_told(record: Record) -> None:
    told = record(
        {
            "conftest.py": "pytest_plugins = ['pytester']",
            "test_it.py": """
                import os
                def test_inner(pytester):
                    assert "PYTEST_PLUGINS" not in os.environ and "PYTHONPATH" not in os.environ
                    pytester.makepyfile("def test_x(): assert 0")
                    pytester.runpytest_inprocess().assert_outcomes(failed=1)
                    pytester.runpytest_subprocess().assert_outcomes(failed=1)
            """,
        }
    )
    told.assert_balanced()
    assert told.outcomes == {"test_inner": "passed"}


def test_a_conftest_that_cannot_be_imported_leaves_loaded_and_no_session(record: Record) -> None:
    told = record({"conftest.py": "import nothing_of_the_kind", "test_it.py": "def test_one(): pass"})
    assert [line["e"] for line in told.lines] == ["loaded"]
    assert told.exit_code == 4


def test_strange_names_survive_and_stay_distinct(record: Record) -> None:
    told = record(
        r"""
        import pytest
        long = "x" * 5000
        @pytest.mark.parametrize("value", [
            pytest.param(1, id=long + "a"), pytest.param(2, id=long + "b"), pytest.param(3, id="line\nbreak"),
        ])
        def test_it(value): pass
        def pytest_generate_tests(metafunc): pass
        def test_text(): raise ValueError("nul \0 surrogate \udc80 byte")
        """
    )
    told.assert_balanced()
    assert len(told.tests) == 4
    assert all(len(test.encode("utf-8", "surrogatepass")) <= 2048 for test in told.tests)


def test_long_texts_keep_head_and_tail_and_say_the_cut(record: Record) -> None:
    told = record("def test_long(): raise ValueError('head ' + 'x' * 300_000 + '\\n tail')")
    told.assert_balanced()
    (line,) = told.of("test")
    assert len(line["t"].encode()) <= 65536 and len(line["m"].encode()) <= 2048
    assert "bytes are cut here" in line["t"] and line["t"].startswith(">") and "tail" in line["t"][-200:]


def test_a_recording_that_fails_breaks_no_test(record: Record) -> None:
    told = record(
        {
            "conftest.py": """
                import pytest
                class Strange:
                    def __str__(self): raise RuntimeError("no text")
                @pytest.hookimpl(wrapper=True)
                def pytest_runtest_makereport(item, call):
                    report = yield
                    report.duration = "not a number"
                    return report
                def pytest_report_teststatus(report): return "passed", ".", "PASSED"
                def pytest_terminal_summary(terminalreporter): pass
            """,
            "test_it.py": "def test_one(): pass\ndef test_two(): pass",
        },
        "-p",
        "no:terminal",
    )
    assert told.exit_code == 0
    assert told.end is None and told.of("fault")


def test_without_a_place_to_write_it_does_nothing(record: Record) -> None:
    told = record("def test_one(): pass", OMC_QA_RECORD="")
    assert told.exit_code == 0 and not told.lines


def test_it_knows_nothing_but_the_standard_library_and_pytest() -> None:
    names = set()
    for node in (node for path in SOURCE.glob("*.py") for node in ast.walk(ast.parse(path.read_text()))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add((node.module or "").partition(".")[0])
    assert names - sys.stdlib_module_names == {"pytest"}


def test_the_test_that_runs_now_can_be_read_at_any_time(record: Record, tmp_path: Path) -> None:
    now = tmp_path / "now"
    told = record(
        f"""
        import json, pathlib, pytest
        def now(): return json.loads(pathlib.Path({str(now)!r}).read_text().splitlines()[0])
        @pytest.mark.parametrize("x", ["a much longer name than the others have", "line\\nbreak", "ü"])
        def test_it(x, request): assert now() == request.node.nodeid
        def test_short(): assert now() == "test_it.py::test_short"
        """
    )
    told.assert_balanced()
    assert set(told.outcomes.values()) == {"passed"}
    assert now.read_text().splitlines()[0] == '""'


def test_the_tests_that_run_now_on_workers_are_a_list(record: Record, tmp_path: Path) -> None:
    now = tmp_path / "now"
    told = record(
        f"""
        import json, pathlib, time
        now = pathlib.Path({str(now)!r})
        def wait_for(condition):
            until = time.monotonic() + 20
            while not condition() and time.monotonic() < until: pass
            return condition()
        def both_run():
            line = now.read_text().partition("\\n")[0]
            return line.endswith("]") and set(json.loads(line)) == {{f"test_it.py::test_{{x}}" for x in "ab"}}
        def meet(mine, other):
            assert wait_for(both_run)
            now.with_name(mine).touch()
            assert wait_for(now.with_name(other).exists)
        def test_a(): meet("a", "b")
        def test_b(): meet("b", "a")
        """,
        *XDIST,
    )
    told.assert_balanced()
    assert set(told.outcomes.values()) == {"passed"}


def test_a_fork_of_the_session_tells_nothing(record: Record) -> None:
    told = record(
        """
        import os
        def test_forks():
            if child := os.fork():
                assert os.waitpid(child, 0)[1] == 0
        def test_in_both(): pass
        """
    )
    told.assert_balanced()
    assert told.outcomes == {"test_forks": "passed", "test_in_both": "passed"}
    assert len(told.of("end")) == 1


def test_every_result_names_the_worker_that_brought_it(record: Record) -> None:
    text = (
        "import os\n"
        + "".join(f"def test_{n}(): pass\n" for n in range(20))
        + "def test_dies(): os._exit(1)\n"
    )
    told = record(text, *XDIST)
    told.assert_balanced()
    assert {line["w"][:2] for line in told.of("test")} == {"gw"}
    assert not any("w" in line for line in record(text.replace("os._exit(1)", "pass")).of("test"))

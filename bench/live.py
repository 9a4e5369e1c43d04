"""How long after its end a test is counted on an open page; imports Django.

    test ends ──> recorder ──> worker ──> PostgreSQL ──> web server <── the page asks, every second
    └ prints the time                                                   └ the fragment counts it: delay

A real worker and web server as `omc-qa up` starts them, a test every 50 ms, one open page.
"""

import tempfile
import time
from pathlib import Path
from statistics import median, quantiles

from bench import suites
from bench.pages import POLL_SECONDS, Page
from omc_qa.local.supervisor import Installation
from tracks import queries
from tracks.models import Project, Run

TESTS = 400
RUNS = 3
SUITE = f"""
import time
import pytest

@pytest.mark.parametrize("number", range({TESTS}))
def test_step(number):
    time.sleep(0.05)
    print(f"\\nended {{time.time()}}", flush=True)
"""


def main(installation: Installation) -> None:
    delays: list[float] = []
    with tempfile.TemporaryDirectory(prefix="omc-qa-bench-") as folder:
        Path(folder).chmod(0o755)
        repository = suites.create_repository(Path(folder) / "suite", {"test_it.py": SUITE})
        project = suites.create_project(repository, test="python -m pytest -q -s")
        for _ in range(RUNS):
            delays += _delays(project, installation.port)
    print(f"{len(delays):,} tests in {RUNS} runs, one every 50 ms; one page. Aim: ≤ 1 s (median).\n")
    print(f"delay: median {median(delays):.2f} s, 90 % within {quantiles(delays, n=10)[-1]:.2f} s")


def _delays(project: Project, port: int) -> list[float]:
    """Seconds from each test's end to the first fragment that counts it, in one run."""
    run = suites.start(project)
    assert run.requested_by is not None
    page = Page(run.requested_by, run, port)
    shown: list[float] = []
    while page.asks:
        time.sleep(POLL_SECONDS)
        done = page.poll()
        shown += [time.time()] * ((TESTS if not page.asks else done or 0) - len(shown))
    run.refresh_from_db()
    assert run.passed == TESTS, (run.state, run.reason)
    return [at - ended for at, ended in zip(shown, _ended(run), strict=True)]


def _ended(run: Run) -> list[float]:
    """When each test ended, by its own word; in the order in which they ran."""
    lines = queries.log_text(run, shard=0)[0].splitlines()
    return [float(line.split()[1]) for line in lines if line.startswith("ended ")]

"""What 200 open pages of one run cost, beside one page; imports Django.

no page, then one page, 200 pages, one page … while one run goes on. Each page is a session of a member
of its own and polls every second. Commits and rows read are PostgreSQL's own counters, less those without a
page (the worker's); CPU is that of the web server, in processors.
"""

import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from django.db import connection
from django.utils import timezone

from bench import cpu, suites
from bench.pages import POLL_SECONDS, Page
from omc_qa.local.supervisor import Installation
from tracks import actions
from tracks.models import Project, Run, User
from tracks.statuses import Role

CROWD = 200
ROUNDS = 3
SECONDS = 10
WARM_SECONDS = 2
SUITE = """
import time
import pytest

@pytest.mark.parametrize("number", range(8000))
def test_step(number):
    time.sleep(0.05)
"""
COUNTERS = "SELECT xact_commit, tup_returned FROM pg_stat_database WHERE datname = current_database()"


@dataclass(frozen=True)
class Cost:
    """Of one second."""

    commits: float
    rows: float
    web: float


def main(installation: Installation) -> None:
    with tempfile.TemporaryDirectory(prefix="omc-qa-bench-") as folder:
        Path(folder).chmod(0o755)
        repository = suites.create_repository(Path(folder) / "suite", {"test_it.py": SUITE})
        project = suites.create_project(repository)
        people = [_member(project, number) for number in range(CROWD)]
        run = suites.start(project)
        while not Run.objects.get(pk=run.pk).passed:
            time.sleep(0.1)
        # First: a server's backend may tell what it has counted as much as ten seconds later.
        nobody = [_cost() for _ in range(ROUNDS)]
        pages = [Page(person, run, installation.port) for person in people]
        crowds = {"one page": pages[:1], f"{CROWD} pages": pages}
        costs: dict[str, list[Cost]] = {name: [] for name in crowds}
        for _ in range(ROUNDS):
            for name, crowd in crowds.items():
                with _polling(crowd):
                    costs[name].append(_cost())
        actions.cancel(run, by=people[0], now=timezone.now())
    _print(nobody, costs, pages)


def _member(project: Project, number: int) -> User:
    user = actions.create_user(email=f"member{number}@example.org", name=f"Member {number}")
    actions.add_member(project, user, Role.TESTER, by=None)
    return user


@contextmanager
def _polling(pages: Sequence[Page]) -> Iterator[None]:
    """The pages ask as browsers do, each in its own rhythm, until the end of the block."""
    over = threading.Event()
    places = range(len(pages))
    threads = [threading.Thread(target=_poll, args=(pages[at], at / len(pages), over)) for at in places]
    for thread in threads:
        thread.start()
    time.sleep(WARM_SECONDS)
    yield
    over.set()
    for thread in threads:
        thread.join()


def _poll(page: Page, delay: float, over: threading.Event) -> None:
    over.wait(delay * POLL_SECONDS)
    while not over.is_set():
        page.poll()
        over.wait(POLL_SECONDS)


def _cost() -> Cost:
    began, web, (commits, rows) = time.perf_counter(), _web(), _counters()
    time.sleep(SECONDS)
    took = time.perf_counter() - began
    after, more = _web(), _counters()
    return Cost((more[0] - commits) / took, (more[1] - rows) / took, (after - web) / took)


def _web() -> float:
    return cpu.seconds(cpu.child("gunicorn"))


def _counters() -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(COUNTERS)
        commits, rows = cursor.fetchone()
        return commits, rows


def _print(nobody: list[Cost], costs: dict[str, list[Cost]], pages: list[Page]) -> None:
    print(f"A second, medians of {ROUNDS} times {SECONDS} s, less what no page costs.")
    print(f"Aim: {CROWD} pages as one.\n")
    print(f"{'':<12}{'commits':>9}{'rows':>8}{'web CPU':>9}")
    own_commits, own_rows = (median(getattr(cost, what) for cost in nobody) for what in ("commits", "rows"))
    print(f"{'no page':<12}{own_commits:>9.1f}{own_rows:>8.0f}")
    for name, found in costs.items():
        commits, rows, web = (
            median(getattr(cost, what) for cost in found) for what in ("commits", "rows", "web")
        )
        print(f"{name:<12}{commits - own_commits:>9.1f}{rows - own_rows:>8.0f}{web:>9.1%}")
    waits = [wait for page in pages for wait in page.waits]
    print(f"\n{len(waits):,} polls were answered in {median(waits) * 1e3:.1f} ms (median)")

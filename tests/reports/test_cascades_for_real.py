"""Cascades of real pytest runs, from a repository in which each kind is built in, to what the pages say."""

import sys

import pytest

from reports.cascading import cascades_of
from reports.models import Comparison
from tests import factories
from tests.factories import NOON
from tests.omc_qa.cli.repositories import commit, create_repository, git
from tests.tracks.web.pages import member, words
from tests.working import work_until_idle
from tracks import queries
from tracks.actions import start_baseline, start_track_run
from tracks.models import Run, Track

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

FILES = {
    "state.py": "broken = set()\nneeded = 1\n",
    "conftest.py": """
import pytest, state

@pytest.fixture(scope="session")
def server():
    if "session" in state.broken: raise RuntimeError("no server")
""",
    "test_module.py": """
import pytest, state

@pytest.fixture(scope="module")
def table():
    if "module" in state.broken: raise RuntimeError("no table")

@pytest.mark.parametrize("n", range(4))
def test_reads(table, n): assert n != 3 or "beneath" not in state.broken
""",
    "test_class.py": """
import pytest, state

class TestOrders:
    @pytest.fixture(scope="class")
    def orders(self):
        if "class" in state.broken: raise RuntimeError("no orders")

    def test_first(self, orders): pass
    def test_second(self, orders): pass
    def test_third(self, orders): pass
""",
    "test_server_a.py": "def test_asks(server): pass\n",
    "test_server_b.py": "def test_asks(server): pass\ndef test_waits(server): pass\n",
    "test_sql.py": """
import pytest, state
from sqlalchemy import create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

class Base(DeclarativeBase): pass

class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)

@pytest.fixture(scope="module")
def session():
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session: yield session

@pytest.fixture
def users(session): return session.scalars(select(User)).all()

def test_adds(session):
    session.add(User(id=1))
    session.flush()
    session.expunge_all()
    session.add(User(id=1 if "sql" in state.broken else 2))
    session.flush()

def test_is_independent(): pass
def test_lists(users): pass
def test_counts(users): pass
""",
    "test_loop.py": """
import asyncio, pytest, state

@pytest.fixture(scope="module")
def loop():
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()

@pytest.fixture
def slept(loop): loop.run_until_complete(asyncio.sleep(0))

def test_stops(loop):
    if "loop" in state.broken:
        loop.close()
        raise ValueError("stopped")

@pytest.mark.parametrize("n", range(3))
def test_sleeps(slept, n): pass
""",
    "test_import.py": "from state import needed\ndef test_one(): pass\ndef test_two(): pass\n",
}
BREAKS = {"state.py": 'broken = {"session", "module", "class", "sql", "loop"}\n'}
MENDS = {"state.py": 'broken = {"beneath"}\nneeded = 1\n'}
FOLLOW = {
    "test_module.py::test_reads[0]": ("fixture", 3),
    "test_class.py::TestOrders::test_first": ("fixture", 2),
    "test_server_a.py::test_asks": ("fixture", 2),
    "test_sql.py::test_adds": ("poisoned", 2),
    "test_loop.py::test_stops": ("poisoned", 3),
    "test_import.py": ("collection", 2),
}


@pytest.fixture
def track(tmp_path, worker) -> Track:
    """A track whose initial test broke in every way, and whose retest mended all but what lay beneath."""
    repository = create_repository(tmp_path / "ledger", FILES)
    base = git(repository, "rev-parse", "HEAD")
    initial = commit(repository, BREAKS, branch="branch-a")
    project = factories.create_project(
        repository=str(repository),
        env={"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": "--continue-on-collection-errors"},
        python=sys.executable,
    )
    project.trusted = True
    project.save()
    track = factories.create_track(sprint=factories.create_sprint(project=project))
    work(start_baseline(track.sprint, sha=base, by=project.created_by, now=NOON))
    work(start_track_run(track, sha=initial, by=project.created_by, now=NOON))
    work(start_track_run(track, sha=commit(repository, MENDS), by=project.created_by, now=NOON))
    return Track.objects.select_related("sprint__baseline", "sprint__project").get(pk=track.pk)


def work(run: Run) -> None:
    work_until_idle()
    run.refresh_from_db()
    assert not run.is_active, run.reason


def test_each_kind_of_cascade_is_tied_to_its_cause_and_its_forecast_is_put_to_the_test(track):
    initial, retest = queries.iterations(track)
    found = cascades_of(initial, track.sprint.baseline)
    names = queries.all_node_ids(track.sprint.project)
    tied = {names[each.cascade.cause]: each for each in found}
    assert {
        cause: (each.cascade.kind.value, len(each.cascade.followers)) for cause, each in tied.items()
    } == FOLLOW
    assert all(list(each.expected) == ["passed"] and not each.assumed for each in found)

    project = track.sprint.project
    said = words(member(project).get(f"/p/{project.slug}/runs/{initial.pk}/clusters"))
    assert "6 causes, 18 tests and 2 that could not be collected" in said
    assert "1 cause, 3 tests follow : the event loop was closed" in said

    kept = Comparison.objects.get(base=initial, head=retest).forecasts
    assert all(each["cause_gone"] for each in kept)
    beneath = {names[each["cause"]]: each for each in kept if each["otherwise"]}
    assert list(beneath) == ["test_module.py::test_reads[0]"]
    (broke,) = beneath.values()
    assert (broke["as_forecast"], broke["otherwise"]) == (2, {"failed": 1})
    assert "assert" in broke["errors"][0][0]

"""What is read of a real repository for the comparison of two runs, and when that can be done at all."""

from datetime import timedelta

import pytest

from reports import actions, repository
from reports.models import Comparison
from reports.source.snapshots import Sources
from tests import factories
from tests.factories import NOON
from tests.omc_qa.cli.repositories import commit, create_repository, git
from tracks.models import Project, Run
from tracks.repositories import Mirror, NotMirrored, resolve

pytestmark = pytest.mark.django_db

TEST = "def test_a():\n    assert 1\n    assert 2\n"
NODE_ID = "tests/t.py::test_a"


class Repository:
    """A project's repository, and runs at its commits that were never really made."""

    def __init__(self, folder, subdir: str = "") -> None:
        self.path = create_repository(folder / "ledger", {"README": ""})
        self.project: Project = factories.create_project(repository=str(self.path), subdir=subdir)
        self.project.trusted = True
        self.project.save()
        self.sprint = factories.create_sprint(project=self.project)
        self.track = factories.create_track(sprint=self.sprint)

    def baseline(self, files: dict[str, str], **outcomes: str) -> Run:
        return factories.create_baseline(
            sprint=self.sprint, at=commit(self.path, files), results=outcomes or {NODE_ID: "passed"}
        )

    def run(self, files: dict[str, str], *, branch: str = "", results: dict[str, str] | None = None) -> Run:
        at = commit(self.path, files, branch=branch)
        return factories.create_run(track=self.track, at=at, results=results or {NODE_ID: "failed"})

    def mirror(self) -> None:
        """As a worker that makes a run leaves it."""
        resolve(self.project, "main")


@pytest.fixture
def ledger(tmp_path, settings) -> Repository:
    settings.DATA_DIR = tmp_path / "data"
    return Repository(tmp_path)


def read(base: Run, head: Run, *node_ids: str) -> Sources:
    found = repository.read_sources(base, head, node_ids or (NODE_ID,))
    assert isinstance(found, Sources), found
    return found


def test_a_machine_without_the_repository_or_the_commit_says_so(ledger):
    base = ledger.baseline({"tests/t.py": TEST})
    with pytest.raises(NotMirrored, match="no copy of the repository"):
        Mirror(ledger.project, [base.sha])
    ledger.mirror()
    head = ledger.run({"tests/t.py": ""}, branch="branch-a")
    with pytest.raises(NotMirrored, match=f"{head.sha[:7]} is not in the copy"):
        Mirror(ledger.project, [base.sha, head.sha])
    assert repository.read_sources(base, head, [NODE_ID]) == (
        f"the commit {head.sha[:7]} is not in the copy of the repository that was asked"
    )
    assert not repository.is_here(base, head)
    ledger.mirror()
    assert repository.is_here(base, head)


def test_git_that_does_not_answer_is_told_from_a_missing_copy(ledger, settings):
    base = ledger.baseline({"tests/t.py": TEST})
    head = ledger.run({"tests/t.py": ""}, branch="branch-a")
    ledger.mirror()
    tree = git(ledger.path, "rev-parse", f"{head.sha}^{{tree}}")
    (mirror,) = (settings.DATA_DIR / "mirrors").glob("*.git")
    (mirror / "objects" / tree[:2] / tree[2:]).unlink()
    assert repository.read_sources(base, head, [NODE_ID]) == "git did not answer (git diff-tree failed.)"
    stored = actions.kept_comparison(base, head)
    assert (stored.figures["newly_failing"], stored.edits) == (1, None), "the comparison is made all the same"


def test_what_the_base_branch_renamed_is_told_from_what_the_branch_renamed(ledger):
    ledger.baseline({"tests/t.py": TEST, "tests/u.py": TEST + "def test_b(): assert 3\n"})
    git(ledger.path, "branch", "branch-a")
    git(ledger.path, "mv", "tests/t.py", "tests/on_main.py")
    base = ledger.baseline({})
    git(ledger.path, "checkout", "-q", "branch-a")
    git(ledger.path, "mv", "tests/u.py", "tests/on_branch.py")
    head = ledger.run({})
    ledger.mirror()
    found = read(base, head)
    assert found.moved == {"tests/on_main.py": "tests/t.py", "tests/u.py": "tests/on_branch.py"}
    assert found.came_from == {"tests/on_branch.py": "tests/u.py"}
    assert found.changed == {"tests/u.py", "tests/on_branch.py"}
    assert found.origin.sha not in (base.sha, head.sha)


def test_of_a_run_that_is_no_baseline_the_changes_since_count(ledger):
    ledger.baseline({"tests/t.py": TEST})
    first = ledger.run({"tests/t.py": TEST + "# one\n"}, branch="branch-a")
    second = ledger.run({"tests/u.py": TEST})
    ledger.mirror()
    assert read(first, second).changed == {"tests/u.py"}
    back = read(second, first)
    assert back.origin is back.base


@pytest.mark.parametrize(("settings_in", "root"), [("", ""), ("backend/", "backend")])
def test_node_ids_are_relative_to_where_pytest_found_its_settings(tmp_path, settings, settings_in, root):
    settings.DATA_DIR = tmp_path / "data"
    ledger = Repository(tmp_path, subdir="backend")
    node_id = NODE_ID if root else f"backend/{NODE_ID}"
    base = ledger.baseline({"backend/tests/t.py": TEST, f"{settings_in}pytest.ini": "[pytest]\n"})
    head = ledger.run({"backend/tests/t.py": ""}, branch="branch-a")
    ledger.mirror()
    found = read(base, head, node_id)
    assert found.root == root
    assert found.was_read(node_id)
    assert found.base.function("backend/tests/t.py", "test_a")
    assert not found.head.function("backend/tests/t.py", "test_a")


def test_of_runs_that_were_started_in_different_folders_git_cannot_tell(ledger):
    base = ledger.baseline({"tests/t.py": TEST})
    ledger.project.subdir = "tests"
    ledger.project.save()
    head = ledger.run({}, branch="branch-a")
    ledger.mirror()
    assert "different folders" in repository.read_sources(base, head, [NODE_ID])
    assert not repository.is_here(base, head), "it would be asked for ever"


def test_what_is_too_much_to_be_looked_at_is_said(ledger, monkeypatch):
    base = ledger.baseline({"tests/t.py": TEST, "tests/u.py": TEST})
    head = ledger.run({"tests/t.py": "# " + "x" * 600_000}, branch="branch-a")
    ledger.mirror()
    monkeypatch.setattr(repository, "MAX_MODULES", 1)
    assert read(base, head, "tests/t.py::test_a", "tests/u.py::test_a").bounds == (
        "Tests of 2 files changed; the sources of the first 1 were looked at.",
        "1 file was not read: of each at most 512 KiB are, of all together 8 MiB.",
    )


def test_a_comparison_made_without_git_is_made_again_where_it_can_be(ledger):
    base = ledger.baseline({"tests/t.py": TEST})
    head = ledger.run({"tests/t.py": TEST.replace("    assert 2\n", "")}, branch="branch-a")
    stored = actions.kept_comparison(base, head)
    assert (stored.edits, stored.unread) == (
        None,
        "the machine that was asked has no copy of the repository",
    )
    actions.ask_git_again(now=NOON)
    stored.refresh_from_db()
    assert stored.edits is None, "there is still no copy here"

    ledger.mirror()
    actions.ask_git_again(now=stored.created_at + actions.comparisons.READ_AGAIN + timedelta(seconds=1))
    stored.refresh_from_db()
    assert stored.edits is None, "it is too old"

    actions.ask_git_again(now=stored.created_at)
    stored.refresh_from_db()
    assert stored.unread == ""
    assert stored.edits["asserts_removed"]["total"] == 1
    assert set(stored.touched) == {"own"}


def test_a_comparison_that_git_was_asked_for_is_not_made_again(ledger, monkeypatch):
    base = ledger.baseline({"tests/t.py": TEST})
    head = ledger.run({}, branch="branch-a")
    ledger.mirror()
    stored = actions.store_comparison(base, head)
    Comparison.objects.update(caveats=["kept"])
    actions.ask_git_again(now=stored.created_at)
    stored.refresh_from_db()
    assert stored.caveats == ["kept"]


def test_names_that_the_database_does_not_take_are_cleaned(ledger):
    before = '[tool.pytest.ini_options]\n"nul \\u0000" = 1\n'
    base = ledger.baseline({"tests/t.py": TEST, "pyproject.toml": before})
    many = "".join(f"key{number} = 1\n" for number in range(1000))
    files = {"pyproject.toml": "[tool.pytest.ini_options]\n", "pytest.ini": f"[pytest]\n{many}"}
    head = ledger.run(files, branch="branch-a")
    ledger.mirror()
    first, second = actions.store_comparison(base, head).edits["settings"]["first"]
    assert first == {"path": "pyproject.toml", "keys": ["nul \ufffd"]}
    assert len(second["keys"]) == 200

"""The sample sprint's repository: a portfolio backend, three tracks, and their faults.

::

    main ──┬──────────────────────────────────────────────────  baseline
           │
      A    ├── a-1 ── a-2 ── a-3 ── a-4 ────── a-5 ────── a-6    fix-database-schema-and-async-mocks
           │  (empty)              initial   retest 1   retest 2
           │
      B    ├── b-1 ── b-2                                        fix-agent-orchestrator-integration
           │                                                     depends on A; not tested yet
           │
      C    └── c-1 ── c-2                                        manage-secrets-for-ecs-tasks
                    initial

Nothing here knows an outcome: they come from running pytest at these commits.

======  ==================================================================================================
main    The migrations declare arrays, the models write JSON. The first flush of news breaks the session
        that the whole run shares; every later test that uses it ends in PendingRollbackError.
a-2     One column becomes an ARRAY: right for the migrated database, but `create_all` on the scratch
        databases (in-memory SQLite) cannot render it: all their tests end in one setup error.
a-3     Works on two asynchronous mocks in vain. Adds pytest.ini.
a-4     The other two columns: the shared session is whole again.
a-5     A relationship without its other side: no mapper can be configured, nothing runs.
a-6     The other side.
b-1     The method that twelve tests replace by a mock, and that did not exist. Merged with A they fail
        again: they use a scratch database.
c-1     Gives a test another name: what vanished goes on.
c-2     Adds pytest.ini too, with other contents, and a folder for Terraform with nothing in it.
======  ==================================================================================================

Sources: ``sample/main/`` is the base tree as it is; each ``sample/tracks/*.patch`` is one commit, its message
above its diff, applied in the order of the names; a patch that no longer applies stops `build`. Change the
base, then run tests/omc_qa/demo: it plays every commit and asserts the story.
"""

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tracks.errors import InvalidInput, ToolError

SAMPLE = Path(__file__).with_name("sample")
BASE_BRANCH = "main"
BRANCHES = {
    "a": "fix-database-schema-and-async-mocks",
    "b": "fix-agent-orchestrator-integration",
    "c": "manage-secrets-for-ecs-tasks",
}
FIRST_COMMIT = datetime(2025, 3, 3, 9, tzinfo=UTC)
MARKER = "omc-qa-sample.json"


@dataclass(frozen=True, slots=True)
class Targets:
    """What the sprint wants to reach: at least so many passed, at most so many failed and erroring."""

    min_passed: int = 650
    max_failed: int = 4
    max_errors: int = 0


@dataclass(frozen=True, slots=True)
class SampleTrack:
    """One line of work. ``iterations`` are the SHAs that the demo's tester runs, initial test first."""

    key: str
    name: str
    owner: str
    branch: str
    head: str
    iterations: tuple[str, ...]
    depends_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SampleSprint:
    """The repository, and everything that a sprint on it has to be told."""

    path: Path
    name: str
    base_branch: str
    baseline: str
    tracks: tuple[SampleTrack, ...]
    targets: Targets
    test_command: str
    environment: Mapping[str, str]

    def track(self, key: str) -> SampleTrack:
        return next(track for track in self.tracks if track.key == key)


@dataclass(frozen=True, slots=True)
class _Built:
    """What a build leaves in the repository's .git: its sources' digest, its commits' SHAs by name."""

    digest: str
    commits: dict[str, str]


def build(target: Path) -> SampleSprint:
    """The sample's repository at `target`; one that is there already, from the same sources, is kept."""
    target = target.absolute()
    digest, built = _digest(), _already_built(target)
    if built is None and target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise InvalidInput(
            f"{target} is not the sample's repository.",
            remedy="Name a folder that is empty or does not exist yet.",
        )
    if built is None or built.digest != digest:
        built = _replace(target, digest)
    return _sprint(target, built.commits)


def _sprint(path: Path, commits: Mapping[str, str]) -> SampleSprint:
    return SampleSprint(
        path=path,
        name="Stabilise the backend",
        base_branch=BASE_BRANCH,
        baseline=commits["main"],
        tracks=(
            SampleTrack(
                key="A",
                name="Data & Backend",
                owner="Dev",
                branch=BRANCHES["a"],
                head=commits["a-6-order-algorithm"],
                iterations=(
                    commits["a-4-market-arrays"],
                    commits["a-5-algorithm-orders"],
                    commits["a-6-order-algorithm"],
                ),
            ),
            SampleTrack(
                key="B",
                name="Agentic AI",
                owner="Dev",
                branch=BRANCHES["b"],
                head=commits["b-2-describe-agents"],
                iterations=(),
                depends_on=("A",),
            ),
            SampleTrack(
                key="C",
                name="Infrastructure",
                owner="Dev",
                branch=BRANCHES["c"],
                head=commits["c-2-pipeline"],
                iterations=(commits["c-2-pipeline"],),
            ),
        ),
        targets=Targets(),
        test_command="python -m pytest -p pytest_asyncio.plugin",
        environment={"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
    )


def _sources() -> list[Path]:
    """The sample's files; what tools leave behind in folders of their own (caches) is not among them."""
    return sorted(
        (path for path in SAMPLE.rglob("*") if path.is_file() and not _is_left_by_a_tool(path)),
        key=lambda path: path.relative_to(SAMPLE).as_posix(),
    )


def _is_left_by_a_tool(path: Path) -> bool:
    folders = path.relative_to(SAMPLE).parts[:-1]
    return any(folder.startswith(".") or folder == "__pycache__" for folder in folders)


def _digest() -> str:
    """What the repository is made of, this module's constants included."""
    seen = hashlib.sha256(Path(__file__).read_bytes())
    for path in _sources():
        content = path.read_bytes()
        seen.update(f"\0{path.relative_to(SAMPLE).as_posix()}\0{len(content)}\0".encode() + content)
    return seen.hexdigest()


def _already_built(target: Path) -> _Built | None:
    try:
        return _Built(**json.loads((target / ".git" / MARKER).read_text()))
    except (OSError, ValueError, TypeError):
        return None


def _replace(target: Path, digest: str) -> _Built:
    """Build beside the target and move it there, so that a build that is broken off leaves nothing half."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".sample-") as scratch:
        tree = Path(scratch) / "repository"
        tree.mkdir(mode=0o755)
        built = _Built(digest, _commit_all(tree))
        (tree / ".git" / MARKER).write_text(json.dumps(asdict(built), indent=2) + "\n")
        if target.exists():
            shutil.rmtree(target)
        tree.rename(target)
    return built


def _commit_all(tree: Path) -> dict[str, str]:
    """Every commit of the sample in an empty folder; the SHAs by the commits' names."""
    _git(tree, "init", "--quiet", f"--initial-branch={BASE_BRANCH}", "--template=")
    base = SAMPLE / "main"
    for source in _sources():
        if source.is_relative_to(base):
            copy = tree / source.relative_to(base)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(source.read_bytes())
    _git(tree, "add", "--all")
    commits = {"main": _commit(tree, "Portfolio backend 0.4", FIRST_COMMIT)}
    for number, (name, message, diff) in enumerate(_patches(), start=1):
        branch = BRANCHES[name.partition("-")[0]]
        if name.split("-")[1] == "1":
            _git(tree, "checkout", "--quiet", "-b", branch, commits["main"])
        if diff:
            _git(tree, "apply", "--index", "--whitespace=nowarn", "-", stdin=diff)
        commits[name] = _commit(tree, message, FIRST_COMMIT + number * timedelta(hours=5))
    _git(tree, "checkout", "--quiet", BASE_BRANCH)
    return commits


def _patches() -> Iterable[tuple[str, str, str]]:
    """Name, message and diff of every commit after the first, track by track."""
    for path in sorted((SAMPLE / "tracks").glob("*.patch"), key=lambda path: path.name):
        message, mark, diff = path.read_text(encoding="utf-8").partition("diff --git ")
        yield path.stem, message.strip(), mark + diff


def _commit(tree: Path, message: str, at: datetime) -> str:
    dates = {"GIT_AUTHOR_DATE": at.isoformat(), "GIT_COMMITTER_DATE": at.isoformat()}
    _git(tree, "commit", "--quiet", "--allow-empty", "--no-verify", "--file=-", stdin=message, env=dates)
    return _git(tree, "rev-parse", "HEAD").strip()


def _git(tree: Path, *arguments: str, stdin: str = "", env: Mapping[str, str] | None = None) -> str:
    """git that knows nothing of this machine: no configuration, hooks, templates, signing or home."""
    flags = ("core.hooksPath=/dev/null", "core.fileMode=false", "core.autocrlf=false", "gc.auto=0")
    command = ["git", *(part for flag in flags for part in ("-c", flag)), *arguments]
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "LC_ALL": "C",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_DEFAULT_HASH": "sha1",
        "GIT_CEILING_DIRECTORIES": str(tree.parent),
        "GIT_AUTHOR_NAME": "Dev",
        "GIT_AUTHOR_EMAIL": "dev@example.org",
        "GIT_COMMITTER_NAME": "Dev",
        "GIT_COMMITTER_EMAIL": "dev@example.org",
        **(env or {}),
    }
    try:
        done = subprocess.run(
            command, cwd=tree, env=environment, input=stdin.encode(), capture_output=True, timeout=60
        )
    except FileNotFoundError as error:
        raise ToolError("git is not installed.", remedy="Install git 2.28 or later.") from error
    if done.returncode != 0:
        raise ToolError(
            f"The sample sprint's repository could not be built: git {arguments[0]} failed.",
            remedy="git 2.28 or later is needed; the detail says what it answered.",
            detail=done.stderr.decode(errors="replace"),
        )
    return done.stdout.decode()

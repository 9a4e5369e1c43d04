"""What to run, frozen, and the folder in which runs keep their things.

RunSpec ── to_json / from_json ──> frozen on the run: later settings never change an old run
Places   mirrors/       bare repositories, one per project and URL
         submodules/    bare repositories, one per project and URL of a submodule
         environments/  virtual environments, one per key
         caches/        download caches of the installers, one per trust class
         slots/         stable workspace paths for runs without a sandbox
         runs/          one private folder per run, removed at its end
"""

import json
import re
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tracks.checks import Check, CheckDefinition
from tracks.errors import InvalidInput, ToolError
from tracks.statuses import Network, ServiceKind, ShardBy

GIB = 1024**3
OVERLAY_PATHS = 5000


@dataclass(frozen=True, slots=True)
class Limits:
    """Wall-clock seconds of each stage and of one test; what all processes of a run together may take."""

    setup_seconds: float = 900
    before_seconds: float = 300
    test_seconds: float = 3600
    after_seconds: float = 300
    check_seconds: float = 1800
    """Of all checks together: those that are files, and those that are commands."""
    one_test_seconds: float = 600
    silent_seconds: float = 600
    """Without a word from the command, nor a result."""
    memory_bytes: int = 8 * GIB
    processes: int = 512
    file_bytes: int = GIB
    disk_bytes: int = 10 * GIB
    output_bytes: int = GIB


@dataclass(frozen=True, slots=True)
class Service:
    """A server of the run's own, empty at its start. ``variables`` are set for the commands before, of and
    after the tests; in their values ``{url}``, ``{host}``, ``{port}``, ``{user}``, ``{password}`` and
    ``{database}`` are filled in."""

    kind: ServiceKind
    variables: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Share:
    """Which part of a run's tests is run here: part ``number`` (from 0) of ``of``.

    ``plan`` says where each known file (or test, see ``by``) goes; what it does not name goes where
    the hash of its name says, which every part computes alike.
    """

    number: int
    of: int
    by: ShardBy = ShardBy.FILE
    plan: dict[str, int] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Overlay:
    """Files that are laid over the checkout as they are at another commit; one that is not there is removed.

    Raises InvalidInput for what could lead out of the work tree, and for too many paths.
    """

    sha: str
    paths: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(self.paths) > OVERLAY_PATHS:
            raise InvalidInput(
                f"{len(self.paths)} files cannot be laid over a commit; at most {OVERLAY_PATHS} can."
            )
        for path in self.paths:
            parts = path.split("/")
            if {"", ".", ".."} & set(parts) or ".git" in map(str.lower, parts) or "\0" in path:
                raise InvalidInput(f"{path[:200]!r} is not a path inside the repository.")


@dataclass(frozen=True, slots=True)
class Merge:
    """Commits that are merged into ``base`` one after the other; see ``chains``. Raises ToolError where not
    each of them has a name."""

    base: str
    heads: tuple[str, ...]
    names: tuple[str, ...]
    """What each is called in its merge's message."""

    def __post_init__(self) -> None:
        if len(self.heads) != len(self.names):
            raise ToolError(f"{len(self.heads)} commits to merge have {len(self.names)} names.")


@dataclass(frozen=True, slots=True)
class RunSpec:
    """Everything that a run needs. The four commands are shell lines from the project's settings, those of
    the checks are a tester's: both are trusted text, the latter in a sandbox only. Nothing else in here ever
    enters a shell line or a git option."""

    run: str
    """Names the run's folder and its ref; unique."""
    project: str
    repository: str
    sha: str
    branch: str = ""
    """The commit must be on it; "" = any commit will do. What is trusted is a branch, not what calls itself
    by its name."""
    subdir: str = ""
    setup: str = ""
    before: str = ""
    test: str = "pytest"
    after: str = ""
    env: dict[str, str] = field(default_factory=dict)
    python: str = ""
    """An interpreter whose environment is used as it is; "" = build one."""
    selection: tuple[str, ...] = ()
    """Node ids to run; () = all."""
    fresh: bool = False
    """Each test of the selection is run by itself: before, the test in a process of its own, after."""
    share: Share | None = None
    """The part of the tests that is run; None = all."""
    overlay: Overlay | None = None
    merge: Merge | None = None
    """How ``sha`` is made, which no branch has then; None = it is fetched."""
    checks: tuple[Check, ...] = ()
    """Files are looked at before the tests, commands are run when they have ended, whatever came of them."""
    checks_only: bool = False
    """There are no tests to run: the test command is left out."""
    limits: Limits = field(default_factory=Limits)
    services: tuple[Service, ...] = ()
    secrets: dict[str, str] = field(default_factory=dict, repr=False)
    """Variables whose values are masked in all that the run tells; ``to_json`` leaves them out."""
    allow_local: bool = False
    """The repository may be a folder of this machine."""
    allow_unsandboxed: bool = False
    allow_unsandboxed_checks: bool = False
    """Also for the commands of checks: a tester types them, and not the person at the terminal."""
    network: Network = Network.NONE
    """Of before, test and after; the set-up always has the host's."""
    protected: bool = False
    """The trust class: True for the project's protected branches."""

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", self.run):
            raise ToolError(f"{self.run!r} cannot name a run.", remedy="Use letters, digits, - and _ only.")

    @property
    def looks(self) -> bool:
        """There are checks, and they are for this part of the run: the first one."""
        return bool(self.checks) and (self.share is None or self.share.number == 0)

    def to_json(self) -> str:
        return json.dumps({**asdict(self), "secrets": {}}, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> "RunSpec":
        data: dict[str, Any] = json.loads(text)
        data["limits"] = Limits(**data["limits"])
        data["selection"] = tuple(data["selection"])
        data["network"] = Network(data["network"])
        data["services"] = tuple(
            Service(ServiceKind(each["kind"]), each["variables"]) for each in data.get("services", ())
        )
        if share := data.get("share"):
            data["share"] = Share(share["number"], share["of"], ShardBy(share["by"]), share["plan"])
        if overlay := data.get("overlay"):
            data["overlay"] = Overlay(overlay["sha"], tuple(overlay["paths"]))
        if merge := data.get("merge"):
            data["merge"] = Merge(merge["base"], tuple(merge["heads"]), tuple(merge["names"]))
        data["checks"] = tuple(
            Check(each["criterion"], CheckDefinition.from_json(each["definition"]))
            for each in data.get("checks", ())
        )
        return cls(**data)


@dataclass(frozen=True, slots=True)
class Places:
    root: Path
    cache_bytes: int = 20 * GIB
    """What environments, download caches and submodules' mirrors may take together; what was used longest
    ago goes first."""

    @property
    def mirrors(self) -> Path:
        return self._folder("mirrors")

    @property
    def submodules(self) -> Path:
        return self._folder("submodules")

    @property
    def environments(self) -> Path:
        return self._folder("environments")

    @property
    def caches(self) -> Path:
        return self._folder("caches")

    @property
    def slots(self) -> Path:
        return self._folder("slots")

    @property
    def runs(self) -> Path:
        return self._folder("runs")

    def _folder(self, name: str) -> Path:
        folder = self.root.resolve() / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

"""What was read of the commits of a comparison; pure.

    base ────────────┐ differs from     Sources.base, .head     what each run ran
    origin ── … ── head                 Sources.origin          where the branch left the base branch
                                        Sources.moved           {path at base: path at head}
                                        Sources.came_from       {path at head: path at origin}

Paths are those of the repository; node ids are relative to ``root``, the folder in which pytest ran.
"""

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field

from reports.source.functions import Function, fingerprint
from reports.source.index import Module, read_module

TEST_FOLDERS = frozenset({"tests", "test", "testing"})
CONFTEST = "conftest.py"
SETTINGS_FILES = frozenset(
    {"pytest.ini", ".pytest.ini", "pytest.toml", ".pytest.toml", "pyproject.toml", "tox.ini", "setup.cfg"}
)


@dataclass(frozen=True, eq=False)
class Snapshot:
    """A commit, as far as it was read. ``left_out``: files that it holds and that were too large to read."""

    sha: str
    texts: Mapping[str, str]
    left_out: frozenset[str] = frozenset()
    _modules: dict[str, Module | None] = field(default_factory=dict, repr=False)
    _whole: dict[str, str] = field(default_factory=dict, repr=False)

    def has(self, path: str) -> bool:
        return path in self.texts or path in self.left_out

    def module(self, path: str) -> Module | None:
        """None where it is not there, was not read or cannot be parsed."""
        if path not in self._modules:
            self._modules[path] = read_module(self.texts[path]) if path in self.texts else None
        return self._modules[path]

    def whole(self, path: str) -> str:
        """What tells a file that was read from another version of it; many tests may import it."""
        if path not in self._whole:
            module = self.module(path)
            nodes = {id(each): each.node for each in module.definitions.values()} if module else {}
            known = fingerprint(*module.rest, *nodes.values()) if module else self.texts[path]
            self._whole[path] = known
        return self._whole[path]

    def function(self, path: str, name: str) -> Function | None:
        """By its name in a node id: ``TestA::test_b``; None as for ``module``."""
        module = self.module(path)
        return module.functions.get(name) if module else None


@dataclass(frozen=True, eq=False)
class Sources:
    """``changed`` are the paths, at origin and head, in which these two differ; ``bounds`` are sentences on
    what was not looked at."""

    base: Snapshot
    origin: Snapshot
    head: Snapshot
    root: str = ""
    asked: frozenset[str] = frozenset()
    """The paths that were looked for at each commit."""
    changed: frozenset[str] = frozenset()
    moved: Mapping[str, str] = field(default_factory=dict)
    came_from: Mapping[str, str] = field(default_factory=dict)
    bounds: tuple[str, ...] = ()

    def path_of(self, node_id: str) -> str:
        """The file of a test."""
        return posixpath.join(self.root, node_id.partition("::")[0])

    def was_read(self, node_id: str) -> bool:
        """Whether the test's file was looked for; what there was too much of was not."""
        return self.path_of(node_id) in self.asked

    def node_id(self, path: str, name: str) -> str:
        """The node id of a function, without parameters."""
        return f"{posixpath.relpath(path, self.root or '.')}::{name}"

    @property
    def changed_tests(self) -> list[str]:
        """The changed Python files that belong to the tests, by path."""
        return sorted(path for path in self.changed if is_test_code(path))


def function_of(node_id: str) -> str:
    """``TestA::test_b`` of ``tests/test_a.py::TestA::test_b[1-a]``."""
    return node_id.partition("::")[2].partition("[")[0]


def parameters_of(node_id: str) -> str:
    """``[1-a]`` of ``tests/test_a.py::test_b[1-a]``, or ""."""
    _, bracket, rest = node_id.partition("[")
    return bracket + rest


def is_test_code(path: str) -> bool:
    """Whether a Python file is a test module, a conftest.py or a helper in a folder of tests."""
    folder, name = posixpath.split(path)
    if not name.endswith(".py"):
        return False
    named = name == CONFTEST or name.startswith("test_") or name.endswith("_test.py")
    return named or not TEST_FOLDERS.isdisjoint(folder.split("/"))


def conftests_above(path: str) -> list[str]:
    """Each conftest.py that counts for a file, whether or not it is there; the nearest first."""
    folders = path.split("/")[:-1]
    return ["/".join([*folders[:depth], CONFTEST]) for depth in range(len(folders), -1, -1)]

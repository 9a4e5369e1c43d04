"""What the outcome of a test rests on in the code of the tests, beside its own function; pure.

    test_b(client) ──> client in tests/api/conftest.py ──> app in tests/conftest.py ──> make_app() beside it
                 └──> check_rows() in its own file ──> imported from tests/helpers.py, the file as a whole

Followed are: fixtures by name, up the chain of conftest.py files; those that are used without being named;
set-up methods; what runs when the file or a conftest.py is loaded, and hooks; and every name that all this
code mentions, as long as the file that defines it belongs to the tests. What is product code is not followed.
"""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass

from reports.source.functions import Definition, Function
from reports.source.index import Fixture, Import, Module
from reports.source.snapshots import Snapshot, conftests_above, is_test_code

_SCOPES = ("method", "function", "class", "module")
SETUPS = frozenset(
    [f"{when}{what}" for when in ("setUp", "tearDown") for what in ("", "Class", "Module")]
    + [f"{when}_{what}" for when in ("setup", "teardown") for what in _SCOPES]
    + ["setup", "teardown", "asyncSetUp", "asyncTearDown"]
)
IMPORTED = -1


@dataclass(frozen=True, slots=True)
class Place:
    """A piece of code: a name in a file of the chain, or "" for what runs when it is loaded; at IMPORTED, a
    file as a whole."""

    level: int
    name: str


def reached(test: Function, path: str, snapshot: Snapshot) -> frozenset[tuple[str, str]]:
    """The name of each piece of test code that a test of the file reaches, with what tells it from another
    version of it: its fingerprint, or where it is imported from. The test itself is left out, and so is
    where a piece lies: what moves to another conftest.py and still counts is the same."""
    found = _Walk(path, snapshot).from_test(test)
    return frozenset((posixpath.basename(place.name), version) for place, version in found.items())


@dataclass(frozen=True, slots=True)
class _Step:
    """Code whose names are still to be followed. ``without``: a fixture asks for its own name further up."""

    code: Function | Definition
    level: int
    without: str = ""


class _Walk:
    """Levels: 0 is the test's own file, 1 the nearest conftest.py, …; imported files, which count as a whole
    and are not followed further, are at IMPORTED."""

    def __init__(self, path: str, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        chain = [path, *(each for each in conftests_above(path) if each != path)]
        self._files = [(each, module) for each in chain if (module := snapshot.module(each))]
        self._found: dict[Place, str] = {}
        self._waiting: list[_Step] = []

    def from_test(self, test: Function) -> dict[Place, str]:
        self._waiting.append(_Step(test, 0))
        for level, (_, module) in enumerate(self._files):
            self._add_unnamed(module, level, test.owner)
            if module.rest:
                self._found[Place(level, "")] = module.rest_fingerprint
            if level:
                self._add_hooks(module, level)
        while self._waiting:
            self._follow(self._waiting.pop(), test.owner)
        return self._found

    def _add_unnamed(self, module: Module, level: int, owner: str) -> None:
        """What counts for a test without being named by it."""
        automatic = [each.function for each in module.fixtures if each.autouse]
        setups = [each for each in module.functions.values() if each.node.name in SETUPS]
        for function in (*automatic, *setups):
            if _counts_for(function, owner):
                self._add_function(function, level)
        for _, imported in module.imports:
            if imported.name == "*":
                self._add_import(imported, level)

    def _add_hooks(self, module: Module, level: int) -> None:
        for name in module.definitions:
            if name.startswith("pytest_"):
                self._add_name(name, level)

    def _follow(self, step: _Step, owner: str) -> None:
        if isinstance(step.code, Function):
            for name in sorted(step.code.requests):
                self._add_fixture(name, step.level + (name == step.without), step.code.owner or owner)
        for name in sorted(step.code.names):
            self._add_name(name, step.level)

    def _add_fixture(self, name: str, level: int, owner: str) -> None:
        """The nearest fixture of that name, its own class's first."""
        for at in range(level, len(self._files)):
            _, module = self._files[at]
            fixture = _fixture(module, name, owner)
            if fixture:
                return self._add_function(fixture.function, at, called=name)
            if any(name == bound for bound, _ in module.imports):
                return self._add_name(name, at)
        return None

    def _add_function(self, function: Function, level: int, *, called: str = "") -> None:
        place = Place(level, function.name)
        if place not in self._found:
            self._found[place] = function.fingerprint
            self._waiting.append(_Step(function, level, called))

    def _add_name(self, name: str, level: int) -> None:
        module = self._files[level][1]
        definition = module.definitions.get(name)
        place = Place(level, name)
        if definition and place not in self._found:
            self._found[place] = definition.fingerprint
            self._waiting.append(_Step(definition, level))
        for bound, imported in module.imports:
            if bound == name:
                self._found.setdefault(place, repr(imported))
                self._add_import(imported, level)

    def _add_import(self, imported: Import, level: int) -> None:
        for path in _candidates(imported, self._files[level][0]):
            if path in self._snapshot.texts and is_test_code(path):
                self._found.setdefault(Place(IMPORTED, path), self._snapshot.whole(path))


def _fixture(module: Module, name: str, owner: str) -> Fixture | None:
    """The fixture of that name that counts in a class: its own before the module's."""
    found = [each for each in module.fixtures if each.name == name and _counts_for(each.function, owner)]
    return max(found, key=lambda each: len(each.function.owner), default=None)


def _counts_for(function: Function, owner: str) -> bool:
    return not function.owner or f"{owner}::".startswith(f"{function.owner}::")


def _candidates(imported: Import, path: str) -> Iterator[str]:
    """The files that an import may mean: relative to its package, or with a folder above it on the path."""
    parts = [part for part in imported.module.split(".") if part]
    folders = path.split("/")[:-1]
    starts = [len(folders) - imported.level + 1] if imported.level else range(len(folders), -1, -1)
    for start in starts:
        for named in ([*parts, imported.name], parts):
            base = "/".join([*folders[: max(start, 0)], *named])
            yield f"{base}.py"
            yield posixpath.join(base, "__init__.py")

"""What poetry.lock and pdm.lock say, in words that uv takes; pure.

    pyproject.toml   the packages that the project names ──> wanted        pytest==8.3.2
    lock             every package at its version        ──> constraints   pluggy==1.5.0 --hash=sha256:…

uv then finds out what the wanted packages need, and with hashes it takes nothing that the lock does not
hold. Conditions (markers, Python versions) are decided here, for the environment's own Python. A package
that comes from git, a URL or a folder is refused: the project's own tool can install it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from packaging.markers import InvalidMarker, Marker
from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier
from packaging.utils import canonicalize_name

from tracks.errors import SubjectError
from tracks.execution.pythons import specifiers
from tracks.execution.tables import parsed, rows, table, tables

TEST_NAMES = frozenset({"test", "tests", "testing", "dev"})
"""Extras and optional groups that are installed."""
ORIGINS = ("git", "hg", "svn", "url", "path", "file", "directory")
STRONG = ("sha256:", "sha384:", "sha512:")


@dataclass(frozen=True, slots=True)
class Pins:
    wanted: str
    constraints: str
    hashed: bool
    """Every package of the lock has hashes."""


@dataclass(slots=True)
class Want:
    """A package that the project names itself."""

    name: str
    extras: set[str] = field(default_factory=set)
    origin: str = ""
    specifier: str = ""


@dataclass(frozen=True, slots=True)
class Package:
    name: str
    version: str
    hashes: tuple[str, ...]
    origin: str
    python: str
    markers: tuple[str, ...]


def poetry(pyproject: Mapping[str, Any], lock: str, python: str) -> Pins:
    """``python`` is the version that is installed for; raises SubjectError for what only Poetry can do."""
    reader = Reader("poetry.lock", "poetry lock", "pip install poetry && poetry install", python)
    data = parsed(lock)
    shared = table(data, "metadata", "files")
    packages = [
        Package(
            name=canonicalize_name(str(row.get("name"))),
            version=str(row.get("version")),
            hashes=_hashes(row.get("files") or shared.get(str(row.get("name")))),
            origin=_origin(str(table(row, "source").get("type", ""))),
            python=str(row.get("python-versions", "*")),
            markers=_markers(row.get("markers")),
        )
        for row in tables(data.get("package"))
    ]
    return reader.pins(_poetry_wants(reader, pyproject), packages)


def pdm(pyproject: Mapping[str, Any], lock: str, python: str) -> Pins:
    """``python`` is the version that is installed for; raises SubjectError for what only PDM can do."""
    reader = Reader("pdm.lock", "pdm lock", "pip install pdm && pdm sync", python)
    data = parsed(lock)
    packages = [
        Package(
            name=canonicalize_name(str(row.get("name"))),
            version=str(row.get("version")),
            hashes=_hashes(row.get("files")),
            origin=next((kind for kind in ORIGINS if kind in row), ""),
            python=str(row.get("requires_python", "*")),
            markers=_markers(row.get("marker")),
        )
        for row in tables(data.get("package"))
    ]
    locked = rows(table(data, "metadata").get("groups"))
    groups = table(pyproject, "dependency-groups") | table(pyproject, "tool", "pdm", "dev-dependencies")
    lines = [line for name in sorted(groups) if name in locked for line in expanded(groups, name)]
    return reader.pins([*_project_wants(reader, pyproject), *reader.wants(lines)], packages)


def unlocked(pyproject: Mapping[str, Any], python: str) -> str:
    """What Poetry and PDM note for development in tables of their own: requirements, one a line."""
    own = Reader("pyproject.toml", "", "pip install poetry && poetry install", python)
    lines = own.lines(_poetry_wants(own, {"tool": {"poetry": table(pyproject, "tool", "poetry")}}))
    groups = table(pyproject, "tool", "pdm", "dev-dependencies")
    other = Reader("pyproject.toml", "", "pip install pdm && pdm install", python)
    return lines + other.lines(
        other.wants(line for name in sorted(groups) for line in expanded(groups, name))
    )


def _project_wants(reader: "Reader", pyproject: Mapping[str, Any]) -> Iterator[Want]:
    project = table(pyproject, "project")
    extras = table(project, "optional-dependencies")
    yield from reader.wants(rows(project.get("dependencies")))
    for name in sorted(TEST_NAMES & extras.keys()):
        yield from reader.wants(rows(extras[name]))


def _poetry_wants(reader: "Reader", pyproject: Mapping[str, Any]) -> Iterator[Want]:
    """As ``poetry install`` does it: all groups that are not optional, and those for tests."""
    own = table(pyproject, "tool", "poetry")
    groups = table(own, "group")
    optional = {name for name in groups if table(groups, name).get("optional") and name not in TEST_NAMES}
    extras = {
        canonicalize_name(str(each))
        for name, members in table(own, "extras").items()
        if name in TEST_NAMES
        for each in rows(members)
    }
    yield from _project_wants(reader, pyproject)
    for members in (
        table(own, "dependencies"),
        table(own, "dev-dependencies"),
        *(table(groups, name, "dependencies") for name in sorted(groups) if name not in optional),
    ):
        for name, said in members.items():
            if name != "python":
                yield from reader.poetry_wants(name, said, extras)
    named = table(pyproject, "dependency-groups")
    for name in sorted(named.keys() - optional):
        yield from reader.wants(expanded(named, name))


def expanded(groups: Mapping[str, Any], name: str, above: tuple[str, ...] = ()) -> Iterator[object]:
    """The lines of a dependency group and of those that it includes (PEP 735)."""
    for line in rows(groups.get(name)):
        included = table(line).get("include-group")
        if included is None:
            yield line
        elif included not in (*above, name):
            yield from expanded(groups, str(included), (*above, name))


@dataclass(frozen=True, slots=True)
class Reader:
    """One lock file, for one Python. ``again`` makes the lock anew, ``setup`` installs without us."""

    file: str
    again: str
    setup: str
    python: str

    def wants(self, lines: Any) -> Iterator[Want]:
        """From PEP 508's lines."""
        for line in lines:
            try:
                found = Requirement(str(line))
            except InvalidRequirement:
                raise self._beyond(f"{str(line)[:80]!r} of pyproject.toml") from None
            if found.marker is None or self._holds(str(found.marker)):
                origin = "url" if found.url else ""
                yield Want(canonicalize_name(found.name), set(found.extras), origin, str(found.specifier))

    def poetry_wants(self, name: str, said: object, extras: set[Any]) -> Iterator[Want]:
        """From Poetry's own form: ``name = "^1"``, ``{version = "^1", markers = …}`` or a list of these."""
        canonical = canonicalize_name(name)
        for each in said if isinstance(said, list) else [said]:
            options = table(each)
            applies = self._fits(str(options.get("python", "*"))) and self._holds(
                str(options.get("markers", ""))
            )
            if applies and (not options.get("optional") or canonical in extras):
                origin = next((kind for kind in ORIGINS if kind in options), "")
                version = each if isinstance(each, str) else str(options.get("version", "*"))
                members = set(map(str, rows(options.get("extras"))))
                yield Want(canonical, members, origin, self._specifier(version))

    def pins(self, wants: Any, packages: list[Package]) -> Pins:
        chosen = self._chosen(packages)
        lines: dict[str, set[str]] = {}
        for want in wants:
            package = chosen.get(want.name)
            if want.origin or (package and package.origin):
                raise self._beyond(f"{want.name} (from {want.origin or (package and package.origin)})")
            if package is None:
                raise SubjectError(
                    f"{self.file} does not hold {want.name}, which pyproject.toml asks for.",
                    remedy=f"Run `{self.again}` and commit {self.file}.",
                )
            lines.setdefault(want.name, set()).update(want.extras)
        kept = [package for package in chosen.values() if not package.origin]
        return Pins(
            wanted="".join(
                f"{name}{_in_brackets(extras)}=={chosen[name].version}\n" for name, extras in lines.items()
            ),
            constraints="".join(map(_constraint, kept)),
            hashed=all(package.hashes for package in kept),
        )

    def _chosen(self, packages: list[Package]) -> dict[str, Package]:
        """One version of each package: the one for this Python."""
        chosen: dict[str, Package] = {}
        for package in packages:
            if not self._fits(package.python) or not any(map(self._holds, package.markers or ("",))):
                continue
            before = chosen.setdefault(package.name, package)
            if before.version != package.version:
                raise self._beyond(f"{package.name} (at {before.version} and at {package.version})")
        return chosen

    def lines(self, wants: Any) -> str:
        """The packages that a project names, where there is no lock."""
        kept = []
        for want in wants:
            if want.origin:
                raise self._beyond(f"{want.name} (from {want.origin})")
            kept.append(f"{want.name}{_in_brackets(want.extras)}{want.specifier}\n")
        return "".join(kept)

    def _specifier(self, version: str) -> str:
        try:
            return str(specifiers(version))
        except InvalidSpecifier:
            raise self._beyond(f"the version {version[:80]!r}") from None

    def _fits(self, python: str) -> bool:
        alternatives = python.split("||")
        try:
            return any(specifiers(each).contains(self.python, prereleases=True) for each in alternatives)
        except InvalidSpecifier:
            raise self._beyond(f"the Python versions {python[:80]!r}") from None

    def _holds(self, marker: str) -> bool:
        """Whether a marker does, with one of the extras that are installed or with none."""
        if not marker:
            return True
        minor = ".".join(self.python.split(".")[:2])
        here = {"python_full_version": self.python, "python_version": minor}
        try:
            parsed_marker = Marker(marker)
        except InvalidMarker:
            raise self._beyond(f"the marker {marker[:80]!r}") from None
        return any(parsed_marker.evaluate(here | {"extra": extra}) for extra in ("", *sorted(TEST_NAMES)))

    def _beyond(self, what: str) -> SubjectError:
        return SubjectError(
            f"{self.file} cannot be installed without its own tool: it holds {what}.",
            remedy=f"Give the project a setup command, such as `{self.setup}`.",
        )


def _constraint(package: Package) -> str:
    hashes = "".join(f" \\\n    --hash={each}" for each in package.hashes)
    return f"{package.name}=={package.version}{hashes}\n"


def _in_brackets(extras: set[str]) -> str:
    return f"[{','.join(sorted(extras))}]" if extras else ""


def _hashes(files: object) -> tuple[str, ...]:
    found = {str(table(each).get("hash", "")) for each in rows(files)}
    return tuple(sorted(each for each in found if each.startswith(STRONG)))


def _origin(kind: str) -> str:
    return kind if kind in ORIGINS else ""


def _markers(said: object) -> tuple[str, ...]:
    """A marker, or with Poetry one for each group."""
    if isinstance(said, dict):
        return tuple(str(each) for each in said.values())
    return (said,) if isinstance(said, str) else ()

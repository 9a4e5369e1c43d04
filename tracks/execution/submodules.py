"""The submodules of a checkout, fetched without anything that the branch could configure.

    .gitmodules at the SHA ──> path, url   }
    gitlinks of the tree   ──> path, SHA   }──> a mirror of its own ──clone──> workspace/path

``git submodule`` is never run: its commands, protocols and updates are for a branch to choose. A branch
also chooses the addresses. Only those on the project's own host are asked, since there the worker may read
more than the branch's author; and over whatever protocol, an address is asked for a protected branch first,
and for any other branch from then on. All submodules of a checkout share one allowance of count, time and
disk; their mirrors go like caches when they take too much, see ``eviction``. A submodule that is not
fetched stays an empty folder, and the log says why.
"""

import posixpath
import re
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from tracks.errors import SubjectError
from tracks.events import Heartbeat, Log
from tracks.execution import eviction, git, remote
from tracks.execution.allowance import MAX_SUBMODULES, Allowance
from tracks.execution.spec import Places, RunSpec
from tracks.execution.workspace import remove

MAX_DEPTH = 3
SSH = re.compile(r"(?:[\w.-]+@)?([\w.-]+):(?!//)")
"""``git@host:path``"""


@dataclass(frozen=True, slots=True)
class Submodule:
    path: str
    url: str
    """As .gitmodules has it; "" where it says nothing."""
    sha: str


def check_out(
    spec: RunSpec, places: Places, mirror: Path, workspace: Path
) -> Generator[Log | Heartbeat, None, None]:
    """Fill the folders of the workspace's submodules; what cannot be had is said and left empty."""
    with closing(Allowance(spec.limits, workspace)) as allowance:
        checkout = Checkout(places, workspace, allowance)
        yield from checkout.fill(spec, mirror, workspace)
    if checkout.fetched:
        yield from eviction.evict(places, places.cache_bytes)


class Checkout:
    def __init__(self, places: Places, workspace: Path, allowance: Allowance) -> None:
        self._places = places
        self._workspace = workspace
        self._allowance = allowance
        self.fetched = False
        """Any mirror has grown."""

    def fill(
        self, spec: RunSpec, mirror: Path, folder: Path, depth: int = 1
    ) -> Generator[Log | Heartbeat, None, None]:
        """``folder`` holds a checkout of the spec's commit."""
        for submodule in _submodules(mirror, spec.sha):
            if not self._allowance.one_more():
                yield Log(f"[there are more than {MAX_SUBMODULES} submodules: the others are not fetched]\n")
                return
            place = folder / submodule.path
            try:
                yield from self._one(spec, submodule, place, depth)
            except SubjectError as error:
                yield Log(f"[the submodule {submodule.path!r} is not fetched. {error.message}]\n")

    def _one(
        self, spec: RunSpec, submodule: Submodule, place: Path, depth: int
    ) -> Generator[Log | Heartbeat, None, None]:
        url = _absolute(submodule.url, spec.repository)
        mirror = self._places.submodules / git.mirror_path(self._places, spec.project, url).name
        _check_place(self._workspace, place, depth)
        _check_address(url, spec, mirror.with_suffix(".known"))
        inner = replace(spec, repository=url, sha=submodule.sha)
        used = yield from eviction.using(mirror)
        try:
            yield from self._fetched(inner, mirror, place)
            yield from self.fill(inner, mirror, place, depth + 1)
        except SubjectError:
            remove(place)
            place.mkdir(parents=True)
            raise
        finally:
            used.release()

    def _fetched(self, spec: RunSpec, mirror: Path, place: Path) -> Generator[Log | Heartbeat, None, None]:
        allowance = self._allowance
        allowance.use(mirror)
        if not (mirror.exists() and git.has_commit(mirror, spec.sha)):
            self.fetched = True
            eviction.forget(mirror)
            yield from remote.fetch_mirror(
                mirror, spec.repository, allow_local=spec.allow_local, sha=spec.sha, watch=allowance
            )
            yield from allowance.check()
        # The jail sees the objects of the project's mirror only: a submodule brings its own.
        yield from git.checkout(mirror, spec.sha, place, spec.run, shared=False, watch=allowance)
        yield from allowance.check()


def _submodules(mirror: Path, sha: str) -> list[Submodule]:
    links = git.links(mirror, sha)
    urls = git.submodule_urls(mirror, sha) if links else {}
    return [Submodule(path, urls.get(path, ""), links[path]) for path in sorted(links)]


def _absolute(url: str, repository: str) -> str:
    """``../other.git`` is beside the repository itself."""
    if not url.startswith(("./", "../")):
        return url
    scheme, mark, rest = repository.partition("://") if "://" in repository else ("", "", repository)
    host, colon, path = rest.partition(":") if not mark and SSH.match(rest) else ("", "", rest)
    joined = posixpath.normpath(posixpath.join(path.rstrip("/"), url))
    return f"{scheme}{mark}{host}{colon}{joined}"


def _check_address(url: str, spec: RunSpec, known: Path) -> None:
    """Raise why an address is not asked, or return.

    ``known`` is a file that is there once a protected branch has named the address."""
    if not url:
        raise SubjectError(".gitmodules does not say where it is.")
    remote.check_repository(url, allow_local=spec.allow_local)
    if _host(url) != _host(spec.repository):
        raise SubjectError(f"It is on {_host(url) or 'this machine'}, not on the project's own host.")
    if spec.protected:
        known.touch()
    if not known.exists():
        raise SubjectError("Its address is asked only once a protected branch has named it.")


def _check_place(workspace: Path, place: Path, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise SubjectError(f"There are more than {MAX_DEPTH} inside each other.")
    if place.resolve() != workspace.resolve() / place.relative_to(workspace):
        raise SubjectError("Its folder lies elsewhere.")


def _host(url: str) -> str:
    if "://" in url:
        return urlsplit(url).netloc.rpartition("@")[2].lower()
    match = SSH.match(url)
    return match.group(1).lower() if match else ""

"""The submodules of a checkout, fetched without anything that the branch could configure.

    .gitmodules at the SHA ──> path, url   }
    gitlinks of the tree   ──> path, SHA   }──> a mirror of its own ──clone──> workspace/path

``git submodule`` is never run: its commands, protocols and updates are for a branch to choose. A branch
also chooses the addresses, so only those on the project's own host are asked. Over ssh, or in a folder
of this machine, the worker may read more than the branch's author: such an address is asked for a
protected branch first, and for any other branch from then on. A submodule that is not fetched stays an
empty folder, and the log says why.
"""

import posixpath
import re
from collections.abc import Generator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from tracks.errors import SubjectError
from tracks.events import Heartbeat, Log
from tracks.execution import git, remote
from tracks.execution.spec import Places, RunSpec

MAX_SUBMODULES = 50
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
    spec: RunSpec, places: Places, mirror: Path, workspace: Path, depth: int = 1
) -> Generator[Log | Heartbeat, None, None]:
    """Fill the folders of the workspace's submodules; what cannot be had is said and left empty."""
    found = _submodules(mirror, spec.sha)
    for number, submodule in enumerate(found):
        url = _absolute(submodule.url, spec.repository)
        own = git.mirror_path(places, spec.project, url)
        folder = workspace / submodule.path
        try:
            _check(url, spec, own)
            _check_bounds(number, depth, workspace, submodule.path)
            inner = replace(spec, repository=url, sha=submodule.sha)
            yield from _fetched(inner, own, folder)
            yield from check_out(inner, places, own, folder, depth + 1)
        except SubjectError as error:
            yield Log(f"[the submodule {submodule.path!r} is not fetched. {error.message}]\n")


def _fetched(spec: RunSpec, mirror: Path, folder: Path) -> Generator[Log | Heartbeat, None, None]:
    if not (mirror.exists() and git.has_commit(mirror, spec.sha)):
        limit = spec.limits.setup_seconds
        yield from remote.fetch_mirror(
            mirror, spec.repository, allow_local=spec.allow_local, sha=spec.sha, limit=limit
        )
    # The jail sees the objects of the project's mirror only: a submodule brings its own.
    yield from git.checkout(mirror, spec.sha, folder, spec.run, shared=False)


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


def _check(url: str, spec: RunSpec, mirror: Path) -> None:
    """Raise why an address is not asked, or return."""
    if not url:
        raise SubjectError(".gitmodules does not say where it is.")
    remote.check_repository(url, allow_local=spec.allow_local)
    if _host(url) != _host(spec.repository):
        raise SubjectError(f"It is on {_host(url) or 'this machine'}, not on the project's own host.")
    if not (url.startswith("https://") or spec.protected or mirror.exists()):
        raise SubjectError("Its address is asked only once a protected branch has named it.")


def _check_bounds(number: int, depth: int, workspace: Path, path: str) -> None:
    if number >= MAX_SUBMODULES or depth > MAX_DEPTH:
        raise SubjectError(
            f"There are more than {MAX_SUBMODULES}, or more than {MAX_DEPTH} inside each other."
        )
    if (workspace / path).resolve() != workspace.resolve() / path:
        raise SubjectError("Its folder lies elsewhere.")


def _host(url: str) -> str:
    if "://" in url:
        return urlsplit(url).netloc.rpartition("@")[2].lower()
    match = SSH.match(url)
    return match.group(1).lower() if match else ""

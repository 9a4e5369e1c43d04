"""A project's repository, without ever trusting it.

    repository ──fetch──> mirrors/<key>.git (bare, all branches) ──clone --shared──> workspace at a SHA
                                 └── refs/omc/run/<id> pins what a run uses

Branch names are data: they reach git as full ref names only (``refs/heads/…``), never as an option.
git never runs inside a workspace that a job could have written: its ``.git/config`` may name
programs. ``clone --shared`` leaves the mirror's objects where they are and notes their path in the
workspace; tests may call git themselves, so the sandbox shows them that folder, read-only.
"""

import difflib
import hashlib
import os
import re
import subprocess
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tracks.errors import InvalidInput, SubjectError, ToolError
from tracks.events import Heartbeat, Log
from tracks.execution import locks
from tracks.execution.processes import Command, LogBook, stream
from tracks.execution.spec import Places

FLAGS = (
    *("-c", "core.hooksPath=/dev/null"),
    *("-c", "core.fsmonitor=false"),
    *("-c", "http.followRedirects=false"),
    *("-c", "transfer.credentialsInUrl=die"),
    *("-c", "submodule.recurse=false"),
    *("-c", "gc.auto=0"),
    *("-c", "maintenance.auto=false"),
    *("-c", "credential.helper="),
    *("-c", "safe.directory=*"),
    *("-c", "advice.detachedHead=false"),
)
LOCAL_UPLOAD = ("--upload-pack", "git -c 'safe.directory=*' upload-pack")
"""A repository of another user of this machine: git passes no ``-c`` on to the other side by itself."""
SHA = re.compile(r"[0-9a-f]{40}")
SHORT_SHA = re.compile(r"[0-9a-fA-F]{7,40}")
HELPER = re.compile(r"([\w.+-]+)::")
"""``ext::sh -c …``: an address that names a program."""
QUERY_SECONDS = 300
MAX_COMMITS = 500
PASSED_THROUGH = re.compile(r"(?i)(SSL_CERT_\w+|GIT_SSL_CAINFO|\w+_PROXY|SSH_AUTH_SOCK|HOME|PATH|USER)")


@dataclass(frozen=True, slots=True)
class Commit:
    sha: str
    author: str
    email: str
    date: str
    subject: str
    parents: tuple[str, ...]


def mirror_path(places: Places, project: str, repository: str) -> Path:
    """One mirror per project and URL: two projects share nothing, a changed URL starts over."""
    key = hashlib.sha256(f"{project}\0{repository}".encode("utf-8", "replace")).hexdigest()[:20]
    return places.mirrors / f"{key}.git"


def check_repository(repository: str, *, allow_local: bool) -> None:
    """Raise why this repository's address cannot be used, or return."""
    if not repository.strip() or "\n" in repository or "\0" in repository:
        raise SubjectError("The project names no repository.", remedy="Give its https or ssh address.")
    try:
        parts = urlsplit(repository) if "://" in repository else None
    except ValueError:
        raise SubjectError("The repository's address is malformed.", remedy="Use https://.") from None
    if parts and (parts.password or (parts.username and parts.scheme in ("http", "https"))):
        host = parts.hostname or ""
        raise SubjectError(
            f"The repository's address on {host} holds credentials, which would end up in logs.",
            remedy="Take the user name and password or token out of the address; use an ssh key instead.",
        )
    if _is_local(repository) and not allow_local:
        raise SubjectError(
            "The repository is a folder of the server, which is not allowed for this project.",
            remedy="Give an https or ssh address, or let the operator allow local repositories.",
        )
    if _is_local(repository) and not repository.startswith(("/", "file:///")):
        raise SubjectError(
            f"The repository's folder {repository!r} is not a full path.", remedy="Begin it with '/'."
        )
    helper = HELPER.match(repository)
    scheme = helper.group(1) if helper else parts.scheme if parts else "ssh"
    if scheme not in ("https", "ssh", "file"):
        raise SubjectError(f"A repository cannot be fetched over {scheme}.", remedy="Use https:// or ssh://.")


def _is_local(repository: str) -> bool:
    """git's own rule: ``host:path`` is ssh unless a slash comes before the first colon."""
    if "://" in repository:
        return urlsplit(repository).scheme == "file"
    before, colon, _ = repository.partition(":")
    return not colon or "/" in before


def fetch_mirror(
    mirror: Path, repository: str, *, allow_local: bool, sha: str = "", limit: float = 900
) -> Generator[Log | Heartbeat, None, None]:
    """Bring the mirror up to date; ``sha`` is fetched by itself if no branch leads to it."""
    check_repository(repository, allow_local=allow_local)
    lock = yield from locks.waiting(mirror.with_suffix(".lock"))
    try:
        if not (mirror / "HEAD").exists():
            _git("init", "--quiet", "--bare", "--template=", str(mirror))
        every = "+refs/heads/*:refs/heads/*"
        yield from _fetch(mirror, repository, every, allow_local=allow_local, limit=limit)
        if SHA.fullmatch(sha) and not has_commit(mirror, sha):
            try:
                alone = f"+{sha}:refs/omc/sha/{sha}"
                yield from _fetch(mirror, repository, alone, allow_local=allow_local, limit=limit)
            except SubjectError:
                return  # ``resolve`` says it better: this commit is not there
    finally:
        lock.release()


def _fetch(
    mirror: Path, repository: str, refspec: str, *, allow_local: bool, limit: float
) -> Generator[Log | Heartbeat, None, None]:
    prune = ("--prune",) if refspec.startswith("+refs/heads/") else ()
    local = LOCAL_UPLOAD if allow_local and _is_local(repository) else ()
    argv = (
        *("git", *FLAGS, "-C", str(mirror), "fetch", "--quiet", *prune, "--no-tags", "--update-shallow"),
        *local,
        *("--end-of-options", repository, refspec),
    )
    log = LogBook()
    command = Command(argv, environment(allow_local=allow_local))
    ended = yield from stream(command, limit=limit, log=log, name="fetching the repository")
    if ended.stopped:
        raise SubjectError(
            f"The repository could not be fetched: {ended.stopped}.",
            remedy="Try again, or raise the project's limit for set-up.",
        )
    if ended.exit_code:
        raise unreachable(repository, log.last_lines())


def environment(*, allow_local: bool = False) -> dict[str, str]:
    """What git is started with: nothing of this machine's or user's configuration applies."""
    kept = {name: value for name, value in os.environ.items() if PASSED_THROUGH.fullmatch(name)}
    return kept | {
        "LC_ALL": "C.UTF-8",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "/bin/false",
        "GIT_SSH_COMMAND": "ssh -oBatchMode=yes",
        "GIT_ALLOW_PROTOCOL": "https:ssh:file" if allow_local else "https:ssh",
        "GIT_LFS_SKIP_SMUDGE": "1",
        "GIT_OPTIONAL_LOCKS": "0",
    }


def branches(mirror: Path) -> list[str]:
    names = _query(mirror, "for-each-ref", "--format=%(refname)", "refs/heads/")
    return [name.removeprefix("refs/heads/") for name in names.splitlines()]


def resolve(mirror: Path, ref: str) -> str:
    """The commit that a branch's name or a SHA means; a branch comes first."""
    names = branches(mirror)
    if not names:
        raise no_such_branch(ref, names)
    if ref in names:
        return _commit(mirror, f"refs/heads/{ref}")
    if SHORT_SHA.fullmatch(ref):
        try:
            return _commit(mirror, ref.lower())
        except ToolError as error:
            raise SubjectError(
                f"{ref} is not a commit of the repository, nor a branch.",
                remedy="Its branch may have been rewritten: name the branch, or a commit that exists.",
                detail=error.detail,
            ) from None
    raise no_such_branch(ref, names)


def _commit(mirror: Path, name: str) -> str:
    return _query(mirror, "rev-parse", "--verify", "--end-of-options", f"{name}^{{commit}}").strip()


def has_commit(mirror: Path, sha: str) -> bool:
    return _ask(mirror, "cat-file", "-e", "--end-of-options", f"{_checked(sha)}^{{commit}}").returncode == 0


def checkout(mirror: Path, sha: str, workspace: Path, run: str) -> None:
    """Make ``workspace`` hold the commit; the run's ref keeps the commit from being collected."""
    if not has_commit(mirror, sha):
        raise SubjectError(
            f"The commit {sha} is not in the repository (any more).",
            remedy="Its branch may have been rewritten: start a new run of the branch.",
        )
    with locks.holding(mirror.with_suffix(".lock")):
        _git("-C", str(mirror), "update-ref", f"refs/omc/run/{run}", sha)
        # The lock also keeps a fetch from pruning refs under the clone.
        options = ("--quiet", "--shared", "--no-checkout", "--template=")
        _git("clone", *options, "--", str(mirror), str(workspace))
    _git("-C", str(workspace), "checkout", "--quiet", "--detach", "--force", sha)


def commits(mirror: Path, base: str, head: str, *, limit: int = MAX_COMMITS) -> list[Commit]:
    """What ``head`` has and ``base`` has not ("" = all of ``head``), newest first."""
    span = (f"^{_checked(base)}",) if base else ()
    form = "--format=%H%x00%an%x00%ae%x00%aI%x00%s%x00%P%x1e"
    text = _query(mirror, "log", f"--max-count={limit}", form, _checked(head), *span, "--")
    rows = [row.strip("\n").split("\0") for row in text.split("\x1e") if row.strip()]
    return [
        Commit(sha, author, email, date, subject, tuple(parents.split()))
        for sha, author, email, date, subject, parents in rows
    ]


def merge_base(mirror: Path, one: str, other: str) -> str:
    """The last commit that both have, or "" if they share no history."""
    found = _ask(mirror, "merge-base", _checked(one), _checked(other))
    return _text(found.stdout).strip()


def file_hashes(mirror: Path, sha: str) -> dict[str, str]:
    """Every file of the commit with the hash of its contents."""
    rows = _query(mirror, "ls-tree", "-r", "-z", "--full-tree", _checked(sha)).split("\0")
    pairs = (row.partition("\t") for row in rows if row)
    return {path: fields.split()[2] for fields, _, path in pairs}


def tree(mirror: Path, sha: str) -> str:
    return _query(mirror, "rev-parse", "--verify", f"{_checked(sha)}^{{tree}}").strip()


def show(mirror: Path, sha: str, path: str) -> str:
    """The text of one file at a commit."""
    found = _ask(mirror, "cat-file", "blob", "--end-of-options", f"{_checked(sha)}:{path}")
    if found.returncode:
        raise InvalidInput(f"The commit {sha[:10]} has no file {path!r}.")
    return _text(found.stdout)


def remote_branches(repository: str, *, allow_local: bool, limit: float = 20) -> dict[str, str]:
    """The branches of a repository and the commit at the head of each, asked of the repository itself."""
    check_repository(repository, allow_local=allow_local)
    local = LOCAL_UPLOAD if allow_local and _is_local(repository) else ()
    argv = ("git", *FLAGS, "ls-remote", "--heads", *local, "--end-of-options", repository)
    try:
        done = subprocess.run(
            argv,
            env=environment(allow_local=allow_local),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=limit,
            check=False,
        )
    except FileNotFoundError:
        raise ToolError("git is not installed.", remedy="Install git on this machine.") from None
    except subprocess.TimeoutExpired:
        raise SubjectError(
            f"The repository did not answer within {limit:.0f} s.", remedy="Check the address, or try again."
        ) from None
    if done.returncode:
        raise unreachable(repository, _text(done.stderr).strip())
    rows = (line.split("\t", 1) for line in _text(done.stdout).splitlines() if "\t" in line)
    return {name.removeprefix("refs/heads/"): sha for sha, name in rows}


def unreachable(repository: str, detail: str) -> SubjectError:
    return SubjectError(
        f"The repository {repository} cannot be reached.",
        remedy="Check the address, and that this machine may read it (for ssh: its key and known hosts).",
        detail=detail,
    )


def no_such_branch(name: str, names: list[str]) -> SubjectError:
    """The error for a branch that is not there; names those that are, the likeliest first."""
    if not names:
        return SubjectError(
            "The repository is empty: it has no branch.", remedy="Push a branch with a commit to it."
        )
    close = difflib.get_close_matches(name, names, n=3, cutoff=0.4) or names[:3]
    return SubjectError(
        f"The repository has no branch named {name!r}.", remedy=f"Branches that it has: {', '.join(close)}."
    )


def _checked(sha: str) -> str:
    if not SHA.fullmatch(sha):
        raise InvalidInput(f"{sha[:80]!r} is not a full commit SHA.")
    return sha


def _query(mirror: Path, *arguments: str) -> str:
    return _text(_git("-C", str(mirror), *arguments).stdout)


def _git(*arguments: str) -> "subprocess.CompletedProcess[bytes]":
    done = _run(arguments)
    if done.returncode:
        raise ToolError(f"git {_verb(arguments)} failed.", detail=_text(done.stderr).strip())
    return done


def _ask(mirror: Path, *arguments: str) -> "subprocess.CompletedProcess[bytes]":
    """Like ``_git``, where a non-zero exit is an answer."""
    return _run(("-C", str(mirror), *arguments))


def _run(arguments: tuple[str, ...]) -> "subprocess.CompletedProcess[bytes]":
    try:
        return subprocess.run(
            ("git", *FLAGS, *arguments),
            env=environment(allow_local=True),  # our own mirror and workspace, both local
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=QUERY_SECONDS,
            check=False,
        )
    except FileNotFoundError:
        raise ToolError("git is not installed.", remedy="Install git on the worker's machine.") from None
    except subprocess.TimeoutExpired:
        raise ToolError(f"git {_verb(arguments)} took too long.", remedy="Is the disk overloaded?") from None


def _verb(arguments: tuple[str, ...]) -> str:
    return arguments[2] if arguments[0] == "-C" else arguments[0]


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")

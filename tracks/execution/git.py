"""A project's repository, without ever trusting it.

    repository ──fetch──> mirrors/<key>.git (bare, all branches) ──clone --shared──> workspace at a SHA
                                 └── refs/omc/run/<id> pins what a run uses, for 30 days

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
from typing import IO

from tracks.errors import InvalidInput, SubjectError, ToolError
from tracks.events import Heartbeat, Log
from tracks.execution import locks
from tracks.execution.processes import Command, Deadline, LogBook, Watch, stream
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
SHA = re.compile(r"[0-9a-f]{40}")
SHORT_SHA = re.compile(r"[0-9a-fA-F]{7,40}")
QUERY_SECONDS = 300
INTEGRATIONS = "refs/omc/integration"
PINS = ("refs/omc/run", "refs/omc/sha", INTEGRATIONS)
"""Refs of ours. They are never packed (``gc.auto=0``), so that a file's time is a ref's."""
MAX_COMMITS = 500
FILE_BYTES = 8 * 1024**2
"""Of a file that is read as a whole."""
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
    return ask(mirror, "cat-file", "-e", "--end-of-options", f"{checked(sha)}^{{commit}}").returncode == 0


def is_on(mirror: Path, branch: str, sha: str) -> bool:
    """Whether the branch, as the mirror has it, contains the commit."""
    head = f"refs/heads/{branch}"
    return ask(mirror, "merge-base", "--is-ancestor", checked(sha), head).returncode == 0


def checkout(
    mirror: Path, sha: str, workspace: Path, run: str, *, shared: bool = True, watch: Watch | None = None
) -> Generator[Log | Heartbeat, None, None]:
    """Make ``workspace`` hold the commit; the run's ref keeps the commit from being collected.

    Unless it is ``shared``, the workspace has its objects of its own and not the mirror's. Raises
    SubjectError when ``watch`` stops it.
    """
    if not has_commit(mirror, sha):
        if not (names := branches(mirror)):
            raise no_such_branch("", names)
        raise SubjectError(
            f"The commit {sha} is not in the repository (any more).",
            remedy="Its branch may have been rewritten: start a new run of the branch.",
        )
    # The lock also keeps a fetch from pruning refs under the clone.
    lock = yield from locks.waiting(mirror.with_suffix(".lock"))
    try:
        call("-C", str(mirror), "update-ref", f"refs/omc/run/{run}", sha)
        options = ("--quiet", "--shared" if shared else "--no-hardlinks", "--no-checkout", "--template=")
        yield from _stream(watch, "clone", *options, "--", str(mirror), str(workspace))
    finally:
        lock.release()
    yield from _stream(watch, "-C", str(workspace), "checkout", "--quiet", "--detach", "--force", sha)


def unpin(mirror: Path, *, before: float) -> None:
    """Forget the commits of runs, and those fetched by themselves, that were pinned before a time.

    ``before`` is in seconds since the epoch. Whoever calls it holds the mirror's lock.
    """
    for folder in PINS:
        for pin in sorted((mirror / folder).glob("*")):
            if pin.stat().st_mtime < before:
                call("-C", str(mirror), "update-ref", "-d", f"{folder}/{pin.name}")


def commits(
    mirror: Path, base: str, head: str, *, without: str = "", limit: int = MAX_COMMITS
) -> list[Commit]:
    """What ``head`` has and ``base`` has not ("" = all of ``head``), newest first; what ``without`` has is
    left out, too."""
    span = [f"^{checked(each)}" for each in (base, without) if each]
    form = "--format=%H%n%an%n%ae%n%aI%n%P%n%s"  # none of these holds a line end
    text = _query(mirror, "log", "-z", f"--max-count={limit}", form, checked(head), *span, "--")
    rows = [row.split("\n", 5) for row in text.split("\0") if row]
    return [
        Commit(sha, author, email, date, subject, tuple(parents.split()))
        for sha, author, email, date, parents, subject in rows
    ]


def merge_base(mirror: Path, one: str, other: str) -> str:
    """The last commit that both have, or "" if they share no history."""
    found = ask(mirror, "merge-base", checked(one), checked(other))
    return decode(found.stdout).strip()


def file_hashes(mirror: Path, sha: str) -> dict[str, str]:
    """Every file of the commit with the hash of its contents."""
    return {path: digest for _, digest, path in _entries(mirror, sha)}


def links(mirror: Path, sha: str) -> dict[str, str]:
    """The submodules of the commit: path -> the commit of theirs that it stands at."""
    return {path: digest for kind, digest, path in _entries(mirror, sha) if kind == "commit"}


def submodule_urls(mirror: Path, sha: str) -> dict[str, str]:
    """Path -> URL, as .gitmodules says; read as data, nothing of it takes effect.

    Raises SubjectError where the file is larger than FILE_BYTES."""
    _check_size(mirror, sha, ".gitmodules")
    blob = ("config", "--null", "--blob", f"{checked(sha)}:.gitmodules")
    said = ask(mirror, *blob, "--get-regexp", r"^submodule\..*\.(path|url)$")
    pairs = (entry.partition("\n") for entry in decode(said.stdout).split("\0") if entry)
    values = {key: value for key, _, value in pairs}
    return {
        path: values.get(f"{key.removesuffix('.path')}.url", "")
        for key, path in values.items()
        if key.endswith(".path")
    }


def _entries(mirror: Path, sha: str) -> list[tuple[str, str, str]]:
    """Kind, hash and path of all that the commit holds."""
    rows = _query(mirror, "ls-tree", "-r", "-z", "--full-tree", checked(sha)).split("\0")
    pairs = (row.partition("\t") for row in rows if row)
    return [(fields.split()[1], fields.split()[2], path) for fields, _, path in pairs]


def tree(mirror: Path, sha: str) -> str:
    return _query(mirror, "rev-parse", "--verify", f"{checked(sha)}^{{tree}}").strip()


def show(mirror: Path, sha: str, path: str) -> str:
    """The text of one file at a commit. Raises SubjectError where it is larger than FILE_BYTES."""
    _check_size(mirror, sha, path)
    found = ask(mirror, "cat-file", "blob", "--end-of-options", f"{checked(sha)}:{path}")
    if found.returncode:
        raise InvalidInput(f"The commit {sha[:10]} has no file {path!r}.")
    return decode(found.stdout)


def _check_size(mirror: Path, sha: str, path: str) -> None:
    """What is not there has no size."""
    size = decode(ask(mirror, "cat-file", "-s", "--end-of-options", f"{checked(sha)}:{path}").stdout)
    if size and int(size) > FILE_BYTES:
        raise SubjectError(
            f"{path} is larger than {FILE_BYTES // 1024**2} MiB at this commit.",
            remedy="OMC QA reads it to set up the tests: make it smaller.",
        )


def no_such_branch(name: str, names: list[str]) -> SubjectError:
    """The error for a branch that is not there; names those that are, the likeliest first."""
    if not names:
        return SubjectError(
            "The repository is empty: it has no branch.", remedy="Push a branch with a commit to it."
        )
    close = difflib.get_close_matches(name, names, n=3, cutoff=0.4) or names[:3]
    return SubjectError(
        f"The repository has no branch named {name!r}.",
        remedy=f"Did you mean {' or '.join(close)}? It has {len(names)} branches.",
    )


def checked(sha: str) -> str:
    """The SHA itself. Raises InvalidInput for what is not a whole one, such as an option."""
    if not SHA.fullmatch(sha):
        raise InvalidInput(f"{sha[:80]!r} is not a full commit SHA.")
    return sha


def _query(mirror: Path, *arguments: str) -> str:
    return decode(call("-C", str(mirror), *arguments).stdout)


def call(*arguments: str, given: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
    """``given`` is what git reads on its standard input. Raises ToolError for an exit code other than 0."""
    done = _run(arguments, given)
    if done.returncode:
        raise ToolError(f"git {_verb(arguments)} failed.", detail=decode(done.stderr).strip())
    return done


def _stream(watch: Watch | None, *arguments: str) -> Generator[Log | Heartbeat, None, None]:
    """Like ``call``, for what may take long while somebody has to be told that we live."""
    log = LogBook()
    command = Command(("git", *FLAGS, *arguments), environment(allow_local=True))
    usual = Deadline(QUERY_SECONDS, f"git {_verb(arguments)}")
    ended = yield from stream(command, watch=watch or usual, log=log)
    if watch and ended.stopped:
        raise SubjectError(f"It could not be checked out: {ended.stopped}.")
    if ended.exit_code or ended.stopped:
        raise ToolError(f"git {_verb(arguments)} failed. {ended.stopped}".strip(), detail=log.last_lines())


def ask(mirror: Path, *arguments: str) -> "subprocess.CompletedProcess[bytes]":
    """Like ``call``, where a non-zero exit is an answer."""
    return _run(("-C", str(mirror), *arguments))


def piped(source: tuple[str, ...], sink: tuple[str, ...]) -> bytes:
    """What ``git sink`` says of what ``git source`` writes, which may be more than fits into memory.

    Raises ToolError where one of them fails, or both together take too long."""
    with subprocess.Popen(
        ("git", *FLAGS, *source),
        env=environment(allow_local=True),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as writer:
        try:
            done = _run(sink, stdin=writer.stdout)
        except ToolError:
            writer.kill()
            raise
    if done.returncode or writer.returncode:
        raise ToolError(f"git {_verb(source)} failed.", detail=decode(done.stderr).strip())
    return done.stdout


def _run(
    arguments: tuple[str, ...], given: bytes = b"", *, stdin: IO[bytes] | None = None
) -> "subprocess.CompletedProcess[bytes]":
    try:
        return subprocess.run(
            ("git", *FLAGS, *arguments),
            env=environment(allow_local=True),  # our own mirror and workspace, both local
            input=None if stdin else given,
            stdin=stdin,
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


def decode(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")

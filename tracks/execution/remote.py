"""The repository that a project names: whether its address may be used, and what is fetched from it.

check_repository   refuses credentials, other protocols, and folders where they are not allowed
fetch_mirror       all branches into the mirror, under its lock
remote_branches    the heads, asked of the repository itself
"""

import re
import subprocess
import time
from collections.abc import Generator
from pathlib import Path
from urllib.parse import urlsplit

from tracks.errors import SubjectError, ToolError
from tracks.events import Heartbeat, Log
from tracks.execution import git, locks
from tracks.execution.processes import Command, Deadline, LogBook, Watch, stream

LOCAL_UPLOAD = ("--upload-pack", "git -c 'safe.directory=*' upload-pack")
"""A repository of another user of this machine: git passes no ``-c`` on to the other side by itself."""
PINNED_SECONDS = 30 * 24 * 3600.0
"""A run's commit stays in the mirror for so long, even if no branch leads to it any more."""
NAME = "fetching the repository"
HELPER = re.compile(r"([\w.+-]+)::")
"""``ext::sh -c …``: an address that names a program."""


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
    mirror: Path,
    repository: str,
    *,
    allow_local: bool,
    sha: str = "",
    limit: float = 900,
    watch: Watch | None = None,
) -> Generator[Log | Heartbeat, None, None]:
    """Bring the mirror up to date; ``sha`` is fetched by itself if no branch leads to it.

    A fetch takes at most ``limit`` seconds, or as long as ``watch`` lets it.
    """
    check_repository(repository, allow_local=allow_local)
    lock = yield from locks.waiting(mirror.with_suffix(".lock"))
    try:
        if not (mirror / "HEAD").exists():
            git.call("init", "--quiet", "--bare", "--template=", str(mirror))
        git.unpin(mirror, before=time.time() - PINNED_SECONDS)
        every = "+refs/heads/*:refs/heads/*"
        yield from _fetch(mirror, repository, every, watch or Deadline(limit, NAME), allow_local=allow_local)
        if git.SHA.fullmatch(sha) and not git.has_commit(mirror, sha):
            try:
                alone = f"+{sha}:refs/omc/sha/{sha}"
                yield from _fetch(
                    mirror, repository, alone, watch or Deadline(limit, NAME), allow_local=allow_local
                )
            except SubjectError:
                return  # ``resolve`` says it better: this commit is not there
    finally:
        lock.release()


def _fetch(
    mirror: Path, repository: str, refspec: str, watch: Watch, *, allow_local: bool
) -> Generator[Log | Heartbeat, None, None]:
    prune = ("--prune",) if refspec.startswith("+refs/heads/") else ()
    local = LOCAL_UPLOAD if allow_local and _is_local(repository) else ()
    argv = (
        *("git", *git.FLAGS, "-C", str(mirror), "fetch", "--quiet", *prune, "--no-tags", "--update-shallow"),
        *local,
        *("--end-of-options", repository, refspec),
    )
    log = LogBook()
    command = Command(argv, git.environment(allow_local=allow_local))
    ended = yield from stream(command, watch=watch, log=log)
    if ended.stopped:
        raise SubjectError(
            f"The repository could not be fetched: {ended.stopped}.",
            remedy="Try again, or raise the project's limit for set-up.",
        )
    if ended.exit_code:
        raise unreachable(repository, log.last_lines())


def remote_branches(repository: str, *, allow_local: bool, limit: float = 20) -> dict[str, str]:
    """The branches of a repository and the commit at the head of each, asked of the repository itself."""
    check_repository(repository, allow_local=allow_local)
    local = LOCAL_UPLOAD if allow_local and _is_local(repository) else ()
    argv = ("git", *git.FLAGS, "ls-remote", "--heads", *local, "--end-of-options", repository)
    try:
        done = subprocess.run(
            argv,
            env=git.environment(allow_local=allow_local),
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
        raise unreachable(repository, git.decode(done.stderr).strip())
    rows = (line.split("\t", 1) for line in git.decode(done.stdout).splitlines() if "\t" in line)
    return {name.removeprefix("refs/heads/"): sha for sha, name in rows}


def unreachable(repository: str, detail: str) -> SubjectError:
    return SubjectError(
        f"The repository {repository} cannot be reached.",
        remedy="Check the address, and that this machine may read it (for ssh: its key and known hosts).",
        detail=detail,
    )

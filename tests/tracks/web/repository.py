"""A git repository for tests that ask one for its branches."""

import subprocess
from pathlib import Path


def make_repository(folder: Path, *branches: str) -> str:
    """The path of a new repository that has these branches, all at one commit; none leaves it empty."""
    folder.mkdir()
    _git(folder, "init", "--quiet", "--initial-branch=main")
    if branches:
        _git(folder, "commit", "--quiet", "--allow-empty", "-m", "Begin")
        sha = _git(folder, "rev-parse", "HEAD")
        for branch in branches:
            _git(folder, "update-ref", f"refs/heads/{branch}", sha)
        if "main" not in branches:
            _git(folder, "update-ref", "-d", "refs/heads/main")
    return str(folder)


def head_of(repository: str, branch: str) -> str:
    return _git(Path(repository), "rev-parse", f"refs/heads/{branch}")


def _git(folder: Path, *words: str) -> str:
    identity = ["-c", "user.name=Dev", "-c", "user.email=dev@example.org"]
    done = subprocess.run(
        ["git", "-C", str(folder), *identity, *words], check=True, capture_output=True, text=True
    )
    return done.stdout.strip()

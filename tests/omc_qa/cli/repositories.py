"""Small git repositories for the tests of the command line."""

import os
import subprocess
from pathlib import Path

WHO = {
    "GIT_AUTHOR_NAME": "Dev",
    "GIT_AUTHOR_EMAIL": "dev@example.org",
    "GIT_COMMITTER_NAME": "Dev",
    "GIT_COMMITTER_EMAIL": "dev@example.org",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}


def git(repository: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=repository, env=os.environ | WHO, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def commit(repository: Path, files: dict[str, str], *, branch: str = "") -> str:
    """Write the files, on a new branch where one is named, and return the commit."""
    if branch:
        git(repository, "checkout", "-q", "-b", branch)
    for name, text in files.items():
        path = repository / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    git(repository, "add", "--all")
    git(repository, "commit", "-q", "--allow-empty", "-m", f"Change {', '.join(files) or 'nothing'}")
    return git(repository, "rev-parse", "HEAD")


def create_repository(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir(parents=True)
    git(folder, "init", "-q", "-b", "main")
    commit(folder, files)
    return folder

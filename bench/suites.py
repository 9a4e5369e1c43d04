"""Suites of tests to measure with, and the product's runs of them; imports Django.

create_repository(folder, files)         a git repository with these files
create_project(repository, …)            a project whose tests run with this process's Python
start(project)                           a queued run of its main branch
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.utils import timezone

from tracks import actions, repositories
from tracks.models import Project, Run, User

ENVIRONMENT = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
"""This process's Python has plugins that most projects do not."""
WHO = "bench@example.org"
GIT = {f"GIT_{role}_{what}": WHO for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
GIT |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}


def create_repository(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text)
    for arguments in (["init", "-q", "-b", "main"], ["add", "--all"], ["commit", "-q", "-m", "A suite"]):
        subprocess.run(["git", *arguments], cwd=folder, env=os.environ | GIT, check=True)
    return folder


def create_project(repository: Path, name: str = "Suite", **testing: Any) -> Project:
    """``testing`` are fields of the project."""
    by = User.objects.first() or actions.create_user(email=WHO, name="Bench")
    return actions.create_project(
        name=name,
        by=by,
        now=timezone.now(),
        trusted=True,
        **({"repository": str(repository), "python": sys.executable, "env": ENVIRONMENT} | testing),
    )


def start(project: Project) -> Run:
    sha = repositories.resolve(project, "main")
    assert project.created_by is not None
    return actions.start_trial(project, sha=sha, by=project.created_by, now=timezone.now())

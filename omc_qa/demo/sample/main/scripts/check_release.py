"""What has to lie in the repository before a release is made of it."""

import re
from pathlib import Path

DOCUMENTS = ("README.md", "DEPLOYMENT.md")


def missing_documents(root: Path) -> list[str]:
    return [name for name in DOCUMENTS if not (root / name).is_file()]


def version(root: Path) -> str:
    found = re.search(r'^version = "(\d+\.\d+\.\d+)"$', (root / "pyproject.toml").read_text(), re.MULTILINE)
    if found is None:
        raise ValueError("pyproject.toml names no version")
    return found.group(1)


def unordered_migrations(root: Path) -> list[str]:
    """Migrations whose number is not the one that is due."""
    names = sorted(path.name for path in (root / "migrations").glob("*.sql"))
    return [name for due, name in enumerate(names, start=1) if not name.startswith(f"{due:04}_")]

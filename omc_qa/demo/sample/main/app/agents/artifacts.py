"""What an agent leaves behind: named files of a known type and a bounded size."""

import re
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Artifact

MEDIA_TYPES = {"md": "text/markdown", "csv": "text/csv", "json": "application/json", "txt": "text/plain"}
LARGEST = 64 * 1024


class ArtifactError(ValueError):
    """The artifact cannot be kept."""


def media_type(name: str) -> str:
    """The type that a name stands for; refuses names that are paths or have no known ending."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]*\.[a-z]+", name):
        raise ArtifactError(f"{name!r} is not a file name")
    ending = name.rpartition(".")[2]
    if ending not in MEDIA_TYPES:
        raise ArtifactError(f"{ending!r} files are not kept")
    return MEDIA_TYPES[ending]


def csv(rows: list[dict[str, Any]]) -> str:
    """Rows as CSV, quoted where a value needs it."""
    def cell(raw: Any) -> str:
        text = str(raw)
        return '"' + text.replace('"', '""') + '"' if re.search(r'[",\n]', text) else text

    lines = [list(rows[0])] + [list(row.values()) for row in rows] if rows else []
    return "".join(",".join(map(cell, line)) + "\n" for line in lines)


class ArtifactStore:
    def __init__(self, session: Session, session_id: int) -> None:
        self.session, self.session_id = session, session_id

    def put(self, name: str, content: str) -> Artifact:
        """Keep a file; a second one of the same name replaces the first."""
        kind = media_type(name)
        if len(content.encode()) > LARGEST:
            raise ArtifactError(f"{name} is larger than {LARGEST} bytes")
        artifact = self.get(name) or Artifact(session_id=self.session_id, name=name)
        artifact.media_type, artifact.content = kind, content
        self.session.add(artifact)
        self.session.flush()
        return artifact

    def get(self, name: str) -> Artifact | None:
        query = select(Artifact).where(Artifact.session_id == self.session_id, Artifact.name == name)
        return self.session.scalar(query)

    def names(self) -> list[str]:
        query = select(Artifact.name).where(Artifact.session_id == self.session_id)
        return sorted(self.session.scalars(query))

"""Whose code an environment holds: PEP 610's direct_url.json tells it of every installed package.

A branch wrote these files, or could have: they are bounded, and links are not followed.
"""

import json
import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

DIRECT_URL_BYTES = 65536


def holds_code_of(venv: Path, workspace: str) -> bool:
    """Whether something was installed from the workspace in a form that is not editable."""
    return any(
        _copied_from(record, workspace)
        for record in venv.glob("lib*/python*/site-packages/*.dist-info/direct_url.json")
    )


def _copied_from(record: Path, workspace: str) -> bool:
    try:
        descriptor = os.open(record, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            data = json.loads(file.read(DIRECT_URL_BYTES))
        url = urlsplit(data["url"])
        editable = bool(data.get("dir_info", {}).get("editable"))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return True  # not as PEP 610 has it: better built once too often
    path = os.path.normpath(unquote(url.path))
    inside = path == workspace or path.startswith(workspace.rstrip("/") + "/")
    return url.scheme == "file" and inside and not editable

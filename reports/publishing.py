"""What somebody who publishes has seen, what moved since, and the digest over what is published; pure.

Summary ──seen_of──> Seen ──moved_since──> sentences on what is another one now; none where nothing is
content, number, who, when, note ──digest_of──> SHA-256
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from reports.decisions import digest
from reports.summary import Summary

Seen = Mapping[str, Any]
"""``{"digest", "figures": {name: shown}, "texts": {section: digest}}``, of plain JSON values."""
SENTENCES = 20
"""So many figures that moved are told one by one."""


def seen_of(summary: Summary) -> dict[str, Any]:
    """As much of a report as is needed to say what of it moved."""
    return {
        "digest": summary.digest,
        "figures": {name: figure.shown for name, figure in summary.figures.items()},
        "texts": {section: digest([text]) for section, text in summary.texts.items()},
    }


def moved_since(seen: Seen, summary: Summary) -> tuple[str, ...]:
    """What moved between what was seen and the report as it is now, as sentences."""
    now = seen_of(summary)
    if seen["digest"] == now["digest"]:
        return ()
    figures = list(_figures(seen["figures"], summary))
    told = figures[:SENTENCES]
    if len(figures) > SENTENCES:
        told.append(f"{len(figures) - SENTENCES} more figures are others.")
    told += [
        f"The words of “{section}” are others."
        for section, text in sorted(now["texts"].items())
        if seen["texts"].get(section) != text
    ]
    return tuple(told) or ("Something that the report tells is not as it was.",)


def digest_of(content: Mapping[str, Any], *, number: int, by: str, at: datetime, note: str) -> str:
    """SHA-256 over all of an edition; ``by`` is what its publisher was called."""
    return digest({"content": content, "number": number, "by": by, "at": at.isoformat(), "note": note})


def _figures(seen: Mapping[str, str], summary: Summary) -> Iterator[str]:
    for name, figure in sorted(summary.figures.items()):
        before = seen.get(name)
        if before is None:
            yield f"New: {figure.label}, {figure.shown}."
        elif before != figure.shown:
            yield f"{figure.label}: {figure.shown}; you saw {before}."
    for name in sorted(seen.keys() - summary.figures.keys()):
        yield f"“{name}” is gone; you saw {seen[name]}."

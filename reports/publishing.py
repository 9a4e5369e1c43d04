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
    told = [*_figures(seen["figures"], summary)]
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
    """The figures that are others, a whole track's before those of its parts; how many came and went."""
    figures = summary.figures
    moved = [name for name in seen.keys() & figures.keys() if seen[name] != figures[name].shown]
    moved.sort(key=lambda name: (name.count("."), name))
    for name in moved[:SENTENCES]:
        yield f"{figures[name].label}: {figures[name].shown}; you saw {seen[name]}."
    for count, what in (
        (len(moved) - SENTENCES, "moved too"),
        (len(figures.keys() - seen.keys()), "came"),
        (len(seen.keys() - figures.keys()), "went"),
    ):
        if count > 0:
            yield f"{count} {'figure' if count == 1 else 'figures'} {what}."

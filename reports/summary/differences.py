"""What changed between two published reports; pure.

content of report 1, content of report 2 ──differences──> MovedFigure   passed in A: 563, now 575
                                                          Change        A: approved by Lena, new
                                                          Change        A-1: open, now verified fixed

Figures are told by what is shown: that the same number was asked of a later run is no difference.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from reports.summary.ordering import natural

Content = Mapping[str, Any]
"""As ``Summary.content`` gives it, read back from JSON."""
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class MovedFigure:
    """``before`` or ``after`` is empty where that report has no such figure, and ``change`` is None then."""

    name: str
    label: str
    before: str
    after: str
    change: float | None


@dataclass(frozen=True, slots=True)
class Change:
    """Of a decision, a finding or a written section: what it is called, and what was said of it in each
    report; empty where it is new, or gone. ``key`` is its primary key, 0 of a section."""

    key: int
    name: str
    title: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Differences:
    figures: tuple[MovedFigure, ...]
    decisions: tuple[Change, ...]
    findings: tuple[Change, ...]
    words: tuple[Change, ...]
    """Of the written sections, by their keys: the text of each report, as Markdown with placeholders."""
    others: tuple[str, ...]
    """Sentences on what is none of these: the base commit, recommendations."""

    def __bool__(self) -> bool:
        return bool(self.figures or self.decisions or self.findings or self.words or self.others)


def differences(before: Content, after: Content) -> Differences:
    """From the first to the second, each part sorted by name."""
    found = Differences(
        figures=tuple(_figures(before["figures"], after["figures"])),
        decisions=_changes(before["decisions"], after["decisions"], "decision", _decided),
        findings=_changes(before["findings"], after["findings"], "finding", _found),
        words=tuple(_words(before["texts"], after["texts"])),
        others=tuple(_others(before, after)),
    )
    if not found and before["document"] != after["document"]:
        return replace(found, others=("Something else that it tells of has changed.",))
    return found


def _others(before: Content, after: Content) -> Iterator[str]:
    was, is_now = (side["document"]["commit"][:7] or "none" for side in (before, after))
    if was != is_now:
        yield f"The base commit is {is_now}; it was {was}."
    for key in sorted(before["recommended"].keys() & after["recommended"].keys(), key=natural):
        was, is_now = before["recommended"][key], after["recommended"][key]
        if was != is_now:
            yield f"The gates of track {key} speak for “{is_now}”; it was “{was}”."


def _words(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Change]:
    for section in sorted(before.keys() | after.keys()):
        was, is_now = before.get(section, ""), after.get(section, "")
        if was != is_now:
            yield Change(0, section, "", was, is_now)


def _figures(before: Mapping[str, Row], after: Mapping[str, Row]) -> Iterator[MovedFigure]:
    for name in sorted(before.keys() | after.keys(), key=natural):
        old, new = before.get(name), after.get(name)
        was, is_now = (each["shown"] if each else "" for each in (old, new))
        if was != is_now:
            change = new["value"] - old["value"] if old and new else None
            yield MovedFigure(name, (new or old or {})["label"], was, is_now, change)


def _changes(
    before: Sequence[Row], after: Sequence[Row], key: str, told: Callable[[Row], tuple[str, str, str]]
) -> tuple[Change, ...]:
    """``told`` gives the name, the title, and what is said of a row that is under ``key``."""
    old, new = ({each[key]: each for each in side} for side in (before, after))
    found = []
    for one in old.keys() | new.keys():
        if old.get(one) != new.get(one):
            was, is_now = (told(side[one])[2] if one in side else "" for side in (old, new))
            if was == is_now:
                is_now = f"{is_now} (its words changed)"
            name, title, _ = told(new.get(one) or old[one])
            found.append(Change(one, name, title, was, is_now))
    return tuple(sorted(found, key=lambda each: (natural(each.name), each.key)))


def _decided(row: Row) -> tuple[str, str, str]:
    unmet = [each["text"] for each in row["conditions"] if not each["is_met"]]
    counts = "counts" if row["counts"] else "does not count any more"
    said = "; ".join([counts, *(f"not met: {text}" for text in unmet)])
    return row["track"], f"{row['kind']} by {row['by']} on {row['sha'][:7]}", said


def _found(row: Row) -> tuple[str, str, str]:
    return row["name"], row["title"], f"{row['kind']}, {row['severity']}, {row['status']}: {row['title']}"

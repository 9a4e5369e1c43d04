"""What a tester says of a finding, and how much of it.

Content ──cleaned──> Content within the bounds      as_json ──> what the audit log keeps of it
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import Any

from tracks.errors import InvalidInput
from tracks.finding_statuses import FindingKind, Severity
from tracks.models import Finding, Project, TestCase, User
from tracks.models.findings import TEXTS
from tracks.permissions import role_in

TITLE, TEXT, TESTS, FILES, OPTIONS = 200, 20_000, 5_000, 50, 10
PATH, OPTION = 500, 2_000
MOST_HOURS = Decimal("9999.9")
LINES = re.compile(r"(?:\d{1,7}(?:-\d{1,7})?)?")


@dataclass(frozen=True, kw_only=True)
class Content:
    """``files`` are ``{"path", "lines"}``, ``tests`` numbers, ``options`` ``{"text", "pros", "cons"}``."""

    title: str
    kind: FindingKind = FindingKind.DEFECT
    severity: Severity = Severity.MEDIUM
    evidence: str = ""
    root_cause: str = ""
    recommended_fix: str = ""
    impact: str = ""
    files: Sequence[Mapping[str, str]] = ()
    tests: Sequence[int] = ()
    effort_hours: Decimal | None = None
    flaky: bool = False
    options: Sequence[Mapping[str, str]] = ()
    assignee: User | None = None


def content_of(finding: Finding) -> Content:
    known = {field.name: getattr(finding, field.name) for field in fields(Content)}
    kinds = {"kind": FindingKind(finding.kind), "severity": Severity(finding.severity)}
    return Content(**(known | kinds))


def as_json(content: Content) -> dict[str, Any]:
    """By field; the assignee as a primary key, the hours as text."""
    plain = {field.name: getattr(content, field.name) for field in fields(Content)}
    hours, assignee = content.effort_hours, content.assignee
    return plain | {
        "files": [dict(each) for each in content.files],
        "tests": list(content.tests),
        "options": [dict(each) for each in content.options],
        "effort_hours": None if hours is None else f"{hours:.1f}",
        "assignee": assignee.pk if assignee else None,
    }


def cleaned(content: Content, project: Project) -> Content:
    """The content as it is kept: tests ascending and once, texts trimmed. Raises InvalidInput."""
    tidy = tidied(content)
    _check_tests(tidy.tests, project)
    check_assignee(tidy.assignee, project)
    return tidy


def tidied(content: Content) -> Content:
    """The same, as far as it can be said without asking what the project has."""
    tidy = replace(
        content,
        title=content.title.strip(),
        tests=sorted(set(content.tests)),
        **{name: getattr(content, name).strip() for name in TEXTS},
    )
    _check_texts(tidy)
    _check_files(tidy.files)
    _check_options(tidy)
    if tidy.effort_hours is not None and not 0 <= tidy.effort_hours <= MOST_HOURS:
        raise InvalidInput(f"An effort is from 0 to {MOST_HOURS} hours.", field="effort_hours")
    return tidy


def check_assignee(assignee: User | None, project: Project) -> None:
    """Raise InvalidInput for somebody who is no member."""
    if assignee and role_in(assignee, project) is None:
        raise InvalidInput(
            f"{assignee} is no member of this project.", remedy="Invite them first.", field="assignee"
        )


def checked_text(text: str, *, field: str, longest: int = TEXT) -> str:
    """The text without the space around it. Raises InvalidInput where it cannot be kept."""
    if "\0" in text:
        raise InvalidInput("Null characters cannot be kept.", remedy="Remove them.", field=field)
    if len(text) > longest:
        raise InvalidInput(
            f"This text has {len(text)} characters, {longest} are kept at most.",
            remedy="Shorten it, or attach it as a file.",
            field=field,
        )
    return text.strip()


def _check_texts(content: Content) -> None:
    if not content.title:
        raise InvalidInput("A finding needs a title.", field="title")
    if len(content.title.splitlines()) > 1:
        raise InvalidInput("A title is one line.", field="title")
    checked_text(content.title, field="title", longest=TITLE)
    for name in TEXTS:
        checked_text(getattr(content, name), field=name)


def _check_files(files: Sequence[Mapping[str, str]]) -> None:
    if len(files) > FILES:
        raise InvalidInput(f"A finding names {FILES} files at most, not {len(files)}.", field="files")
    for each in files:
        checked_text(each["path"], field="files", longest=PATH)
        if not each["path"] or not LINES.fullmatch(each["lines"]):
            raise InvalidInput(
                f"'{each['path'][:80]}:{each['lines'][:20]}' is no place in a file.",
                remedy="Write app/prices.py, app/prices.py:12 or app/prices.py:12-20.",
                field="files",
            )


def _check_options(content: Content) -> None:
    if len(content.options) > OPTIONS:
        raise InvalidInput(f"A question has {OPTIONS} options at most.", field="options")
    if content.kind is FindingKind.QUESTION and len(content.options) < 2:
        raise InvalidInput("A question to decide needs two options at least.", field="options")
    for option in content.options:
        for part in ("text", "pros", "cons"):
            checked_text(option[part], field="options", longest=OPTION)
        if not option["text"].strip():
            raise InvalidInput("An option with pros and cons needs words of its own.", field="options")


def _check_tests(tests: Sequence[int], project: Project) -> None:
    if len(tests) > TESTS:
        raise InvalidInput(
            f"A finding names {TESTS} tests at most, not {len(tests)}.",
            remedy="Name some of them; the error that they share is kept beside them.",
            field="tests",
        )
    known = TestCase.objects.filter(project=project, number__in=tests).count() if tests else 0
    if known != len(tests):
        raise InvalidInput(f"{len(tests) - known} of these tests are none of this project.", field="tests")

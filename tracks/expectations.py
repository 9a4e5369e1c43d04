"""What a check's expectation makes of what was seen; pure.

    CheckDefinition, Printed(exit code, output)     ──>  Verdict(standing, figure, sentence, evidence)
    CheckDefinition, Seen(state, files, texts)      ──>  the same

RE2 runs the patterns, over text and lines that are bounded. What could only be told from a part that was not
looked at is UNKNOWN, never HOLDS.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import re2

from tracks.checks import Bound, CheckDefinition, CheckKind
from tracks.patterns import compiled
from tracks.statuses import Standing

LINE_CHARACTERS = 2000
SHOWN = 20
"""Lines or files that are named as evidence."""
MISSING, OUTSIDE, FILE, FOLDER = "missing", "outside", "file", "folder"
SECRETS = {
    "a private key": r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY",
    "an AWS access key": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
    "a GitHub token": r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{50,})",
    "a GitLab token": r"\bglpat-[A-Za-z0-9_-]{20,}",
    "a Slack token": r"\bxox[abprs]-[A-Za-z0-9-]{10,}",
    "a Google API key": r"\bAIza[0-9A-Za-z_-]{35}",
    "an API key": r"\b(?:sk|rk)[-_](?:live|test|proj|ant)[-_A-Za-z0-9]{16,}",
    "a JSON Web Token": r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.",
    "a password in an address": r"[a-z][a-z0-9+.-]*://[^/\s:@'\"$<{]+:[^/\s@'\"$<{]{3,}@",
    "a password or key that is written down": (
        r"(?i)\b[a-z0-9_]*(?:password|passwd|secret|api_?key|access_?key|auth_?token)[a-z0-9_]*['\"]?"
        r"\s*[:=]\s*['\"][^'\"\s$<{]{8,}['\"]"
    ),
}
"""What is not to stand in a file, by what it is."""


@dataclass(frozen=True, slots=True)
class Verdict:
    standing: Standing
    figure: str
    sentence: str
    evidence: str = ""
    """Lines or names that it rests on, where the command itself printed nothing."""


@dataclass(frozen=True, slots=True)
class Printed:
    """What a command printed; ``is_cut``: some of its middle is left out. ``stopped``: why we ended it."""

    exit_code: int
    output: str
    is_cut: bool = False
    stopped: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """What was found at a path. ``files`` are the files that are meant (all of them are ``count``), ``texts``
    what those hold that were read; ``left_out`` says what was not looked at, and may be empty."""

    state: str
    size: int = 0
    count: int = 0
    files: tuple[str, ...] = ()
    texts: Mapping[str, str] | None = None
    left_out: str = ""


def of_command(check: CheckDefinition, printed: Printed) -> Verdict:
    if printed.stopped:
        return Verdict(Standing.UNKNOWN, "", f"It was stopped: {printed.stopped}.")
    try:
        match check.kind:
            case CheckKind.EXIT_CODE:
                return _exit_code(check, printed)
            case CheckKind.NUMBER:
                return _number(check, printed)
            case _:
                return _output(check, printed)
    except re2.error as error:
        return _unusable(error)


def of_files(check: CheckDefinition, seen: Seen) -> Verdict:
    if seen.state == OUTSIDE:
        return Verdict(Standing.FAILS, "", f"{check.path} leads out of the checkout.")
    if seen.state == MISSING:
        return Verdict(Standing.FAILS, "", f"{check.path} does not exist.")
    try:
        match check.kind:
            case CheckKind.EXISTS:
                return Verdict(Standing.HOLDS, "", f"{check.path} exists.")
            case CheckKind.NOT_EMPTY:
                return _not_empty(check, seen)
            case CheckKind.FILES:
                return _files(check, seen)
            case CheckKind.NO_SECRETS:
                return _no_secrets(check, seen)
            case _:
                return _lines(check, seen)
    except re2.error as error:
        return _unusable(error)


def _unusable(error: Exception) -> Verdict:
    return Verdict(Standing.UNKNOWN, "", f"The pattern cannot be used: {error}.")


def _standing(holds: bool) -> Standing:  # noqa: FBT001
    return Standing.HOLDS if holds else Standing.FAILS


def _exit_code(check: CheckDefinition, printed: Printed) -> Verdict:
    holds = printed.exit_code == check.exit_code
    instead = "" if holds else f", not {check.exit_code}"
    figure = f"exit code {printed.exit_code}"
    return Verdict(_standing(holds), figure, f"It ended with {figure}{instead}.")


def _output(check: CheckDefinition, printed: Printed) -> Verdict:
    wanted = check.kind is CheckKind.OUTPUT_MATCHES
    found = bool(_over_lines(check.pattern).search(printed.output))
    if printed.is_cut and not found:
        return _too_long()
    return Verdict(_standing(found is wanted), "", f"The output {'matches' if found else 'does not match'}.")


def _number(check: CheckDefinition, printed: Printed) -> Verdict:
    """The last match counts: totals stand at the end."""
    last = None
    for last in _over_lines(check.pattern).finditer(printed.output):  # noqa: B007
        pass
    if last is None:
        if printed.is_cut:
            return _too_long()
        return Verdict(Standing.FAILS, "", "There is no such number in the output.")
    value = _value(last.group(1) or "")
    if value is None:
        return Verdict(Standing.UNKNOWN, "", f"{(last.group(1) or '')[:40]!r} is no number.")
    return _compared(value, check.operator, check.bound, "The number in the output is")


def _not_empty(check: CheckDefinition, seen: Seen) -> Verdict:
    if seen.state == FILE:
        text = f"{check.path} holds {seen.size} bytes."
        return Verdict(_standing(seen.size > 0), f"{seen.size} bytes", text)
    return Verdict(
        _standing(seen.count > 0), f"{seen.count} files", f"{check.path} holds {seen.count} files."
    )


def _files(check: CheckDefinition, seen: Seen) -> Verdict:
    if seen.state != FOLDER:
        return Verdict(Standing.FAILS, "", f"{check.path} is no folder.")
    said = f"Of the files in {check.path}, those that match {check.glob} number"
    verdict = _compared(seen.count, check.operator, check.bound, said)
    more = f"\n… and {seen.count - SHOWN} more" if seen.count > SHOWN else ""
    evidence = "\n".join(seen.files[:SHOWN]) + more
    if seen.left_out:
        return Verdict(Standing.UNKNOWN, verdict.figure, f"It cannot be told: {seen.left_out}.", evidence)
    return Verdict(verdict.standing, verdict.figure, verdict.sentence, evidence)


def _lines(check: CheckDefinition, seen: Seen) -> Verdict:
    pattern = compiled(check.pattern)
    found = [where for where, line in lines_of(seen) if pattern.search(line)]
    evidence = _named(found)
    match check.kind:
        case CheckKind.LINES:
            verdict = _compared(len(found), check.operator, check.bound, "Lines that match:")
            sure = seen.left_out == "" or (
                check.operator is Bound.AT_LEAST and verdict.standing is Standing.HOLDS
            )
        case CheckKind.CONTAINS:
            said = f"{check.path} {'contains' if found else 'does not contain'} the pattern."
            verdict = Verdict(_standing(bool(found)), f"{len(found)} lines", said)
            sure = bool(found) or not seen.left_out
        case _:
            said = f"{len(found)} lines match." if found else "No line matches."
            verdict = Verdict(_standing(not found), f"{len(found)} lines", said)
            sure = bool(found) or not seen.left_out
    if not sure:
        return Verdict(Standing.UNKNOWN, verdict.figure, f"It cannot be told: {seen.left_out}.", evidence)
    return Verdict(verdict.standing, verdict.figure, verdict.sentence, evidence)


def _no_secrets(check: CheckDefinition, seen: Seen) -> Verdict:
    """Says where and what they are, and never what they read."""
    any_of = compiled("|".join(f"(?:{pattern})" for pattern in SECRETS.values()))
    found = [
        f"{where}: {next((kind for kind, each in SECRETS.items() if compiled(each).search(line)), '')}"
        for where, line in lines_of(seen)
        if any_of.search(line)
    ]
    figure = f"{len(found)} lines"
    if found:
        return Verdict(Standing.FAILS, figure, f"{len(found)} lines seem to hold a secret.", _named(found))
    if seen.left_out:
        return Verdict(Standing.UNKNOWN, figure, f"It cannot be told: {seen.left_out}.")
    return Verdict(Standing.HOLDS, figure, f"Nothing in {check.path} looks like a key, token or password.")


def lines_of(seen: Seen) -> Iterator[tuple[str, str]]:
    """``app/keys.py:12`` and what stands there."""
    for name, text in (seen.texts or {}).items():
        for number, line in enumerate(text.splitlines(), start=1):
            yield f"{name}:{number}", line[:LINE_CHARACTERS]


def _named(found: list[str]) -> str:
    more = [f"… and {len(found) - SHOWN} more"] if len(found) > SHOWN else []
    return "\n".join([*found[:SHOWN], *more])


def _over_lines(pattern: str) -> Any:
    """``^`` and ``$`` stand for the ends of lines."""
    return compiled(f"(?m){pattern}")


def _value(text: str) -> float | None:
    try:
        value = float(text.replace(",", "").replace("_", ""))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _compared(value: float, operator: Bound, bound: float, said: str) -> Verdict:
    figure = f"{value:g} ({operator} {bound:g})"
    return Verdict(
        _standing(operator.holds(value, bound)), figure, f"{said} {value:g}; asked is {operator} {bound:g}."
    )


def _too_long() -> Verdict:
    return Verdict(Standing.UNKNOWN, "", "It cannot be told: the output is too long to be kept whole.")

"""What a check's expectation makes of what was seen; pure.

    CheckDefinition, Printed(exit code, output)     ──>  Verdict(standing, figure, sentence, evidence)
    CheckDefinition, Seen(state, files, texts)      ──>  the same

RE2 runs the patterns line by line: one line takes it seconds at worst, so that ``late`` can end it between
two. What could only be told from a part that was not looked at is UNKNOWN, never HOLDS.
"""

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

import re2

from tracks import globs
from tracks.checks import Bound, CheckDefinition, CheckKind
from tracks.patterns import compiled
from tracks.secret_kinds import secret_in
from tracks.statuses import Standing

T = TypeVar("T")
LINE_CHARACTERS = 100_000
"""A tester's pattern is looked for in lines of so many: one of them takes RE2 up to 5 s."""
SHOWN = 20
"""Lines or files that are named as evidence."""
STATES = MISSING, OUTSIDE, FILE, FOLDER = "missing", "outside", "file", "folder"
CUT_SHORT = range(126, 193)
"""What a shell ends with where it cannot start a command, finds none, or a signal has killed it."""
_GROUPED = re.compile(r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d*)?")
Late = Callable[[], bool]
"""Says that the time for looking is over."""


class _TooLate(Exception):
    """Of the lines not all were looked at."""


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


def of_command(check: CheckDefinition, printed: Printed, late: Late) -> Verdict:
    if printed.stopped:
        return _unknown(f"It was stopped: {printed.stopped}.")
    try:
        match check.kind:
            case CheckKind.EXIT_CODE:
                return _exit_code(check, printed)
            case _ if printed.exit_code < 0 or printed.exit_code in CUT_SHORT:
                return _unknown(f"The command did not run to its end: exit code {printed.exit_code}.")
            case CheckKind.NUMBER:
                return _number(check, printed, late)
            case _:
                return _output(check, printed, late)
    except re2.error as error:
        return _unknown(f"The pattern cannot be used: {error}.")
    except _TooLate:
        return _took_too_long()


def of_files(check: CheckDefinition, seen: Seen, late: Late) -> Verdict:
    if seen.state == OUTSIDE:
        return Verdict(Standing.FAILS, "", f"{check.path} leads out of the checkout.")
    if seen.state == MISSING:
        return Verdict(Standing.FAILS, "", f"{check.path} does not exist.")
    try:
        match check.kind:
            case CheckKind.EXISTS:
                return _exists(check, seen)
            case CheckKind.NOT_EMPTY:
                return _not_empty(check, seen)
            case CheckKind.FILES:
                return _files(check, seen)
            case CheckKind.NO_SECRETS:
                return _no_secrets(check, seen, late)
            case _:
                return _lines(check, seen, late)
    except re2.error as error:
        return _unknown(f"The pattern cannot be used: {error}.")
    except _TooLate:
        return _took_too_long()


def _unknown(sentence: str, figure: str = "", evidence: str = "") -> Verdict:
    return Verdict(Standing.UNKNOWN, figure, sentence, evidence)


def _took_too_long() -> Verdict:
    return _unknown("It cannot be told: looking for the pattern took too long. A simpler one is quicker.")


def _standing(holds: bool) -> Standing:  # noqa: FBT001
    return Standing.HOLDS if holds else Standing.FAILS


def _exit_code(check: CheckDefinition, printed: Printed) -> Verdict:
    holds = printed.exit_code == check.exit_code
    instead = "" if holds else f", not {check.exit_code}"
    figure = f"exit code {printed.exit_code}"
    return Verdict(_standing(holds), figure, f"It ended with {figure}{instead}.")


def _output(check: CheckDefinition, printed: Printed, late: Late) -> Verdict:
    wanted = check.kind is CheckKind.OUTPUT_MATCHES
    pattern, lines = compiled(check.pattern), printed.output.splitlines() or [""]
    short = [line for line in lines if len(line) <= LINE_CHARACTERS]
    found = any(pattern.search(line) for line in _in_time(short, late))
    if not found and (printed.is_cut or len(short) < len(lines)):
        return _too_long()
    return Verdict(_standing(found is wanted), "", f"The output {'matches' if found else 'does not match'}.")


def _number(check: CheckDefinition, printed: Printed, late: Late) -> Verdict:
    """The last match counts: totals stand at the end."""
    pattern = compiled(check.pattern)
    for line in _in_time(reversed(printed.output.splitlines()), late):
        if len(line) > LINE_CHARACTERS:
            return _too_long()
        found = ""
        for match in _in_time(pattern.finditer(line), late):
            found = match.group(1) or ""
        if found:
            value = _value(found)
            if value is None:
                return _unknown(f"{found[:40]!r} is no number.")
            return _compared(value, check.operator, check.bound, "The number in the output is")
    if printed.is_cut:
        return _too_long()
    return Verdict(Standing.FAILS, "", "There is no such number in the output.")


def _exists(check: CheckDefinition, seen: Seen) -> Verdict:
    if globs.is_glob(check.path) and not seen.count:
        return _unknown(f"It cannot be told: {seen.left_out}.")
    return Verdict(Standing.HOLDS, "", f"{check.path} exists.")


def _not_empty(check: CheckDefinition, seen: Seen) -> Verdict:
    if seen.state == FILE:
        text = f"{check.path} holds {seen.size} bytes."
        return Verdict(_standing(seen.size > 0), f"{seen.size} bytes", text)
    figure = f"{seen.count} files"
    if seen.left_out and not seen.count:
        return _unknown(f"It cannot be told: {seen.left_out}.", figure)
    return Verdict(_standing(seen.count > 0), figure, f"{check.path} holds {seen.count} files.")


def _files(check: CheckDefinition, seen: Seen) -> Verdict:
    if seen.state != FOLDER:
        return Verdict(Standing.FAILS, "", f"{check.path} is no folder.")
    said = f"The number of files in {check.path} that match {check.glob} is"
    verdict = _compared(seen.count, check.operator, check.bound, said)
    more = f"\n… and {seen.count - SHOWN} more" if seen.count > SHOWN else ""
    evidence = "\n".join(seen.files[:SHOWN]) + more
    if seen.left_out and not _is_sure(check, verdict):
        return _unknown(f"It cannot be told: {seen.left_out}.", verdict.figure, evidence)
    return replace(verdict, evidence=evidence)


def _lines(check: CheckDefinition, seen: Seen, late: Late) -> Verdict:
    pattern, left_out, found = compiled(check.pattern), seen.left_out, []
    for file, number, line in _in_time(lines_of(seen), late):
        if len(line) > LINE_CHARACTERS:
            left_out = left_out or f"line {number} of {file} has more than {LINE_CHARACTERS} characters"
        elif pattern.search(line):
            found.append(f"{file}:{number}")
    evidence = _named(found)
    match check.kind:
        case CheckKind.LINES:
            verdict = _compared(len(found), check.operator, check.bound, "Lines that match:")
            sure = _is_sure(check, verdict)
        case CheckKind.CONTAINS:
            said = f"{check.path} {'contains' if found else 'does not contain'} the pattern."
            verdict = Verdict(_standing(bool(found)), f"{len(found)} lines", said)
            sure = bool(found)
        case _:
            said = f"{len(found)} lines match." if found else "No line matches."
            verdict = Verdict(_standing(not found), f"{len(found)} lines", said)
            sure = bool(found)
    if left_out and not sure:
        return _unknown(f"It cannot be told: {left_out}.", verdict.figure, evidence)
    return replace(verdict, evidence=evidence)


def _is_sure(check: CheckDefinition, verdict: Verdict) -> bool:
    """More of them would make no difference."""
    exceeded = Standing.HOLDS if check.operator is Bound.AT_LEAST else Standing.FAILS
    return check.operator is not Bound.EQUAL and verdict.standing is exceeded


def _no_secrets(check: CheckDefinition, seen: Seen, late: Late) -> Verdict:
    """Says where and what they are, and never what they read."""
    found = [
        f"{file}:{number}: {kind}"
        for file, number, line in _in_time(lines_of(seen), late)
        if (kind := secret_in(file, line))
    ]
    figure = f"{len(found)} lines"
    if found:
        return Verdict(Standing.FAILS, figure, f"{len(found)} lines seem to hold a secret.", _named(found))
    if seen.left_out:
        return _unknown(f"It cannot be told: {seen.left_out}.", figure)
    return Verdict(Standing.HOLDS, figure, f"Nothing in {check.path} looks like a key, token or password.")


def lines_of(seen: Seen) -> Iterator[tuple[str, int, str]]:
    """``app/keys.py``, 12, and what stands there."""
    for name, text in (seen.texts or {}).items():
        for number, line in enumerate(text.splitlines(), start=1):
            yield name, number, line


def _in_time(items: Iterable[T], late: Late) -> Iterator[T]:
    for item in items:
        if late():
            raise _TooLate
        yield item


def _named(found: list[str]) -> str:
    more = [f"… and {len(found) - SHOWN} more"] if len(found) > SHOWN else []
    return "\n".join([*found[:SHOWN], *more])


def _value(text: str) -> float | None:
    """A comma parts thousands: what else it could mean is not guessed."""
    if "," in text and not _GROUPED.fullmatch(text):
        return None
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
    return _unknown("It cannot be told: the output, or a line of it, is too long to be looked at whole.")

"""Secrets kept out of what a run tells; pure.

    Masks({"TOKEN": "hunter2hunter2"}).text("token=hunter2hunter2")      ──>  token=[secret TOKEN]
    masked(events, {"TOKEN": …})                                         ──>  the same events, masked

A value is found as it is, line by line, and as URLs, JSON, Python and base64 (at any offset) write it.
What a log brings in pieces is masked all the same: a piece's end that may be the beginning of a
secret waits for the next piece. Where a text was cut and says so ("…", "[the log is cut here"), what is
left of a secret before and after the cut is masked, too.
"""

import base64
import json
import re
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import fields, replace
from typing import Any, TypeVar
from urllib.parse import quote, quote_plus

from tracks.errors import QAError
from tracks.events import CommandEnded, Event, Log, Prepared, StageStarted

MIN_CHARACTERS = 6
"""Of a secret: a shorter one would be masked in half of all words, so it is not masked at all."""
EDGE_CHARACTERS = 4
"""So much of a secret, at a cut, is taken for what is left of it."""
CUT = re.compile(r"\ufffd*(?:\n\[(?:…|the log is cut here)[^\n]*\]\n|…)\ufffd*")
"""As ``LogBook`` and the recorder write it; a character that was cut in two may stand beside it."""
E = TypeVar("E", bound=Event)
T = TypeVar("T")
ENDS_A_LOG = (StageStarted, Prepared, CommandEnded)


class Masks:
    def __init__(self, secrets: Mapping[str, str]) -> None:
        self._names = {
            form: name
            for name in sorted(secrets, reverse=True)
            for form in _forms(secrets[name])
            if len(form) >= MIN_CHARACTERS
        }
        longest_first = sorted(self._names, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None
        self._longest = max(map(len, self._names), default=0)
        self._by_first: dict[str, list[str]] = {}
        for form in longest_first:
            self._by_first.setdefault(form[0], []).append(form)

    def __bool__(self) -> bool:
        return self._pattern is not None

    def text(self, text: str) -> str:
        return self._replaced(text, self._spans(text))

    def value(self, value: Any) -> Any:
        """Texts in whatever an event may hold; a member of an enumeration is none."""
        if type(value) is str:
            return self.text(value)
        if isinstance(value, tuple | list):
            return type(value)(map(self.value, value))
        if isinstance(value, dict):
            return {self.value(key): self.value(each) for key, each in value.items()}
        return value

    def error(self, error: QAError) -> QAError:
        """The same error, with masked texts."""
        error.message, error.remedy, error.detail = map(
            self.text, (error.message, error.remedy, error.detail)
        )
        error.args = (error.message,)
        return error

    def split(self, text: str) -> tuple[str, str]:
        """The masked beginning of a text that goes on, and its raw end that may begin a secret."""
        spans = self._spans(text)
        end = self._may_begin(text)
        end = min([end, *(start for start, stop, _ in spans if start < end < stop)])
        return self._replaced(text[:end], [span for span in spans if span[0] < end]), text[end:]

    def _spans(self, text: str) -> list[tuple[int, int, str]]:
        """Where secrets stand: start, end and mask; those that overlap are one."""
        spans: list[tuple[int, int, str]] = []
        for start, end, form in sorted([*self._whole(text), *self._cut(text)]):
            mask = f"[secret {self._names[form]}]"
            if spans and start < spans[-1][1]:
                before = spans.pop()
                masks = before[2] if mask in before[2] else before[2] + mask
                start, end, mask = before[0], max(end, before[1]), masks
            spans.append((start, end, mask))
        return spans

    def _whole(self, text: str) -> Iterator[tuple[int, int, str]]:
        match = self._pattern.search(text) if self._pattern else None
        while match and self._pattern:
            yield match.start(), match.end(), match.group()
            match = self._pattern.search(text, match.start() + 1)

    def _cut(self, text: str) -> Iterator[tuple[int, int, str]]:
        """What is left of secrets beside the cuts of a text: of each, the most that it can be."""
        for cut in CUT.finditer(text):
            left = [(_beginning(text, cut.start(), form), form) for form in self._names]
            if (most := max(left, default=(0, "")))[0]:
                yield cut.start() - most[0], cut.start(), most[1]
            left = [(_ending(text, cut.end(), form), form) for form in self._names]
            if (most := max(left, default=(0, "")))[0]:
                yield cut.end(), cut.end() + most[0], most[1]

    def _replaced(self, text: str, spans: list[tuple[int, int, str]]) -> str:
        pieces, done = [], 0
        for start, end, mask in spans:
            pieces += [text[done:start], mask]
            done = end
        return "".join([*pieces, text[done:]])

    def _may_begin(self, text: str) -> int:
        """The first place from which on the text is the beginning of a secret, or its length."""
        first = max(0, len(text) - self._longest + 1)
        for start in range(first, len(text)):
            forms = self._by_first.get(text[start], ())
            size = len(text) - start
            if any(len(form) > size and text.endswith(form[:size]) for form in forms):
                return start
        return len(text)


def masked(events: Generator[E, None, T], secrets: Mapping[str, str]) -> Generator[E | Log, None, T]:
    """A run's events, and what it returns or raises, without its secrets; without secrets, the very same."""
    masks = Masks(secrets)
    return _masked(events, masks) if masks else events


def _masked(events: Generator[E, None, T], masks: Masks) -> Generator[E | Log, None, T]:
    held = ""
    with closing(events):
        while True:
            try:
                event = next(events)
            except StopIteration as end:
                if held:
                    yield Log(masks.text(held))
                result: T = masks.value(end.value)
                return result
            except QAError as error:
                if held:
                    yield Log(masks.text(held))
                raise masks.error(error) from None
            if isinstance(event, Log):
                text, held = masks.split(held + event.text)
                if text:
                    yield Log(text)
                continue
            if held and isinstance(event, ENDS_A_LOG):
                yield Log(masks.text(held))
                held = ""
            yield _masked_event(event, masks)


def _masked_event(event: E, masks: Masks) -> E:
    return replace(event, **{each.name: masks.value(getattr(event, each.name)) for each in fields(event)})


def _beginning(text: str, end: int, form: str) -> int:
    """How many characters before ``end`` are the beginning of the form; 0 where they are too few."""
    edge = text[max(0, end - EDGE_CHARACTERS) : end]
    place = form.rfind(edge) if len(edge) == EDGE_CHARACTERS else -1
    while place >= 0:
        size = place + EDGE_CHARACTERS
        if size <= end and text.startswith(form[:size], end - size):
            return size
        place = form.rfind(edge, 0, size - 1)
    return 0


def _ending(text: str, start: int, form: str) -> int:
    """How many characters from ``start`` on are the end of the form; 0 where they are too few."""
    edge = text[start : start + EDGE_CHARACTERS]
    place = form.find(edge) if len(edge) == EDGE_CHARACTERS else -1
    while place >= 0:
        if text.startswith(form[place:], start):
            return len(form) - place
        place = form.find(edge, place + 1)
    return 0


def _forms(value: str) -> set[str]:
    """The ways in which a value may stand in a text."""
    texts = {value, value.strip()}
    quoted = {
        form(text, safe, errors="surrogatepass")
        for form in (quote, quote_plus)
        for safe in ("", "/")
        for text in texts
    }
    escaped = {form(text)[1:-1] for form in (json.dumps, _json_unicode, repr) for text in texts}
    lines = {line.strip() for line in value.splitlines()}
    coded = {form for text in texts for form in _base64(text.encode("utf-8", "surrogatepass"))}
    return texts | lines | quoted | {_lower_escapes(form) for form in quoted} | escaped | coded


def _json_unicode(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _lower_escapes(text: str) -> str:
    return re.sub("%[0-9A-F]{2}", lambda match: match.group().lower(), text)


def _base64(raw: bytes) -> Iterator[str]:
    """What stays the same wherever the value stands in an encoded text, such as user:password."""
    for before in range(3):
        bits = 8 * (before + len(raw))
        first, last = (8 * before + 5) // 6, bits // 6
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            yield encode(b"\0" * before + raw).decode("ascii")[first:last]

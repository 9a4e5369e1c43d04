"""pytest's ``-k`` and ``-m`` expressions, over what a run has told of its tests; pure.

    expression := or        or  := and ("or" and)*        and := not ("and" not)*
    not := "not" not | "(" expression ")" | name

-k   a name stands for every test of which a part holds it, in whatever case: a folder, the file, a class,
     the function with its parameters, or a marker. What a test adds to its keywords as it runs is not known.
-m   a name stands for every test that bears this very marker. Markers are told by their names alone, so that
     ``device(serial="1")`` is refused.
"""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from tracks.errors import InvalidInput

LENGTH = 500
DEPTH = 40
"""Of brackets and ``not`` within one another."""

Matches = Callable[[str], bool]
Expression = Callable[[Matches], bool]
"""Whether a test is meant, given which names stand for it."""

_BLANK = " \t"
_TOKEN = re.compile(r"[ \t]*(?:(?P<mark>[()])|(?P<word>[\w:+\-.\[\]\\/]+))")


def parse(text: str) -> Expression:
    """Raises InvalidInput, saying where, for what pytest would not take either."""
    if len(text) > LENGTH:
        raise InvalidInput(f"The expression has {len(text)} characters; at most {LENGTH} are taken.")
    return _Parser(list(_tokens(text))).whole()


def names_in(test: str) -> list[str]:
    """The parts of a node id that ``-k`` looks at, in lower case."""
    file, _, inside = test.lower().partition("::")
    names, bracket, parameters = inside.partition("[")
    *classes, function = names.split("::")
    return [*file.split("/"), *classes, function + bracket + parameters]


def keyword(names: Collection[str], markers: Collection[str]) -> Matches:
    """For ``-k``: of a test with these names, see ``names_in``, and markers."""
    known = [*names, *map(str.lower, markers)]
    return lambda word: any(word.lower() in name for name in known)


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    column: int


def _tokens(text: str) -> Iterator[_Token]:
    at, end = 0, len(text.rstrip(_BLANK))
    while at < end:
        found = _TOKEN.match(text, at)
        if not found:
            column = at + len(text[at:]) - len(text[at:].lstrip(_BLANK))
            raise InvalidInput(f"{text[column]!r} at column {column + 1} has no meaning in the expression.")
        yield _Token(found.group().strip(_BLANK), found.start() + 1)
        at = found.end()
    yield _Token("", end + 1)


class _Parser:
    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0

    def whole(self) -> Expression:
        found = self._either()
        if self._next.text:
            raise self._unexpected("the end")
        return found

    @property
    def _next(self) -> _Token:
        return self._tokens[self._at]

    def _takes(self, text: str) -> bool:
        if self._next.text != text:
            return False
        self._at += 1
        return True

    def _either(self) -> Expression:
        terms = [self._both()]
        while self._takes("or"):
            terms.append(self._both())
        return terms[0] if len(terms) == 1 else lambda matches: any(term(matches) for term in terms)

    def _both(self) -> Expression:
        terms = [self._one()]
        while self._takes("and"):
            terms.append(self._one())
        return terms[0] if len(terms) == 1 else lambda matches: all(term(matches) for term in terms)

    def _one(self) -> Expression:
        self._depth += 1
        if self._depth > DEPTH:
            raise InvalidInput(f"The expression is nested more than {DEPTH} times.")
        try:
            return self._not_or_group_or_name()
        finally:
            self._depth -= 1

    def _not_or_group_or_name(self) -> Expression:
        if self._takes("not"):
            inner = self._one()
            return lambda matches: not inner(matches)
        if self._takes("("):
            group = self._either()
            if not self._takes(")"):
                raise self._unexpected("')'")
            return group
        word = self._next.text
        if word in ("", "(", ")", "and", "or"):
            raise self._unexpected("a name, 'not' or '('")
        self._at += 1
        return lambda matches: matches(word)

    def _unexpected(self, wanted: str) -> InvalidInput:
        token = self._next
        found = repr(token.text) if token.text else "the end"
        return InvalidInput(f"At column {token.column} of the expression {wanted} is expected, not {found}.")

"""What one function of a file says of itself: what it asks for, checks and is marked with; pure.

@pytest.mark.skip("later")             muted_by   ("skip",)
def test_b(self, client): …     ──>    requests   {"client"}
    assert client.get()                asserts    1
                                       fingerprint  of its tree: comments, line breaks, formatting and
                                                    docstrings do not count, nor what it is called
"""

import ast
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

MUTING = ("skip", "skipif", "xfail", "skipIf", "skipUnless", "expectedFailure")
"""As marks of pytest's and as decorators of unittest's."""
SKIPPING_CALLS = ("skip", "skipTest", "xfail", "importorskip")
CHECKING_CALLS = ("raises", "warns")
FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, eq=False)
class Definition:
    """What a name of a module stands for: a function, a class or an assignment."""

    node: ast.stmt

    @cached_property
    def fingerprint(self) -> str:
        return fingerprint(self.node)

    @cached_property
    def names(self) -> frozenset[str]:
        """The names that its code mentions."""
        return frozenset(each.id for each in ast.walk(self.node) if isinstance(each, ast.Name))


@dataclass(frozen=True, eq=False)
class Function:
    """A function or method; ``name`` is as in a node id: ``TestA::test_b``. ``marks`` are its decorators and
    those around it: of its classes, and what ``pytestmark`` of classes and module holds."""

    node: FunctionNode
    name: str
    around: tuple[ast.expr, ...] = ()

    @property
    def is_test(self) -> bool:
        return self.node.name.startswith("test")

    @property
    def owner(self) -> str:
        """The class that it belongs to: ``TestA::TestB``, or ""."""
        return self.name.rpartition("::")[0]

    @property
    def marks(self) -> tuple[ast.expr, ...]:
        return (*self.node.decorator_list, *self.around)

    @cached_property
    def fingerprint(self) -> str:
        """Of its own code with its decorators."""
        return fingerprint(self.node)

    @cached_property
    def fingerprint_around(self) -> str:
        """Of the marks around it."""
        return fingerprint(*self.around)

    @cached_property
    def names(self) -> frozenset[str]:
        """The names that its code mentions."""
        return Definition(self.node).names

    @cached_property
    def requests(self) -> frozenset[str]:
        """The fixtures that it names: by parameters, ``usefixtures`` and ``getfixturevalue``."""
        given = self.node.args
        required = given.args[: len(given.args) - len(given.defaults)]
        asked = {each.arg for each in (*required, *given.kwonlyargs)} - {"self", "cls"}
        for call in _calls(*self.marks, *self.node.body):
            if called(call) in ("usefixtures", "getfixturevalue"):
                asked |= set(_texts(call.args))
        return frozenset(asked)

    @cached_property
    def muted_by(self) -> tuple[str, ...]:
        """What may switch it off: as a mark or decorator, as a mark of one of its parameters, as a call in
        it."""
        marks = [mark for mark in map(called, self.marks) if mark in MUTING]
        given = [mark for mark in self.marks if called(mark) == "parametrize"]
        marks += [
            f"{each.attr} of a parameter"
            for mark in given
            for each in ast.walk(mark)
            if isinstance(each, ast.Attribute) and each.attr in MUTING
        ]
        inside = [f"{called(call)}()" for call in _calls(*self.node.body) if called(call) in SKIPPING_CALLS]
        return (*marks, *inside)

    @cached_property
    def asserts(self) -> int:
        """How often it checks: ``assert``, ``pytest.raises``, ``pytest.warns``, ``self.assert…``."""
        inside = [each for part in self.node.body for each in ast.walk(part)]
        stated = sum(isinstance(each, ast.Assert) for each in inside)
        return stated + sum(isinstance(each, ast.Call) and _is_check(each) for each in inside)

    @cached_property
    def parameters(self) -> str:
        """The fingerprint of what ``parametrize`` says on it and around it."""
        return fingerprint(*(mark for mark in self.marks if called(mark) == "parametrize"))


def called(node: ast.expr) -> str:
    """``skip`` of ``@pytest.mark.skip("why")``; "" of what has no name."""
    while isinstance(node, ast.Call):
        node = node.func
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def fingerprint(*nodes: ast.AST) -> str:
    """Equal for equal code; of a definition without its name. Code too deep to be walked is all alike."""
    try:
        said = "\0".join(map(_dump, nodes))
    except RecursionError:
        said = "too deep"
    return hashlib.blake2b(said.encode("utf-8", "replace"), digest_size=12).hexdigest()


def _dump(node: ast.AST) -> str:
    if isinstance(node, FunctionNode):
        return _dump_definition(node, node.args, *node.decorator_list)
    if isinstance(node, ast.ClassDef):
        members = [each.name for each in node.body if isinstance(each, FunctionNode | ast.ClassDef)]
        head = [*node.bases, *node.keywords, *node.decorator_list]
        return _dump_definition(node, *head) + " ".join(members)
    return ast.dump(node)


def _dump_definition(node: FunctionNode | ast.ClassDef, *head: ast.AST) -> str:
    has_docstring = ast.get_docstring(node, clean=False) is not None
    body = node.body[1:] if has_docstring else node.body
    parts = [*map(ast.dump, head), *map(_dump, body)]
    return f"{type(node).__name__}({'; '.join(parts)})"


def _calls(*nodes: ast.AST) -> Iterator[ast.Call]:
    for node in nodes:
        yield from (each for each in ast.walk(node) if isinstance(each, ast.Call))


def _is_check(call: ast.Call) -> bool:
    if called(call) in CHECKING_CALLS:
        return True
    return isinstance(call.func, ast.Attribute) and call.func.attr.startswith("assert")


def _texts(nodes: Iterable[ast.expr]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value

"""The tests and fixtures of one Python file, by its syntax tree alone; pure.

    @pytest.fixture                      Module.fixtures     (Fixture("client", autouse=False, …),)
    def client(): …              ──>     Module.functions    {"client": …, "TestA::test_b": …}
    class TestA(Base):                   Module.definitions  what each name at the top stands for
        def test_b(self, client): …      Module.imports      which names come from other files

A method that a class inherits from another class of the file is a function of both.
"""

import ast
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from reports.source.functions import Definition, Function, FunctionNode, called, fingerprint

MAX_BASES = 20
"""Of one class, those of its bases among them."""
Marks = tuple[ast.expr, ...]


@dataclass(frozen=True, eq=False)
class Fixture:
    name: str
    autouse: bool
    function: Function


@dataclass(frozen=True, slots=True)
class Import:
    """``from ..module import name``; ``name`` is "" where a module is imported as a whole, "*" for all."""

    module: str
    level: int
    name: str


@dataclass(frozen=True, eq=False)
class Module:
    functions: Mapping[str, Function]
    fixtures: tuple[Fixture, ...]
    definitions: Mapping[str, Definition]
    imports: tuple[tuple[str, Import], ...]
    """With the names that they bind."""
    rest: tuple[ast.stmt, ...]
    """What at its top binds no name: calls, for example."""

    @cached_property
    def rest_fingerprint(self) -> str:
        return fingerprint(*self.rest)

    @cached_property
    def tests(self) -> dict[str, Function]:
        fixtures = {fixture.function.name for fixture in self.fixtures}  # such as ``test_client``
        return {name: each for name, each in self.functions.items() if each.is_test and name not in fixtures}


def read_module(text: str) -> Module | None:
    """None where it cannot be parsed: for a fault of its own, because its Python is newer than ours, or
    because it is nested too deeply to be walked."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what its author may be warned of
            return _module(ast.parse(text.removeprefix("\ufeff")))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _module(tree: ast.Module) -> Module:
    statements = list(_statements(tree.body))
    classes = {node.name: node for node in statements if isinstance(node, ast.ClassDef)}
    functions = {
        each.name: each for each in _of_body(statements, "", tuple(_pytestmark(statements)), classes)
    }
    return Module(
        functions=functions,
        fixtures=tuple(_fixtures(functions.values())),
        definitions={
            name: definition for definition in map(Definition, statements) for name in _bound(definition.node)
        },
        imports=tuple(_imports(statements)),
        rest=tuple(node for node in statements if not (_bound(node) or _is_import(node) or _is_text(node))),
    )


def _statements(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Those of a body, and of the blocks in it that make no scope of their own."""
    for node in body:
        if isinstance(node, ast.If | ast.Try | ast.With):
            for field in ("body", "orelse", "finalbody"):
                yield from _statements(getattr(node, field, ()))
            for handler in getattr(node, "handlers", ()):
                yield from _statements(handler.body)
        else:
            yield node


def _of_body(
    body: Iterable[ast.stmt], prefix: str, marks: Marks, classes: Mapping[str, ast.ClassDef]
) -> Iterator[Function]:
    for node in body:
        if isinstance(node, FunctionNode):
            yield Function(node, prefix + node.name, marks)
        elif isinstance(node, ast.ClassDef):
            yield from _of_class(node, f"{prefix}{node.name}::", marks, classes)


def _of_class(
    node: ast.ClassDef, prefix: str, marks: Marks, classes: Mapping[str, ast.ClassDef]
) -> Iterator[Function]:
    """Its methods and its bases'; its own come last, as they are the ones that count."""
    for base in reversed(_bases(node, classes)):
        inside = list(_statements(base.body))
        inherited = (*marks, *base.decorator_list, *_pytestmark(inside))
        yield from (
            Function(each, prefix + each.name, inherited) for each in inside if isinstance(each, FunctionNode)
        )
    inside = list(_statements(node.body))
    yield from _of_body(inside, prefix, (*marks, *node.decorator_list, *_pytestmark(inside)), classes)


def _bases(node: ast.ClassDef, classes: Mapping[str, ast.ClassDef]) -> list[ast.ClassDef]:
    """The classes of the file that it inherits from, the nearest first."""
    found: list[ast.ClassDef] = []
    waiting = [node]
    while waiting and len(found) < MAX_BASES:
        names = [base.id for base in waiting.pop(0).bases if isinstance(base, ast.Name)]
        new = [classes[name] for name in names if name in classes]
        new = [each for each in dict.fromkeys(new) if each not in found and each is not node]
        found += new
        waiting += new
    return found


def _pytestmark(body: Iterable[ast.stmt]) -> Iterator[ast.expr]:
    for node in body:
        if isinstance(node, ast.Assign) and "pytestmark" in _bound(node):
            yield from node.value.elts if isinstance(node.value, ast.List | ast.Tuple) else [node.value]


def _fixtures(functions: Iterable[Function]) -> Iterator[Fixture]:
    for function in functions:
        for mark in function.node.decorator_list:
            if called(mark) == "fixture":
                yield _fixture(function, mark)


def _fixture(function: Function, mark: ast.expr) -> Fixture:
    """``@pytest.fixture(name="client", autouse=True)``."""
    keywords = mark.keywords if isinstance(mark, ast.Call) else []
    given = {each.arg: each.value.value for each in keywords if isinstance(each.value, ast.Constant)}
    return Fixture(str(given.get("name") or function.node.name), bool(given.get("autouse")), function)


def _bound(node: ast.stmt) -> list[str]:
    """The names that a definition or an assignment binds."""
    if isinstance(node, FunctionNode | ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else []
    targets = [node.target] if isinstance(node, ast.AnnAssign | ast.AugAssign) else targets
    return [each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name)]


def _is_import(node: ast.stmt) -> bool:
    return isinstance(node, ast.Import | ast.ImportFrom)


def _is_text(node: ast.stmt) -> bool:
    """A docstring, for example."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _imports(body: Iterable[ast.stmt]) -> Iterator[tuple[str, Import]]:
    for node in body:
        if isinstance(node, ast.Import):
            for each in node.names:
                yield each.asname or each.name.partition(".")[0], Import(each.name, 0, "")
        elif isinstance(node, ast.ImportFrom):
            for each in node.names:
                yield each.asname or each.name, Import(node.module or "", node.level, each.name)

"""What a tester can ask of a track: a template is chosen first, then its fields are filled in."""

from dataclasses import dataclass

from tracks.checks import FIELDS, CheckKind
from tracks.criteria import Rule
from tracks.models import Criterion
from tracks.statuses import CriterionKind


@dataclass(frozen=True)
class Template:
    """``fields`` are those of ``CriterionForm`` beside its words and weight."""

    slug: str
    kind: CriterionKind
    title: str
    example: str
    fields: tuple[str, ...]
    rule: Rule | CheckKind | None = None


_SELECTION = ("places", "keyword", "marker")
_FILES = {
    CheckKind.EXISTS: ("exists", "A file or folder exists", "docs/deploy.md"),
    CheckKind.NOT_EMPTY: ("not-empty", "A file or folder is not empty", "config/production/"),
    CheckKind.CONTAINS: ("contains", "A file contains a pattern", "Makefile has a target deploy"),
    CheckKind.LINES: ("lines", "So many lines match", "at least 12 jobs in .ci/*.yml"),
    CheckKind.NO_LINE: ("no-line", "No line matches", "no 'DEBUG = True' in config/"),
    CheckKind.NO_SECRETS: ("no-secrets", "No secrets in files", "no keys, tokens or passwords in config/"),
    CheckKind.FILES: ("files", "A folder holds files", "at least 5 of *.yml in deploy/"),
}
_COMMANDS = {
    CheckKind.EXIT_CODE: ("exit-code", "A command ends well", "python -m compileall app ends with 0"),
    CheckKind.OUTPUT_MATCHES: (
        "output-matches",
        "A command prints a pattern",
        "the version to be released",
    ),
    CheckKind.OUTPUT_LACKS: ("output-lacks", "A command does not print a pattern", "no 'deprecated'"),
    CheckKind.NUMBER: ("number", "A number that a command prints", "coverage of at least 80 %"),
}

OF_TESTS = [
    Template(
        "at-most-broken",
        CriterionKind.TESTS,
        "No more broken than allowed",
        "0 failed, 0 errors in tests/utils/test_seed_data.py",
        (*_SELECTION, "outside", "failed", "errors"),
        Rule.AT_MOST_BROKEN,
    ),
    Template(
        "each-passes",
        CriterionKind.TESTS,
        "These tests pass",
        "each of these two tests is there and passes",
        _SELECTION,
        Rule.EACH_PASSES,
    ),
    Template(
        "at-least",
        CriterionKind.TESTS,
        "So many tests exist",
        "at least 12 tests under tests/collectors",
        (*_SELECTION, "least"),
        Rule.AT_LEAST,
    ),
    Template(
        "nothing-worse",
        CriterionKind.TESTS,
        "Nothing worse than on the baseline",
        "no test outside of tests/trading changed for the worse",
        (*_SELECTION, "outside"),
        Rule.NOTHING_WORSE,
    ),
]
OF_FILES = [
    Template(slug, CriterionKind.CHECK, title, example, FIELDS[kind], kind)
    for kind, (slug, title, example) in _FILES.items()
]
OF_COMMANDS = [
    Template(slug, CriterionKind.CHECK, title, example, FIELDS[kind], kind)
    for kind, (slug, title, example) in _COMMANDS.items()
]
MANUAL = Template("manual", CriterionKind.MANUAL, "A person looks", "ticked with evidence, text or file", ())
GROUPS = [
    ("Tests", "judged when a run has ended", OF_TESTS),
    ("Files", "as they were committed, looked at before the tests; no shell is needed", OF_FILES),
    ("Commands", "run in the checkout after the tests, in their sandbox", OF_COMMANDS),
    ("By hand", "for what no machine can see", [MANUAL]),
]
BY_SLUG = {template.slug: template for _, _, group in GROUPS for template in group}
_BY_RULE = {template.rule: template for template in BY_SLUG.values()}


def template_of(criterion: Criterion) -> Template:
    """The one that a criterion was made from."""
    match CriterionKind(criterion.kind):
        case CriterionKind.TESTS:
            return _BY_RULE[Rule(criterion.definition["rule"])]
        case CriterionKind.CHECK:
            return _BY_RULE[CheckKind(criterion.definition["kind"])]
        case CriterionKind.MANUAL:
            return MANUAL
